import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test, vi } from 'vitest'
import { readRunbooks } from './load'
import { findingsOf } from './load-check'

// A loaded machine may take its time: nothing here judges how long it took.
vi.setConfig({ testTimeout: 120_000 })

const run = promisify(execFile)

/** The smallest directory that is in order: one tree with all that a tree may have, and a case for its leaf. */
const GOOD = {
  'triage/team.yaml': `title: Ours
order: 1
roots: [is-slow]
questions:
  - id: is-slow
    ask: Are calls slow?
    probe: api.latency-p99
    when: { above: 4000 }
    symptom: true
    yes: [is-told]
    no: [clear]
    unknown: both
  - id: is-told
    ask: Did somebody tell us?
    person: Ask in the channel.
    yes: [team.slow]
    no: [clear]
    unknown: both
leaves:
  - id: team.slow
    title: Calls are slow
    plane: code
    severity: P3
    means: Calls take longer than four seconds.
    requires: [is-slow]
    supports: [is-told]
    actions: [{ id: team.wait, title: Wait }]
    checklist: slow
checklists:
  - id: slow
    title: Slow calls
    kind: do-confirm
    items:
      - { id: one, text: First }
      - { id: two, text: Second }
      - { id: three, text: Third }
      - { id: four, text: Fourth }
      - { id: five, text: Fifth }
`,
  'triage-cases/team.yaml': `cases:
  - id: slow
    looks: { api.latency-p99: 9000 }
    answers: { is-told: yes }
    expect: { team.slow: certain }
`,
}

type Files = Readonly<Record<string, string>>

async function directory(files: Files) {
  const dir = await mkdtemp(join(tmpdir(), 'check-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), text)
  }
  return dir
}

async function found(files: Files) {
  const dir = await directory(files)
  const findings = await findingsOf(await readRunbooks({ dir, now: new Date(0) }), dir)
  return findings.map((it) => ({ ...it, text: files[it.file]?.split('\n')[it.line - 1]?.trim() ?? '' }))
}

function after(path: keyof typeof GOOD, from: string, to: string): Files {
  expect(GOOD[path]).toContain(from)
  return { ...GOOD, [path]: GOOD[path].replace(from, to) }
}

const TREE = 'triage/team.yaml'
const CASES = 'triage-cases/team.yaml'
const ACTIONS = `title: By hand
actions:
  - id: team.other
    title: Something else
    executor: manual
    risk: look
    general: true
    steps: [Look.]
    effect: Nothing changes.
    undo: A look changes nothing.
    verify: { says: "It was looked at." }
`
const FIVE_MORE = ['six', 'seven', 'eight', 'nine', 'ten']
  .map((id) => `      - { id: ${id}, text: More }\n`)
  .join('')

test('R-CHK-01 a directory that is in order has no finding', async () => {
  expect(await found(GOOD)).toEqual([])
})

test.each([
  [
    'what does not fit its schema',
    after(TREE, 'order: 1', 'order: first'),
    'fault',
    'expected number',
    'order: first',
  ],
  [
    'a key that is not known',
    after(TREE, 'symptom: true', 'symptoms: true'),
    'fault',
    'not a setting',
    'symptoms: true',
  ],
  [
    'an unreachable node',
    after(
      TREE,
      'leaves:\n',
      `  - { id: stray, ask: Lost?, probe: api.latency-p99, when: { above: 1 }, yes: [team.slow], no: [clear], unknown: both }\nleaves:\n`,
    ),
    'fault',
    'nothing leads to stray',
    '- { id: stray',
  ],
  [
    'two branches with the same outcome',
    after(TREE, 'yes: [is-told]\n    no: [clear]', 'yes: [is-told]\n    no: [is-told]'),
    'fault',
    'yes and no of is-slow come to the same',
    'no: [is-told]',
  ],
  [
    'a missing unknown branch',
    after(TREE, '    unknown: both\n', ''),
    'fault',
    'is-slow has no unknown branch',
    '- id: is-slow',
  ],
  [
    'an unknown probe',
    after(TREE, 'probe: api.latency-p99', 'probe: api.latency-p100'),
    'fault',
    'there is no probe api.latency-p100',
    'probe: api.latency-p100',
  ],
  [
    'an unknown checklist',
    after(TREE, 'checklist: slow', 'checklist: slower'),
    'fault',
    'there is no checklist slower',
    'checklist: slower',
  ],
  [
    'an unknown question',
    after(TREE, 'requires: [is-slow]', 'requires: [slow]'),
    'fault',
    'there is no question slow',
    'requires: [slow]',
  ],
  [
    'a checklist longer than nine',
    after(TREE, '      - { id: five, text: Fifth }\n', `      - { id: five, text: Fifth }\n${FIVE_MORE}`),
    'fault',
    'longer than nine items',
    'items:',
  ],
  [
    'a checklist shorter than five',
    after(TREE, '      - { id: five, text: Fifth }\n', ''),
    'fault',
    'fewer than five items',
    'items:',
  ],
  [
    'an action that nobody defined',
    { ...GOOD, 'actions/team.yaml': ACTIONS },
    'gap',
    'no file of actions defines team.wait',
    'actions: [{ id: team.wait, title: Wait }]',
  ],
  [
    'an untested leaf',
    after(CASES, 'certain', 'possible'),
    'gap',
    'no case and no scenario reaches team.slow',
    '- id: team.slow',
  ],
  [
    'a case that comes out otherwise',
    after(CASES, '9000', '10'),
    'gap',
    'team.slow should be certain and is excluded',
    'expect: { team.slow: certain }',
  ],
] as const)(
  'R-CHK-01 R-CHK-02 %s is reported with file and line',
  async (_name, files, grade, reason, line) => {
    const findings = await found(files)
    const mine = findings.find((it) => it.reason.includes(reason))
    expect(findings.map((it) => it.reason).join('\n')).toContain(reason)
    expect(mine?.grade).toBe(grade)
    expect(mine?.text).toContain(line)
  },
)

test('R-CHK-01 a leaf that only a scenario reaches is tested; one that a scenario merely allows is not', async () => {
  const { [CASES]: _cases, ...bare } = GOOD
  const scenario = (truth: string) => ({ ...bare, 'scenarios/slow.yaml': `id: slow\ntruth:\n  - ${truth}\n` })
  expect(await found(scenario('{ leaf: team.slow, from: 1m }'))).toEqual([])
  expect((await found(scenario('{ leaf: team.slow, may: true }'))).map((it) => it.reason)).toEqual([
    expect.stringContaining('no case and no scenario reaches team.slow'),
  ])
})

test('R-CHK-02 the command prints every finding with its place and refuses it; as JSON with its grade', async () => {
  const good = await directory(GOOD)
  const bad = await directory(after(CASES, '9000', '10'))
  const check = (...args: readonly string[]) =>
    run('node_modules/.bin/tsx', ['lib/runbooks/check-cli.ts', ...args]).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    )
  const [passed, failed, json] = await Promise.all([check(good), check(bad), check(bad, '--json')])
  expect(passed).toMatchObject({ code: 0, stdout: expect.stringContaining('all 2 files are in order') })
  expect(failed.code).toBe(1)
  expect(failed.stderr).toMatch(
    /triage-cases\/team\.yaml:\d+:\d+: team\.slow should be certain and is excluded/,
  )
  expect(json.code).toBe(1)
  expect(JSON.parse(json.stdout)).toMatchObject({
    ok: false,
    problems: expect.arrayContaining([
      {
        file: CASES,
        grade: 'gap',
        line: 5,
        column: 15,
        reason: expect.stringContaining('should be certain'),
      },
    ]),
  })
})
