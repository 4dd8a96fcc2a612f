import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RecordedGpu } from '../connect-history'
import type { Console } from '../console'
import { testConsole } from '../platform/testing/database'
import { findQuery } from '../registry'
import { runQuery } from '../run'

let console: Console

beforeAll(async () => {
  console = await testConsole()
})

afterAll(async () => {
  await console.close()
})

const recorded: RecordedGpu = {
  ok: true,
  stepSeconds: 15,
  t: [1, 16],
  util: [90, 91],
  temp: [60, null],
  vram: [5, 6],
}

test.each<[string, RecordedGpu | undefined, object]>([
  [
    'Prometheus where it has the card',
    recorded,
    { source: 'prometheus', note: '', temp: [60, null], rating: [null, null] },
  ],
  [
    'our own minutes where Prometheus fails, with the reason',
    { ok: false, sentence: 'HTTP 503' },
    { source: 'checkpoints', note: 'HTTP 503', t: [] },
  ],
  ['our own minutes where none is connected', undefined, { source: 'checkpoints', note: '', t: [] }],
])('a GPU’s past says its source: %s', async (_name, told, answer) => {
  const actor = { kind: 'machine', id: 'test', permissions: ['health.read'] } as const
  const scope = {
    console: { ...console, db: console.db, gpuHistoryOf: async () => told },
    actor,
    now: console.clock.now(),
    requestId: 'test',
  }
  const found = await runQuery(findQuery('health.gpuHistory'), scope, {
    instanceId: '9100001',
    index: 0,
    minutes: 60,
  })
  expect(found).toMatchObject(answer)
})
