import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { parseReport } from '../agent/agent-run'
import { startAgents } from './agents'
import { agentReport } from './protocols/agent-report'
import { createSimulator } from './simulator'
import { smallScenario, T0_MS } from './testing'

const target = { instances: [1] }

function reportAt(event: Record<string, unknown>): ReturnType<typeof parseReport> {
  const scenario = smallScenario({ timeline: [{ at: '10s', ...event }] })
  const { world } = createSimulator({ scenario, startMs: T0_MS, wallMs: () => 0 }).running()
  const instance = world.fleet.instances[0]
  if (instance === undefined) throw new Error('the world has no instance')
  const at = { offsetMs: 600_000, timeMs: T0_MS + 600_000 }
  return parseReport(JSON.stringify(agentReport({ world, instance, at, sequence: 1, intervalSeconds: 12 })))
}

describe('the report of a simulated agent is valid and shows the trouble', () => {
  test.each([
    ['nothing', { event: 'instance-restart', for: '20s', target }, { nvidiaSmi: { state: 'ok' } }],
    [
      'a card off the bus',
      { event: 'gpu-xid', code: 79, target: { ...target, gpu: 0 } },
      { gpus: [{ state: 'lost' }] },
    ],
    ['a wedged driver', { event: 'gpu-xid', code: 119, target }, { nvidiaSmi: { state: 'hung' } }],
    [
      'a worker that gave up',
      { event: 'workers-stopped', state: 'FATAL', program: 'worker-gpu', target },
      {
        supervisor: {
          processes: [{ state: 'RUNNING' }, { name: 'worker-gpu', state: 'FATAL' }, { state: 'RUNNING' }],
        },
      },
    ],
    ['a full disk', { event: 'instance-disk', share: 0.97, target }, { disks: [{}, { usedPercent: 97 }] }],
    [
      'a wrong endpoint',
      { event: 'workers-wrong-endpoint', target },
      { endpoints: { TEMPORAL_ADDRESS: { hostPort: 'localhost:7233' } } },
    ],
    [
      'a missing model',
      { event: 'model', state: 'missing', target },
      { models: { patterns: [{ matches: 1 }] } },
    ],
  ])('%s', (_, event, part) => {
    const report: Record<string, unknown> = { ...reportAt(event) }
    const { gpus, ...rest } = part as { gpus?: unknown[] }
    expect(report).toMatchObject(rest)
    if (gpus !== undefined) expect((report.gpus as unknown[])[0]).toMatchObject(gpus[0] as object)
  })
})

test('instances with a token push in sequence and with their own token, a dead one is silent', async () => {
  const received: { instance: string; sequence: number; authorization: string | undefined }[] = []
  let enough: () => void = () => {}
  const done = new Promise<void>((resolve) => {
    enough = resolve
  })
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const { instanceId, sequence } = JSON.parse(body)
      received.push({ instance: instanceId, sequence, authorization: request.headers.authorization })
      response.writeHead(202).end()
      if (received.length === 4) enough()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const scenario = smallScenario({ timeline: [{ at: '0s', event: 'host-loss', target: { instances: [2] } }] })
  const simulator = createSimulator({ scenario, startMs: T0_MS, wallMs: () => 0 })
  const agents = startAgents({
    running: simulator.running,
    consoleUrl: `http://127.0.0.1:${port}`,
    tokens: { 9100001: 'token-one', 9100002: 'token-two' },
    intervalSeconds: 0.05,
    onProblem: (problem) => expect.unreachable(problem),
  })
  await done
  agents.stop()
  server.close()
  server.closeAllConnections()
  expect(received.slice(0, 4)).toEqual(
    [1, 2, 3, 4].map((sequence) => ({ instance: '9100001', sequence, authorization: 'Bearer token-one' })),
  )
})
