import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test, vi } from 'vitest'
import { TRIAGE_TREE_KIND } from '../runbooks/kinds'
import { createRunbooks, entriesOf, readRunbooks } from '../runbooks/load'

// A loaded machine may take its time: nothing here judges how long it took.
vi.setConfig({ testTimeout: 120_000 })

const now = new Date('2026-11-18T02:29:41Z')
const run = promisify(execFile)

async function copy(
  change: (texts: {
    read: (file: string) => Promise<string>
    write: (file: string, text: string) => Promise<void>
  }) => Promise<void>,
) {
  const dir = await mkdtemp(join(tmpdir(), 'trees-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  await cp('runbooks', dir, { recursive: true })
  await change({
    read: (file) => readFile(join(dir, file), 'utf8'),
    write: (file, text) => writeFile(join(dir, file), text),
  })
  return dir
}

async function problemsAfter(from: string, to: string, file = 'triage/5-gpus.yaml') {
  const dir = await copy(async ({ read, write }) => {
    const text = await read(file)
    expect(text).toContain(from)
    await write(file, text.replace(from, to))
  })
  const read = await readRunbooks({ dir, now })
  const text = await readFile(join(dir, file), 'utf8')
  const problems = read.ok ? [] : read.problems
  return problems.map((it) => ({ ...it, text: text.split('\n')[it.line - 1] ?? '' }))
}

const GONE = `    yes: [gpu.fell-off-bus]
    no: [clear]
    unknown: both`

test.each([
  [
    'an unknown probe',
    'probe: gpus.fell-off-bus',
    'probe: gpus.fel-off-bus',
    'there is no probe gpus.fel-off-bus',
    'probe: gpus.fel-off-bus',
  ],
  [
    'a missing unknown branch',
    GONE,
    GONE.replace('    unknown: both', ''),
    'card-gone has no unknown branch',
    'id: card-gone',
  ],
  [
    'an unknown branch that closes one',
    GONE,
    GONE.replace('both', '[gpu.nvlink]'),
    'unknown must open both branches',
    'unknown: [gpu.nvlink]',
  ],
  [
    'both branches with the same outcome',
    GONE,
    GONE.replace('[clear]', '[gpu.fell-off-bus]'),
    'come to the same',
    'no: [gpu.fell-off-bus]',
  ],
  [
    'a branch that leads nowhere',
    GONE,
    GONE.replace('[clear]', '[card-gon]'),
    'card-gon is neither a question nor a leaf',
    'no: [card-gon]',
  ],
  [
    'a circle',
    GONE,
    GONE.replace('[clear]', '[card-gone]'),
    'card-gone leads back to itself: card-gone → card-gone',
    'id: card-gone',
  ],
  [
    'an unreachable question',
    '  - id: card-ecc\n',
    `  - { id: card-stray, ask: Is one lost?, probe: gpus.ecc, when: { atLeast: 1 }, yes: [gpu.fell-off-bus], no: [clear], unknown: both }
  - id: card-ecc\n`,
    'nothing leads to card-stray',
    'id: card-stray',
  ],
  [
    'a leaf without its checklist',
    'checklist: card\n',
    'checklist: cart\n',
    'there is no checklist cart',
    'checklist: cart',
  ],
  ['a question twice', 'id: card-ecc\n', 'id: card-gone\n', 'card-gone stands already in', 'id: card-gone'],
  [
    'two bases',
    'probe: gpus.fell-off-bus',
    'probe: gpus.fell-off-bus\n    not: card-ecc',
    'exactly one of',
    'id: card-gone',
  ],
])('T-TREE-02 %s is a fault with file and line', async (_name, from, to, reason, line) => {
  const problems = await problemsAfter(from, to)
  const found = problems.find((it) => it.reason.includes(reason))
  expect(problems.map((it) => it.reason).join('\n')).toContain(reason)
  expect(found?.file).toBe('triage/5-gpus.yaml')
  expect(found?.text).toContain(line)
})

test('C-LIST-01 a checklist of fewer than five items is a fault, with file and line', async () => {
  const item = '      - { id: fresh, text: Every source that matters is live }\n'
  const problems = await problemsAfter(item, '', 'triage/1-four-looks.yaml')
  expect(problems.map((it) => it.reason)).toEqual([expect.stringContaining('fewer than five items')])
  expect(problems.map((it) => it.file)).toEqual(['triage/1-four-looks.yaml'])
})

test('T-TREE-02 C-LIST-01 a checklist of more than nine items is a fault', async () => {
  const more = Array.from({ length: 4 }, (_, at) => `      - { id: more-${at}, text: More }\n`).join('')
  const problems = await problemsAfter('      - { id: drain,', `${more}      - { id: drain,`)
  expect(problems.map((it) => it.reason)).toEqual([expect.stringContaining('longer than nine items')])
})

test('T-TREE-03 the check command names a leaf that no case and no scenario reaches, and a case that came out otherwise', async () => {
  const cases = 'triage-cases/leaves.yaml'
  const dir = await copy(async ({ read, write }) => {
    const text = await read(cases)
    await write(
      cases,
      text
        .replace(/ {2}- id: card-nvlink\n.*\n.*\n/, '')
        .replace('expect: { gpu.row-remap: certain }', 'expect: { gpu.row-remap: likely }'),
    )
  })
  await rm(join(dir, 'scenarios'), { recursive: true })
  const failed = await run('node_modules/.bin/tsx', ['lib/runbooks/check-cli.ts', dir]).catch(
    (error: unknown) => error,
  )
  const said =
    failed !== null && typeof failed === 'object' && 'stderr' in failed ? String(failed.stderr) : ''
  expect(said).toMatch(/triage\/5-gpus\.yaml:\d+:\d+: no case and no scenario reaches gpu\.nvlink/)
  expect(said).toMatch(/triage-cases\/leaves\.yaml:\d+:\d+: gpu\.row-remap should be likely and is certain/)
})

test('T-TREE-04 a tree with a fault is not taken: the last good trees stay, and the fault is in sight', async () => {
  const dir = await copy(async () => undefined)
  const shelf = await createRunbooks({ dir, now })
  const good = entriesOf(shelf.current(), TRIAGE_TREE_KIND)
  const file = join(dir, 'triage/6-eyes.yaml')
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace('probe: targets.down', 'probe: targets.up'))
  expect(await shelf.reload(now)).toMatchObject([
    { file: 'triage/6-eyes.yaml', reason: 'there is no probe targets.up' },
  ])
  expect(entriesOf(shelf.current(), TRIAGE_TREE_KIND)).toEqual(good)
})
