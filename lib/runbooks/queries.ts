import { z } from 'zod'
import { actionsSchema } from '../actions/policy'
import { messagesSchema } from '../comms/policy'
import { defineQuery, Encoded } from '../operation'
import { sha256Hex } from '../platform/crypto'
import { AppError } from '../platform/errors'
import { type Case, casesSchema, type Tree, treeSchema } from '../triage/policy'
import { readNamedIn } from './incident-store'
import type { ReadFile, RunbookShelf } from './load'
import { readScenarios, type ScenarioNote, testedBy } from './load-scenarios'
import { lookAtRunbooks } from './load-shelf'
import { isEditable, slugOf } from './model'
import { readProposals } from './proposal-store'
import { actionEntries, type Entry, findEntries, textEntries, treeEntries } from './search'
import { type SettingRow, settingRows } from './settings-view'
import { folderOf, stateOf, titleOf } from './shown-as'
import { readRunbookState } from './store'
import { type TreeView, treeView } from './tree-view'
import { findVersion } from './version-store'

const FOUND_LIMIT = 60

/** list gives every runbook with how it stands, and the proposals that wait for somebody. */
export const list = defineQuery({
  name: 'runbooks.list',
  summary:
    'Lists every runbook: title, content hash, whether it counts, and whether an approved edit stands over its file.',
  permission: 'runbooks.read',
  input: z.strictObject({}),
  run: async ({ console, now }) => {
    const shelf = await lookAtRunbooks(console, now)
    const [worker, proposals, scenarios] = await Promise.all([
      readRunbookState(console),
      readProposals(console.db, { state: 'open' }),
      readScenarios(console.env.WATCHFLOOR_RUNBOOKS),
    ])
    const around = { hasFaults: shelf.problems().length > 0, counting: worker?.files ?? [] }
    return {
      nowMs: now.getTime(),
      worker: worker ? { hash: worker.hash, loadedAt: worker.loadedAt } : null,
      /** stray are faults that belong to no runbook, as a directory that can't be read. */
      stray: shelf.problems().filter((it) => !shelf.latest().some(({ path }) => path === it.file)),
      files: shelf
        .latest()
        .filter(({ path }) => path !== '.')
        .map((file) => ({
          path: file.path,
          slug: slugOf(file.path),
          folder: folderOf(file.path),
          title: titleOf(file),
          hash: file.hash ?? null,
          state: stateOf(file, around),
          problems: file.problems,
          version: file.version ?? null,
          isEditable: isEditable(file.path),
          holds: holdsOf(file),
          proposals: proposals.filter(({ path }) => path === file.path).length,
        })),
      scenarios: scenarios.map(({ path, title, description, truth, problem }) => ({
        path,
        slug: slugOf(path),
        title,
        description,
        leaves: truth.filter(({ may }) => !may).map(({ leaf }) => leaf),
        problem: problem ?? null,
      })),
      proposals: proposals.map((it) => ({
        id: it.id,
        path: it.path,
        slug: slugOf(it.path),
        kind: it.kind,
        why: it.why,
        by: it.by,
        atMs: it.at.getTime(),
      })),
    }
  },
})

/** holdsOf says what is in a tree, a file of cases, of actions or of messages; empty for others. */
function holdsOf({ value }: ReadFile): string {
  const tree = treeSchema.safeParse(value)
  const count = (of: readonly unknown[], one: string, many: string): string =>
    `${of.length} ${of.length === 1 ? one : many}`
  if (tree.success) {
    const { questions, leaves, checklists } = tree.data
    return [
      count(questions, 'question', 'questions'),
      count(leaves, 'diagnosis', 'diagnoses'),
      count(checklists, 'checklist', 'checklists'),
    ].join(', ')
  }
  const cases = casesSchema.safeParse(value)
  if (cases.success) return count(cases.data.cases, 'case', 'cases')
  const actions = actionsSchema.safeParse(value)
  if (actions.success) return count(actions.data.actions, 'action', 'actions')
  const messages = messagesSchema.safeParse(value)
  return messages.success ? count(messages.data.templates, 'template', 'templates') : ''
}

/** search finds questions, leaves, checklists, actions, scenarios and any other text of the runbooks. */
export const search = defineQuery({
  name: 'runbooks.search',
  summary: 'Finds questions, diagnoses, checklists, actions and texts in the runbooks.',
  permission: 'runbooks.read',
  input: z.strictObject({ text: z.string().max(120) }),
  run: async ({ console, now }, { text }) => {
    const shelf = await lookAtRunbooks(console, now)
    const scenarios = await readScenarios(console.env.WATCHFLOOR_RUNBOOKS)
    const entries = [...shelf.latest().flatMap(entriesIn), ...scenarios.map(scenarioEntry)]
    const { found, total } = findEntries(entries, text, FOUND_LIMIT)
    return { total, found: found.map((entry) => ({ ...entry, slug: slugOf(entry.path) })) }
  },
})

function entriesIn(file: ReadFile): readonly Entry[] {
  if (file.value === undefined) return []
  const tree = treeSchema.safeParse(file.value)
  if (tree.success) return treeEntries(file.path, tree.data)
  const actions = actionsSchema.safeParse(file.value)
  if (actions.success) return actionEntries(file.path, actions.data)
  return textEntries(file.path, file.value, titleOf(file))
}

function scenarioEntry({ path, title, description }: ScenarioNote): Entry {
  return {
    path,
    kind: 'scenario',
    anchor: '',
    id: slugOf(path),
    words: `${title}. ${description}`,
    around: '',
  }
}

const ref = z.strictObject({ slug: z.string().min(1).max(200) })

/** FileView is one runbook to be read. */
type FileView = {
  readonly path: string
  readonly slug: string
  readonly folder: string
  readonly title: string
  readonly text: string
  readonly textHash: string
  readonly hash: string | null
  readonly state: ReturnType<typeof stateOf> | 'foreign'
  readonly problems: ReadFile['problems']
  readonly isEditable: boolean
  /** version is the approved edit that stands over the file; `fileText` is then what the file says (null: there is none). */
  readonly version: number | null
  readonly fileText: string | null
  readonly tree: TreeView | null
  readonly cases: readonly Case[] | null
  readonly settings: readonly SettingRow[] | null
  readonly description: string
  readonly truth: readonly {
    readonly leaf: string
    readonly title: string
    readonly may: boolean
    readonly slug: string
  }[]
  /** tested holds, for each leaf of the tree, the scenarios and cases that must reach it. */
  readonly tested: Readonly<
    Record<string, { readonly scenarios: readonly string[]; readonly cases: readonly string[] }>
  >
  readonly namedIn: Awaited<ReturnType<typeof readNamedIn>>
  /** homes gives the runbook in which each question, leaf and checklist of the trees stands. */
  readonly homes: Readonly<Record<string, string>>
}

/** file gives one runbook in reading form: a tree with what tests it and where it ended, a policy as settings, a scenario with its truth. */
export const file = defineQuery({
  name: 'runbooks.file',
  summary: 'Gives one runbook in reading form, with its text, and for a tree what tests its diagnoses.',
  permission: 'runbooks.read',
  input: ref,
  run: async ({ console, actor, now }, { slug }): Promise<FileView> => {
    const shelf = await lookAtRunbooks(console, now)
    const scenarios = await readScenarios(console.env.WATCHFLOOR_RUNBOOKS)
    const trees = treesOf(shelf)
    const scenario = scenarios.find(({ path }) => slugOf(path) === slug)
    if (scenario) return scenarioView(scenario, trees)
    const found = shelf.latest().find(({ path }) => slugOf(path) === slug)
    if (!found) throw new AppError('not_found', `There is no runbook ${slug}.`)
    const worker = await readRunbookState(console)
    const around = { hasFaults: shelf.problems().length > 0, counting: worker?.files ?? [] }
    const tree = treeSchema.safeParse(found.value)
    const cases = casesSchema.safeParse(found.value)
    const leaves = tree.success ? tree.data.leaves.map(({ id }) => id) : []
    return {
      ...EMPTY,
      ...plainView(found),
      state: stateOf(found, around),
      tree: tree.success
        ? treeView(
            tree.data,
            trees.map((it) => it.tree),
          )
        : null,
      cases: cases.success ? cases.data.cases : null,
      settings:
        found.value !== undefined && !tree.success && !cases.success ? settingRows(found.value) : null,
      tested: testedIn(leaves, scenarios, casesOf(shelf)),
      namedIn: await readNamedIn(console.db, actor, leaves),
      homes: { ...homesOf(trees), ...actionHomes(shelf) },
    }
  },
})

const EMPTY = {
  tree: null,
  cases: null,
  settings: null,
  description: '',
  truth: [],
  tested: {},
  namedIn: [],
  homes: {},
} satisfies Partial<FileView>

function plainView(found: ReadFile) {
  return {
    path: found.path,
    slug: slugOf(found.path),
    folder: folderOf(found.path),
    title: titleOf(found),
    text: found.text,
    textHash: sha256Hex(found.text),
    hash: found.hash ?? null,
    problems: found.problems,
    isEditable: isEditable(found.path),
    version: found.version ?? null,
    fileText: found.fileText,
  }
}

type HomeTree = { readonly path: string; readonly tree: Tree }

function scenarioView(scenario: ScenarioNote, trees: readonly HomeTree[]): FileView {
  const homes = homesOf(trees)
  const titles = new Map(trees.flatMap(({ tree }) => tree.leaves.map((it) => [it.id, it.title] as const)))
  return {
    ...EMPTY,
    path: scenario.path,
    slug: slugOf(scenario.path),
    folder: 'scenarios',
    title: scenario.title,
    text: scenario.text,
    textHash: sha256Hex(scenario.text),
    hash: null,
    state: 'foreign',
    problems:
      scenario.problem === undefined
        ? []
        : [{ file: scenario.path, line: 1, column: 1, reason: scenario.problem }],
    isEditable: false,
    version: null,
    fileText: scenario.text,
    description: scenario.description,
    truth: scenario.truth.map(({ leaf, may }) => ({
      leaf,
      may,
      title: titles.get(leaf) ?? leaf,
      slug: homes[leaf] ?? '',
    })),
    homes,
  }
}

function treesOf(shelf: RunbookShelf): readonly HomeTree[] {
  return shelf.latest().flatMap(({ path, value }) => {
    const tree = treeSchema.safeParse(value)
    return tree.success && folderOf(path) === 'triage' ? [{ path, tree: tree.data }] : []
  })
}

function casesOf(shelf: RunbookShelf): readonly Case[] {
  return shelf.latest().flatMap(({ value }) => {
    const cases = casesSchema.safeParse(value)
    return cases.success ? cases.data.cases : []
  })
}

function homesOf(trees: readonly HomeTree[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    trees.flatMap(({ path, tree }) => [
      ...tree.questions.map(({ id }) => [id, slugOf(path)] as const),
      ...tree.leaves.map(({ id }) => [id, slugOf(path)] as const),
      ...tree.checklists.map(({ id }) => [`checklist-${id}`, slugOf(path)] as const),
    ]),
  )
}

function actionHomes(shelf: RunbookShelf): Readonly<Record<string, string>> {
  return Object.fromEntries(
    shelf.latest().flatMap(({ path, value }) => {
      const actions = actionsSchema.safeParse(value)
      return actions.success
        ? actions.data.actions.map(({ id }) => [`action-${id}`, slugOf(path)] as const)
        : []
    }),
  )
}

function testedIn(
  leaves: readonly string[],
  scenarios: readonly ScenarioNote[],
  cases: readonly Case[],
): FileView['tested'] {
  const byLeaf = testedBy(scenarios)
  const isFirm = (state: string | undefined): boolean => state === 'certain' || state === 'likely'
  return Object.fromEntries(
    leaves.map((leaf) => [
      leaf,
      {
        scenarios: (byLeaf.get(leaf) ?? []).map(slugOf),
        cases: cases.filter((one) => isFirm(one.expect[leaf])).map(({ id }) => id),
      },
    ]),
  )
}

/** download gives a runbook as a file, as it counts now or as it was approved in a version: to be committed by the team. */
export const download = defineQuery({
  name: 'runbooks.download',
  summary: 'Gives a runbook as a YAML file: as it counts now, or as it was approved in a version.',
  permission: 'runbooks.read',
  input: z.strictObject({ slug: z.string().min(1).max(200), version: z.number().int().min(1).optional() }),
  run: async ({ console, now }, { slug, version }): Promise<Encoded> => {
    const shelf = await lookAtRunbooks(console, now)
    const scenarios = await readScenarios(console.env.WATCHFLOOR_RUNBOOKS)
    const found =
      version === undefined
        ? [...shelf.latest(), ...scenarios].find(({ path }) => slugOf(path) === slug)
        : await findVersion(console.db, version)
    if (!found || slugOf(found.path) !== slug) throw new AppError('not_found', `There is no runbook ${slug}.`)
    return new Encoded({
      bytes: new TextEncoder().encode(found.text),
      contentType: 'application/yaml; charset=utf-8',
      etag: `"${sha256Hex(found.text)}"`,
      filename: found.path.split('/').at(-1) ?? 'runbook.yaml',
    })
  },
})
