import { checkActionNames } from '../actions/policy-check'
import { checkCases } from '../triage/policy-cases'
import { ACTIONS_KIND, TRIAGE_CASES_KIND, TRIAGE_TREE_KIND } from './kinds'
import { entriesOf, type Judged, type Runbooks } from './load'
import { readScenarios, testedBy } from './load-scenarios'
import { placeOf, type RunbookProblem } from './parse'

/** Finding is one fault with its weight: a `fault` keeps the runbooks from being taken, a `gap` does not, but `runbooks:check` refuses both. */
export type Finding = RunbookProblem & { readonly grade: 'fault' | 'gap' }

/** findingsOf gives every fault of a reading; when it has none, what the trees as a whole still lack. */
export async function findingsOf(judged: Judged, dir: string): Promise<readonly Finding[]> {
  if (!judged.ok) return judged.problems.map((problem) => ({ ...problem, grade: 'fault' }))
  const tested = new Set(testedBy(await readScenarios(dir)).keys())
  return gapsIn(judged.runbooks, tested).map((problem) => ({ ...problem, grade: 'gap' }))
}

function gapsIn(runbooks: Runbooks, tested: ReadonlySet<string>): readonly RunbookProblem[] {
  const sources = <T>(kind: Parameters<typeof entriesOf<T>>[1]) =>
    entriesOf(runbooks, kind).map(({ path, value }) => ({ file: path, value }))
  const trees = sources(TRIAGE_TREE_KIND)
  const gaps = [
    ...checkCases(trees, sources(TRIAGE_CASES_KIND), tested),
    ...checkActionNames(trees, sources(ACTIONS_KIND)),
  ]
  return gaps.map(({ file, path, reason }) => ({
    file,
    ...placeOf(runbooks.files.get(file)?.text ?? '', path),
    reason,
  }))
}
