/** Typed is what was typed and when each character had reached the page (ms on one clock). */
export type Typed = { readonly text: string; readonly atMs: readonly number[] }

/** Recovery says what a recovered text is worth: how much typing is missing, and whether anything else stands in it. */
export type Recovery = { readonly lostMs: number; readonly isForeign: boolean }

/**
 * recoveryOf compares a text found after a kill at `killedMs` with what was typed. A character that was on its way when the
 * tab died may be there or not; anything else that was never typed makes the text foreign.
 */
export function recoveryOf(typed: Typed, killedMs: number, found: string, inFlight: string): Recovery {
  const whole = `${typed.text}${inFlight}`
  if (!whole.startsWith(found)) return { lostMs: 0, isForeign: true }
  const firstLostMs = typed.atMs[found.length]
  return { lostMs: firstLostMs === undefined ? 0 : Math.max(0, killedMs - firstLostMs), isForeign: false }
}

/** mostOf gives how often a letter stands in that of the texts which has it most. */
export function mostOf(letter: string, texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.split(letter).length - 1))
}

/** mulberry gives the same stream of numbers in [0, 1) for the same seed. */
export function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
