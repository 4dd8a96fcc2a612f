import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Console } from '../console'
import { testConsole } from '../platform/testing/database'
import { startRunbookWatch } from './load-watch'
import { runbooksFaults } from './operations'
import { readRunbookState } from './store'

let console: Console

beforeAll(async () => {
  console = await testConsole()
})

afterAll(async () => {
  await console.close()
})

async function watched(text: string) {
  const dir = await mkdtemp(join(tmpdir(), 'runbooks-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const write = async (next: string): Promise<void> => {
    await mkdir(join(dir, 'policy'), { recursive: true })
    await writeFile(join(dir, 'policy/health.yaml'), next)
  }
  await write(text)
  const app = { ...console, env: { ...console.env, WATCHFLOOR_RUNBOOKS: dir } }
  const watch = await startRunbookWatch(app)
  onTestFinished(() => watch.stop())
  return { watch, write }
}

async function faults() {
  const actor = { kind: 'machine', id: 'test', permissions: ['runbooks.read-faults'] } as const
  return runbooksFaults.run({ console, actor, now: console.clock.now(), requestId: 'test' }, {})
}

test('H-POL-05 a changed file counts without a restart, and an unchanged one stays the same object', async () => {
  const { watch, write } = await watched('gpu:\n  marginWarnC: 6\n')
  const first = watch.current()
  await watch.look()
  expect(watch.current()).toBe(first)
  await write('# why\ngpu: { marginWarnC: 6 }\n')
  await watch.look()
  expect(watch.current()).toBe(first)
  await write('gpu:\n  marginWarnC: 8\n')
  await watch.look()
  expect(watch.current().health.gpu.marginWarnC).toBe(8)
  expect((await readRunbookState(console))?.hash).toBe(watch.current().hash)
})

test('H-POL-06 a bad file is told with file, line and reason once it has settled, the last good one stays, and the repair ends it', async () => {
  const { watch, write } = await watched('gpu:\n  marginWarnC: 6\n')
  expect((await faults()).problems).toEqual([])
  await write('gpu:\n  marginWarnC: warm\n')
  await watch.look()
  expect((await faults()).problems).toEqual([])
  await watch.look()
  expect((await faults()).problems).toMatchObject([
    { file: 'policy/health.yaml', line: 2, reason: expect.stringContaining('expected number') },
  ])
  expect(watch.current().health.gpu.marginWarnC).toBe(6)
  const hints = await console.db.liveHint.count({ where: { topic: 'runbooks' } })
  await watch.look()
  expect(await console.db.liveHint.count({ where: { topic: 'runbooks' } })).toBe(hints)
  await write('gpu:\n  marginWarnC: 7\n')
  await watch.look()
  expect((await faults()).problems).toEqual([])
  expect(watch.current().health.gpu.marginWarnC).toBe(7)
})
