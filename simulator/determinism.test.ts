import { createHash } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { loadScenario } from './scenario'
import { KEY, type Steered, startWorld } from './testing'

const PATHS = [
  '/vast/api/v1/instances/?limit=25',
  '/vast/api/v0/users/current/',
  '/vast/api/v0/instances/9100005/?owner=me',
  '/prometheus/api/v1/query?query=DCGM_FI_DEV_GPU_UTIL',
  '/prometheus/api/v1/alerts',
  '/prometheus/api/v1/rules',
  '/prometheus/api/v1/targets',
  '/metrics/dcgm',
  '/metrics/integration',
  '/statuspage/api/v2/summary.json',
  '/integration/health',
  '/llama/9100003/health',
  '/control/state',
  '/control/instances',
]
const OFFSETS_MS = [0, 95_000, 255_000, 3_600_000, 86_400_000]
const worlds: Steered[] = []

afterAll(() => Promise.all(worlds.map(({ simulator }) => simulator.close())))

async function world(): Promise<Steered> {
  const scenario = loadScenario('runbooks/scenarios/demo.yaml')
  const started = await startWorld({ ...scenario, world: { ...scenario.world, rateLimitFactor: 0 } })
  worlds.push(started)
  return started
}

/** Path, status and a digest of the body's bytes. */
async function digests({ url, at }: Steered, offsetMs: number): Promise<string[]> {
  at(offsetMs)
  const all: string[] = []
  for (const path of PATHS) {
    const response = await fetch(url + path, KEY)
    const bytes = Buffer.from(await response.arrayBuffer())
    all.push(`${path} ${response.status} ${createHash('sha256').update(bytes).digest('hex')}`)
  }
  return all
}

test('the same scenario, seed and time give byte-equal answers', async () => {
  const [one, two] = [await world(), await world()]
  for (const offsetMs of OFFSETS_MS)
    expect(await digests(one, offsetMs)).toEqual(await digests(two, offsetMs))
})

test('the world does not depend on the way to an instant', async () => {
  const [walked, jumped] = [await world(), await world()]
  for (let offsetMs = 0; offsetMs < 600_000; offsetMs += 60_000) await digests(walked, offsetMs)
  expect(await digests(walked, 1_000_000)).toEqual(await digests(jumped, 1_000_000))
})
