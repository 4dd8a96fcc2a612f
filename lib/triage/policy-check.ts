import { branchTargets, growForest, hasBranches, restsOn } from './forest'
import { CLEAR, type Tree } from './policy'
import { findProbe } from './probes'

/** TreeFile is one parsed tree with the file that it came from. */
export type TreeFile = { readonly file: string; readonly value: Tree }

/** ForestFault is a fault that only all trees together show, with its place in a file's value. */
export type ForestFault = {
  readonly file: string
  readonly path: readonly (string | number)[]
  readonly reason: string
}

type Place = { readonly file: string; readonly path: readonly (string | number)[] }

type Index = {
  readonly files: readonly TreeFile[]
  readonly places: ReadonlyMap<string, Place>
  readonly forest: ReturnType<typeof growForest>
}

/**
 * checkForest finds what makes trees unfit to be walked: ids twice or nowhere, unknown probes, a missing or closed unknown
 * branch, branches that come to the same, cycles, and questions and leaves that nothing leads to.
 */
export function checkForest(files: readonly TreeFile[]): readonly ForestFault[] {
  if (files.length === 0) return []
  const { places, faults } = placesOf(files)
  const forest = growForest(
    files.map(({ file, value }) => ({ name: file, tree: value })),
    '',
  )
  const index = { files, places, forest }
  const named = [...faults, ...namesFaults(index)]
  // Walks need names that lead somewhere.
  if (named.length > 0) return named
  return [...branchFaults(index), ...cycleFaults(index), ...reachFaults(index)]
}

function placesOf(files: readonly TreeFile[]): {
  readonly places: ReadonlyMap<string, Place>
  readonly faults: readonly ForestFault[]
} {
  const places = new Map<string, Place>()
  const faults: ForestFault[] = []
  for (const { file, value } of files) {
    for (const kind of ['questions', 'leaves', 'checklists'] as const) {
      for (const [at, { id }] of value[kind].entries()) {
        const key = kind === 'checklists' ? `checklist ${id}` : id
        const before = places.get(key)
        const path = [kind, at, 'id']
        if (before) faults.push({ file, path, reason: `${id} stands already in ${before.file}` })
        else places.set(key, { file, path: [kind, at] })
      }
    }
  }
  return { places, faults }
}

function namesFaults(index: Index): readonly ForestFault[] {
  return index.files.flatMap(({ file, value }) => [
    ...value.roots.flatMap((id, at) => unknownQuestion(index, id, { file, path: ['roots', at] })),
    ...value.questions.flatMap((question, at) =>
      questionNames(index, question, { file, path: ['questions', at] }),
    ),
    ...value.leaves.flatMap((leaf, at) => leafNames(index, leaf, { file, path: ['leaves', at] })),
  ])
}

function unknownQuestion({ forest }: Index, id: string, place: Place): readonly ForestFault[] {
  return forest.questions.has(id) ? [] : [{ ...place, reason: `there is no question ${id}` }]
}

function questionNames(
  index: Index,
  question: Tree['questions'][number],
  place: Place,
): readonly ForestFault[] {
  const { forest } = index
  const found: ForestFault[] = []
  const at = (...rest: (string | number)[]): Place => ({ file: place.file, path: [...place.path, ...rest] })
  if (question.probe !== undefined && !findProbe(question.probe)) {
    found.push({ ...at('probe'), reason: `there is no probe ${question.probe}` })
  }
  for (const key of ['allOf', 'anyOf'] as const) {
    for (const [i, id] of (question[key] ?? []).entries())
      found.push(...unknownQuestion(index, id, at(key, i)))
  }
  if (question.not !== undefined) found.push(...unknownQuestion(index, question.not, at('not')))
  if (question.held) found.push(...unknownQuestion(index, question.held.of, at('held', 'of')))
  for (const branch of ['yes', 'no', 'unknown'] as const) {
    const targets = question[branch]
    if (!Array.isArray(targets)) continue
    for (const [i, id] of targets.entries()) {
      const known =
        id === CLEAR ||
        forest.questions.has(id) ||
        forest.leaves.has(id) ||
        (branch === 'unknown' && id === 'both')
      if (!known) found.push({ ...at(branch, i), reason: `${id} is neither a question nor a leaf` })
    }
  }
  return found
}

function leafNames(index: Index, leaf: Tree['leaves'][number], place: Place): readonly ForestFault[] {
  const { forest } = index
  const at = (...rest: (string | number)[]): Place => ({ file: place.file, path: [...place.path, ...rest] })
  const evidence = (['requires', 'supports', 'against'] as const).flatMap((key) =>
    leaf[key].flatMap((id, i) => unknownQuestion(index, id, at(key, i))),
  )
  const raises = leaf.raises.flatMap((it, i) => unknownQuestion(index, it.when, at('raises', i, 'when')))
  const explains = leaf.explains.flatMap((id, i) =>
    forest.leaves.has(id) || forest.questions.has(id)
      ? []
      : [{ ...at('explains', i), reason: `${id} is neither a leaf nor a question` }],
  )
  const checklist = forest.checklists.has(leaf.checklist)
    ? []
    : [{ ...at('checklist'), reason: `there is no checklist ${leaf.checklist}` }]
  return [...evidence, ...raises, ...explains, ...checklist]
}

function branchFaults({ forest, places }: Index): readonly ForestFault[] {
  const faults: ForestFault[] = []
  for (const question of forest.questions.values()) {
    if (!hasBranches(question)) continue
    const place = places.get(question.id) ?? { file: '', path: [] }
    for (const branch of ['yes', 'no', 'unknown'] as const) {
      if (question[branch] === undefined)
        faults.push({
          ...place,
          reason: `${question.id} has no ${branch} branch: every answer must lead somewhere`,
        })
    }
    if (Array.isArray(question.unknown) && !question.unknown.includes('both')) {
      const path = [...place.path, 'unknown']
      faults.push({
        file: place.file,
        path,
        reason: `unknown must open both branches: write both, or both and more`,
      })
    }
    if (question.yes && question.no && sameSet(question.yes, question.no)) {
      const path = [...place.path, 'no']
      faults.push({
        file: place.file,
        path,
        reason: `yes and no of ${question.id} come to the same: the question decides nothing`,
      })
    }
  }
  return faults
}

function sameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((id) => right.includes(id))
}

function cycleFaults(index: Index): readonly ForestFault[] {
  const { forest } = index
  const leads = (id: string): readonly string[] => {
    const question = forest.questions.get(id)
    return question ? branchTargets(question, 'unknown').filter((it) => forest.questions.has(it)) : []
  }
  const rests = (id: string): readonly string[] => {
    const question = forest.questions.get(id)
    return question ? restsOn(question) : []
  }
  const explains = (id: string): readonly string[] =>
    forest.leaves.get(id)?.explains.filter((it) => forest.leaves.has(it)) ?? []
  return [
    ...cyclesIn(index, [...forest.questions.keys()], leads, 'leads back to itself'),
    ...cyclesIn(index, [...forest.questions.keys()], rests, 'rests on its own answer'),
    ...cyclesIn(index, [...forest.leaves.keys()], explains, 'explains itself'),
  ]
}

function cyclesIn(
  { places }: Index,
  ids: readonly string[],
  next: (id: string) => readonly string[],
  words: string,
): readonly ForestFault[] {
  const state = new Map<string, 'open' | 'done'>()
  const faults: ForestFault[] = []
  function visit(id: string, way: readonly string[]): void {
    if (state.get(id) === 'done') return
    if (state.get(id) === 'open') {
      const place = places.get(id) ?? { file: '', path: [] }
      const circle = [...way.slice(way.indexOf(id)), id].join(' → ')
      faults.push({ ...place, reason: `${id} ${words}: ${circle}` })
      return
    }
    state.set(id, 'open')
    for (const target of next(id)) visit(target, [...way, id])
    state.set(id, 'done')
  }
  for (const id of ids) visit(id, [])
  return faults
}

function reachFaults({ forest, places }: Index): readonly ForestFault[] {
  const reached = new Set<string>()
  const waiting = [...forest.roots]
  for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
    if (reached.has(id)) continue
    reached.add(id)
    const question = forest.questions.get(id)
    if (question) waiting.push(...branchTargets(question, 'unknown'), ...restsOn(question))
    const leaf = forest.leaves.get(id)
    if (leaf)
      waiting.push(...leaf.requires, ...leaf.supports, ...leaf.against, ...leaf.raises.map((it) => it.when))
  }
  const unreached = [...forest.questions.keys(), ...forest.leaves.keys()].filter((id) => !reached.has(id))
  const idle = [...forest.checklists.keys()].filter(
    (id) => ![...forest.leaves.values()].some((leaf) => leaf.checklist === id),
  )
  return [
    ...unreached.map((id) => ({
      ...(places.get(id) ?? { file: '', path: [] }),
      reason: `nothing leads to ${id}`,
    })),
    ...idle.map((id) => ({
      ...(places.get(`checklist ${id}`) ?? { file: '', path: [] }),
      reason: `no leaf uses the checklist ${id}`,
    })),
  ]
}
