/** Codes of a tile's look: 0–4 are the ratings of RATINGS, 5 is out of the set, 6 no value, from 7 on the ramp. */
export const OUT_OF_SET = 5
export const NO_VALUE = 6
export const RAMP_START = 7
export const RAMP_STEPS = 8
