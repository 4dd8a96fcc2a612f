import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PublicRows } from './model'
import { keepRows, keptRows } from './projection-load'

const run = promisify(execFile)
const KEY = `k1:${Buffer.alloc(32, 7).toString('base64')}`
const at = new Date('2026-11-18T02:29:41.000Z')
let folder = ''

const ROWS: PublicRows = {
  page: {
    name: 'Northlight',
    url: 'https://status.northlight.example',
    timeZone: 'Etc/UTC',
    confirmedAt: at,
    sequence: 4,
    updatedAt: at,
  },
  components: [
    {
      id: 'api000000000',
      name: 'API',
      description: '',
      position: 0,
      state: 'operational',
      createdAt: at,
      updatedAt: at,
    },
  ],
  changes: [],
  incidents: [],
  updates: [],
  maintenances: [],
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emergency-'))
  await keepRows(folder, ROWS)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A process of its own with nothing but a folder and a key: no console, no database. */
async function emergency(...args: readonly string[]) {
  const env = {
    PATH: process.env.PATH,
    WATCHFLOOR_STATUS_DIR: folder,
    WATCHFLOOR_KEY: KEY,
    NODE_ENV: 'test' as const,
  }
  return run(process.execPath, ['--import', 'tsx', 'lib/status/emergency-cli.ts', ...args], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  )
}

it('S-EMG-01 publishes with nothing but a folder and the key, and the page is no longer what it was', async () => {
  const said = await emergency(
    ...['--title', 'API requests fail', '--by', 'ana', '--severity', 'P1', '--next', '+20', '--json'],
    ...['--body', 'API requests fail for all customers. We are investigating.'],
    ...['--component', 'api=major_outage'],
  )
  expect(said).toMatchObject({ code: 0 })
  const told = JSON.parse(said.stdout)
  expect(told.results).toEqual([{ id: 'folder', files: expect.any(Number) }])
  const index = await readFile(join(folder, 'public', 'index.html'), 'utf8')
  expect(index).toContain('API requests fail')
  expect(index).toContain('Major outage')
  expect(index).not.toContain('All systems operational')
  const summary = JSON.parse(await readFile(join(folder, 'public', 'api/v2/summary.json'), 'utf8'))
  expect(summary.status.indicator).toBe('critical')
  expect(summary.incidents[0].id).toBe(told.incident)
  expect((await keptRows(folder))?.incidents).toHaveLength(1)
}, 30_000)

it('says that links were not opened, and judges the text all the same', async () => {
  const said = await emergency(
    ...['--title', 'API requests fail', '--by', 'ana', '--next', '+20', '--check'],
    ...['--component', 'api=major_outage'],
    ...['--body', 'API requests fail for all customers. See https://status.northlight.example/how.'],
  )
  expect(said.stderr).toContain('not judged X09 Its link was not opened')
  expect(said.stderr).toContain('https://status.northlight.example/how')
}, 30_000)

it('S-EMG-03 publishes nothing that the linter blocks', async () => {
  const before = await readFile(join(folder, 'public', 'index.html'), 'utf8')
  const said = await emergency(
    ...['--title', 'API requests fail', '--by', 'ana', '--next', '+20', '--component', 'api=major_outage'],
    ...['--body', 'API requests fail. password=hunter2hunter2 [fill in]'],
  )
  expect(said.code).toBe(1)
  expect(said.stderr).toMatch(/X01/)
  expect(await readFile(join(folder, 'public', 'index.html'), 'utf8')).toBe(before)
}, 30_000)
