/** Letter is one tick as a sequence writes it: breach, good, or not seen. */
export type Letter = 'b' | 'o' | 'n'

/** Numbers are a trigger’s: hold and largest gap in ticks, and how many good ticks end it. */
export type Numbers = { readonly hold: number; readonly maxGap: number; readonly clear: number }

/**
 * referenceFiring is the tick at which a sustained trigger fires, worked out without any state: only the places of breaches
 * count. A breach goes on from the one before when fewer than `clear` good ticks and at most `maxGap` ticks lie between them;
 * the first of a run earns nothing, each further one a tick. Infinity when it never fires.
 */
export function referenceFiring(sequence: readonly Letter[], { hold, maxGap, clear }: Numbers): number {
  const breaches = sequence.flatMap((letter, index) => (letter === 'b' ? [index] : []))
  let start = 0
  for (let at = 0; at < breaches.length; at += 1) {
    const here = breaches[at] ?? 0
    const before = breaches[at - 1]
    if (before !== undefined) {
      const between = sequence.slice(before + 1, here)
      const isBroken = between.length > maxGap || between.filter((letter) => letter === 'o').length >= clear
      if (isBroken) start = at
    }
    if (at - start >= hold) return here
  }
  return Number.POSITIVE_INFINITY
}
