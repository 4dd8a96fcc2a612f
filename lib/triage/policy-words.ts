import type { Question } from './policy'
import { predicateWords } from './predicate'
import { findProbe } from './probes'

/** Basis is what a question's answer rests on, in words; `ids` are the questions that it is made of. */
export type Basis = {
  readonly kind: 'probe' | 'all' | 'any' | 'not' | 'held' | 'person'
  readonly words: string
  readonly predicate: string
  readonly source: string
  readonly query: string
  readonly freshSeconds: number | null
  readonly ids: readonly string[]
}

const NOTHING = { predicate: '', source: '', query: '', freshSeconds: null, ids: [] }

/** basisWords says on what a question rests. */
export function basisWords(question: Question): Basis {
  if (question.allOf) return { ...NOTHING, kind: 'all', words: 'all of these are yes', ids: question.allOf }
  if (question.anyOf) return { ...NOTHING, kind: 'any', words: 'one of these is yes', ids: question.anyOf }
  if (question.not !== undefined)
    return { ...NOTHING, kind: 'not', words: 'the opposite of', ids: [question.not] }
  if (question.held)
    return {
      ...NOTHING,
      kind: 'held',
      words: `yes for ${question.held.seconds} s or longer`,
      ids: [question.held.of],
    }
  if (question.person !== undefined) return { ...NOTHING, kind: 'person', words: question.person }
  const probe = findProbe(question.probe ?? '')
  return {
    kind: 'probe',
    words: probe?.title ?? question.probe ?? '',
    predicate: question.when ? predicateWords(question.when, probe?.unit ?? '') : '',
    source: probe?.source ?? '',
    query: probe?.query ?? '',
    freshSeconds: question.freshSeconds ?? probe?.freshSeconds ?? null,
    ids: [],
  }
}
