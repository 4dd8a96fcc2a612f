import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Console } from '../console'
import { testConsole } from '../platform/testing/database'
import { hostFigures } from './host-figures'
import { readHostFigures } from './host-load'

let console: Console

beforeAll(async () => {
  console = await testConsole()
})

afterAll(async () => {
  await console.close()
})

const UNKNOWN = { unknown: 'not_supported' }
const memory = { totalBytes: 1000, availableBytes: 400, limitBytes: 500, usedBytes: 450 }
const load = { load1: 9, load5: 6, load15: 3, cpuCount: 8 }

test.each<[string, object, object, number | undefined, number | undefined]>([
  ['its container’s limit where there is one', memory, load, 90, 75],
  ['the host where the limit is none', { ...memory, limitBytes: UNKNOWN }, load, 60, 75],
  ['the host where the limit is larger than it', { ...memory, limitBytes: 9e18 }, load, 60, 75],
  [
    'unknown use of a limit is unknown, not the host’s',
    { ...memory, usedBytes: UNKNOWN },
    load,
    undefined,
    75,
  ],
  ['nothing known', {}, {}, undefined, undefined],
  ['no processors', memory, { ...load, cpuCount: 0 }, 90, undefined],
])('H-HST-01 memory is measured against %s', (_name, memoryOf, loadOf, memoryPercent, cpuLoadPercent) => {
  const found = hostFigures({ instanceId: '1', at: new Date(0), memory: memoryOf, load: loadOf })
  expect(found).toMatchObject({ memoryPercent, cpuLoadPercent })
})

test('H-HST-02 a report that is old says nothing, and a recorded one says what it holds', async () => {
  const now = console.clock.now()
  const body = JSON.parse(readFileSync('agent/fixtures/reports/healthy-h100-8x.json', 'utf8'))
  const old = new Date(now.getTime() - 120_000)
  await console.db.agentReport.createMany({
    data: [
      { instanceId: 'fresh', receivedAt: now, body },
      { instanceId: 'old', receivedAt: old, body },
    ],
  })
  expect(await readHostFigures(console.hot, now, 90_000)).toEqual([
    { instanceId: 'fresh', at: now, memoryPercent: 30.5, cpuLoadPercent: 18.3 },
  ])
})
