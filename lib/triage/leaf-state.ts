import type { Answer, Asked, LeafState, Reach } from './model'
import type { Leaf } from './policy'

/** Weighed is a leaf's state with the questions that speak for it, against it, and those that are open. */
export type Weighed = {
  readonly state: LeafState
  readonly for: readonly string[]
  readonly against: readonly string[]
  readonly open: readonly string[]
  readonly why: string
}

type Weigh = {
  readonly leaf: Leaf
  readonly asked: ReadonlyMap<string, Asked>
  readonly reach: Reach | undefined
  /** barrier is the answered question that closed the way, for the words. */
  readonly words: (id: string) => string
}

/**
 * weigh gives a leaf's state. Certain: every required answer is the machine's own yes, no supporting one is open, nothing
 * speaks against. Likely: required answers are yes, something supporting is open or a person answered. Possible: a
 * required answer is open, something speaks against or may, or the way here is open. Excluded: a required answer is no,
 * or plain answers lead elsewhere.
 */
export function weigh({ leaf, asked, reach, words }: Weigh): Weighed {
  const answerOf = (id: string): Answer => asked.get(id)?.answer ?? 'unknown'
  const isOpen = (id: string): boolean => answerOf(id) === 'unknown' || answerOf(id) === 'stale'
  const supported = [...leaf.requires, ...leaf.supports]
  const sides = {
    for: supported.filter((id) => answerOf(id) === 'yes'),
    against: [
      ...leaf.requires.filter((id) => answerOf(id) === 'no'),
      ...leaf.against.filter((id) => answerOf(id) === 'yes'),
    ],
    open: [...supported, ...leaf.against].filter(isOpen),
  }
  const state = (word: LeafState, why: string): Weighed => ({ state: word, ...sides, why })
  const refuted = leaf.requires.find((id) => answerOf(id) === 'no')
  if (refuted !== undefined) return state('excluded', `no: ${words(refuted)}`)
  if (reach === undefined) return state('excluded', 'the answers lead elsewhere')
  const missing = leaf.requires.find(isOpen)
  if (missing !== undefined) return state('possible', `not known: ${words(missing)}`)
  const contrary = leaf.against.find((id) => answerOf(id) === 'yes')
  if (contrary !== undefined) return state('possible', `speaks against it: ${words(contrary)}`)
  const unsure = leaf.against.find(isOpen)
  if (unsure !== undefined) return state('possible', `may speak against it: ${words(unsure)}`)
  if (reach === 'open') return state('possible', 'a question on the way is not answered')
  const soft = leaf.supports.find(isOpen)
  if (soft !== undefined) return state('likely', `not known: ${words(soft)}`)
  const said = leaf.requires.find((id) => asked.get(id)?.override)
  if (said !== undefined) return state('likely', `on a person’s word: ${words(said)}`)
  return state('certain', 'every required answer is fresh and for it')
}
