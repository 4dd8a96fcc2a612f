import { diagnose } from './diagnose'
import { type Forest, growForest } from './forest'
import type { Diagnosis, LeafState, Look, Looks, Memory, Override } from './model'
import type { Case, CaseFile } from './policy'
import type { ForestFault, TreeFile } from './policy-check'
import { numberWords, unitWords } from './predicate'
import { findProbe, PROBES } from './probes'

/** CaseSource is one parsed file of cases. */
export type CaseSource = { readonly file: string; readonly value: CaseFile }

const CASE_NOW_MS = 1_800_000_000_000

/** calmLooks gives every probe the value of a world in which nothing is wrong. */
export function calmLooks(nowMs: number): Looks {
  return Object.fromEntries(PROBES.map((probe) => [probe.name, lookOf(probe.name, probe.calm, nowMs)]))
}

/** lookOf makes a look of a number, a span of numbers, a yes or no, or `unknown`. */
export function lookOf(name: string, value: Case['looks'][string], nowMs: number): Look {
  const probe = findProbe(name)
  const source = probe?.source ?? 'case'
  if (value === 'unknown') return { kind: 'unknown', why: 'source_unreachable', source, sinceMs: nowMs }
  const [low, high] = typeof value === 'object' ? value : [Number(value), Number(value)]
  const words = low === high ? numberWords(low) : `${numberWords(low)} to ${numberWords(high)}`
  return {
    kind: 'known',
    low,
    high,
    words: `${words}${unitWords(probe?.unit ?? '')}`,
    source,
    observedAtMs: nowMs,
  }
}

/** runCase diagnoses a recorded moment. */
export function runCase(forest: Forest, one: Case): Diagnosis {
  const nowMs = CASE_NOW_MS
  const looks: Record<string, Look | undefined> = one.quiet ? { ...calmLooks(nowMs) } : {}
  for (const [name, value] of Object.entries(one.looks)) looks[name] = lookOf(name, value, nowMs)
  const overrides: Record<string, Override> = {}
  for (const [id, answer] of Object.entries(one.answers))
    overrides[id] = { answer, by: 'case', reason: 'stands in the case', atMs: nowMs }
  const memory: Record<string, Memory[string]> = {}
  for (const [id, seconds] of Object.entries(one.held))
    memory[id] = { answer: 'yes', sinceMs: nowMs - seconds * 1000 }
  return diagnose({ forest, looks, overrides, memory, nowMs }).diagnosis
}

/** stateIn gives a leaf's state in a diagnosis. */
export function stateIn(diagnosis: Diagnosis, leaf: string): LeafState {
  return diagnosis.causes.find((cause) => cause.leaf === leaf)?.state ?? 'excluded'
}

/**
 * checkCases runs every case over the trees: an unexpected state, a firm diagnosis that a case does not name, an unknown
 * name, and a leaf that no case and no scenario (`tested`) reaches are faults.
 */
export function checkCases(
  trees: readonly TreeFile[],
  sources: readonly CaseSource[],
  tested: ReadonlySet<string>,
): readonly ForestFault[] {
  if (trees.length === 0) return []
  const forest = growForest(
    trees.map(({ file, value }) => ({ name: file, tree: value })),
    '',
  )
  const reached = new Set(tested)
  const faults: ForestFault[] = []
  for (const { file, value } of sources) {
    for (const [at, one] of value.cases.entries()) {
      faults.push(
        ...caseFaults(forest, one).map((it) => ({
          file,
          path: ['cases', at, ...it.path],
          reason: it.reason,
        })),
      )
      for (const [leaf, state] of Object.entries(one.expect)) {
        if (state === 'certain' || state === 'likely') reached.add(leaf)
      }
    }
  }
  for (const { file, value } of trees) {
    for (const [at, leaf] of value.leaves.entries()) {
      if (reached.has(leaf.id)) continue
      const reason = `no case and no scenario reaches ${leaf.id}: write one in triage-cases or scenarios`
      faults.push({ file, path: ['leaves', at], reason })
    }
  }
  return faults
}

type CaseFault = { readonly path: readonly string[]; readonly reason: string }

function caseFaults(forest: Forest, one: Case): readonly CaseFault[] {
  const names: CaseFault[] = [
    ...Object.keys(one.looks)
      .filter((name) => !findProbe(name))
      .map((name) => ({ path: ['looks', name], reason: `there is no probe ${name}` })),
    ...Object.keys({ ...one.answers, ...one.held })
      .filter((id) => !forest.questions.has(id))
      .map((id) => ({
        path: [id in one.answers ? 'answers' : 'held', id],
        reason: `there is no question ${id}`,
      })),
    ...Object.keys(one.expect)
      .filter((id) => !forest.leaves.has(id))
      .map((id) => ({ path: ['expect', id], reason: `there is no leaf ${id}` })),
  ]
  if (names.length > 0) return names
  const diagnosis = runCase(forest, one)
  const wrong = Object.entries(one.expect)
    .filter(([leaf, state]) => stateIn(diagnosis, leaf) !== state)
    .map(([leaf, state]) => ({
      path: ['expect', leaf],
      reason: `${leaf} should be ${state} and is ${stateIn(diagnosis, leaf)}`,
    }))
  const unnamed = diagnosis.causes
    .filter((cause) => (cause.state === 'certain' || cause.state === 'likely') && !(cause.leaf in one.expect))
    .map((cause) => ({
      path: ['expect'],
      reason: `${cause.leaf} is ${cause.state} and the case does not expect it`,
    }))
  return [...wrong, ...unnamed]
}
