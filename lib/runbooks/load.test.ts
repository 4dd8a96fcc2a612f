import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { DEFAULT_HEALTH_POLICY } from '../health/policy'
import { HEALTH_POLICY_KIND } from './kinds'
import { createRunbooks, entriesOf, readRunbooks } from './load'

const now = new Date('2026-11-18T02:29:41Z')
const run = promisify(execFile)

async function directory(files: Readonly<Record<string, string>>) {
  const dir = await mkdtemp(join(tmpdir(), 'runbooks-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), text)
  }
  for (const [path, text] of Object.entries(files)) await write(path, text)
  return { dir, write }
}

test.each([
  ['a word for a number', 'api:\n  p95WarnMs: fast\n', 2, 3, 'expected number'],
  ['an unknown setting', 'gpu:\n  xidFreshMinutes: 30\n  temp: 3\n', 3, 3, 'not a setting'],
  ['an unknown section', 'gpus:\n  x: 1\n', 1, 1, 'not a setting'],
  ['a key twice', 'queue:\n  oldestWarnSeconds: 1\n  oldestWarnSeconds: 2\n', 3, 3, 'unique'],
  ['broken YAML', 'queue: [1\n', 2, 1, ''],
  [
    'two limits that contradict',
    'api:\n\n  errorRatioWarnPercent: 9\n',
    3,
    3,
    'below errorRatioBreachPercent',
  ],
])('H-POL-02 %s is reported with its place', async (_name, text, line, column, reason) => {
  const { dir } = await directory({ 'policy/health.yaml': text })
  const read = await readRunbooks({ dir, now })
  expect(read.ok).toBe(false)
  if (read.ok) return
  expect(read.problems[0]).toMatchObject({ file: 'policy/health.yaml', line, column })
  expect(read.problems[0]?.reason).toContain(reason)
})

test('H-POL-02 every fault of every file is reported at once, and a file that nothing reads is a fault', async () => {
  const { dir } = await directory({
    'policy/health.yaml': 'a: 1\nb: 2\n',
    'polcy/health.yaml': '{}',
    'scenarios/demo.yaml': 'not: ours',
    'policy/README.md': '# text',
  })
  const read = await readRunbooks({ dir, now })
  expect(read.ok ? [] : read.problems.map((it) => `${it.file}:${it.line}`)).toEqual([
    'polcy/health.yaml:1',
    'policy/health.yaml:1',
    'policy/health.yaml:2',
  ])
})

test('H-POL-02 a directory that is not there is a fault, not an empty policy', async () => {
  const read = await readRunbooks({ dir: '/nowhere/at/all', now })
  expect(read).toMatchObject({ ok: false, problems: [{ reason: expect.stringContaining('ENOENT') }] })
})

test('H-POL-03 the hash follows what is said: not comments, order, layout or spelled-out defaults', async () => {
  const hashOf = async (text: string) => {
    const { dir } = await directory({ 'policy/health.yaml': text })
    const read = await readRunbooks({ dir, now })
    return read.ok ? read.runbooks.hash : 'faulty'
  }
  const plain = await hashOf('gpu:\n  marginWarnC: 6\n  vramWarnPercent: 90\n')
  expect(plain).toMatch(/^[0-9a-f]{64}$/)
  expect(await hashOf('# why\ngpu: { vramWarnPercent: 90, marginWarnC: 6, marginBreachC: 0 }\n')).toBe(plain)
  expect(await hashOf('gpu:\n  marginWarnC: 7\n  vramWarnPercent: 90\n')).not.toBe(plain)
})

test('H-POL-04 a reload with a fault keeps the last good runbooks and says why, until it is repaired', async () => {
  const { dir, write } = await directory({ 'policy/health.yaml': 'gpu:\n  marginWarnC: 6\n' })
  const shelf = await createRunbooks({ dir, now })
  const good = shelf.current()
  expect(good.health.gpu.marginWarnC).toBe(6)

  await write('policy/health.yaml', 'gpu:\n  marginWarnC: warm\n')
  expect(await shelf.reload(now)).toHaveLength(1)
  expect(shelf.current()).toBe(good)
  expect(shelf.problems()).toHaveLength(1)

  await write('policy/health.yaml', 'gpu:\n  marginWarnC: 8\n')
  expect(await shelf.reload(now)).toEqual([])
  expect(shelf.current().health.gpu.marginWarnC).toBe(8)
})

test('H-POL-04 a first reading with a fault leaves the shipped defaults, with the fault in sight', async () => {
  const { dir } = await directory({ 'policy/health.yaml': 'gpu: 3\n' })
  const shelf = await createRunbooks({ dir, now })
  expect(shelf.current().health).toEqual(DEFAULT_HEALTH_POLICY)
  expect(shelf.problems()).toHaveLength(1)
})

test('H-POL-02 another room adds a folder with its own schema', async () => {
  const kind = { folder: 'messages', schema: z.strictObject({ title: z.string() }) }
  const { dir } = await directory({
    'messages/p1.yaml': 'title: Down\n',
    'messages/p2.yaml': 'title: Slow\n',
  })
  const read = await readRunbooks({ dir, now, kinds: [HEALTH_POLICY_KIND, kind] })
  const entries = read.ok ? entriesOf(read.runbooks, kind) : []
  expect(entries.map(({ name, value }) => [name, value.title])).toEqual([
    ['p1', 'Down'],
    ['p2', 'Slow'],
  ])
})

test('H-POL-02 the check command prints file:line:column and fails, and passes on what is shipped', async () => {
  const { dir } = await directory({ 'policy/health.yaml': 'gpu:\n  temp: 3\n' })
  const cli = (...args: string[]) => run('node_modules/.bin/tsx', ['lib/runbooks/check-cli.ts', ...args])
  await expect(cli(dir)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('policy/health.yaml:2:3: gpu.temp'),
  })
  const { stdout } = await cli('--json')
  expect(JSON.parse(stdout)).toMatchObject({ ok: true })
})
