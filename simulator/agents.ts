import { spoil } from './faults'
import { agentReport } from './protocols/agent-report'
import type { Running } from './simulator'

export type AgentsInput = {
  readonly running: () => Running
  readonly consoleUrl: string
  /** Token by instance id. */
  readonly tokens: Readonly<Record<string, string>>
  readonly intervalSeconds: number
  readonly onProblem: (problem: string) => void
}

export type Agents = { stop(): void }

const DELIVERY_TIMEOUT_MS = 10_000

/** Pushes the reports of those instances that have a token, each with one delivery under way at most. */
export function startAgents(input: AgentsInput): Agents {
  const stopped = new AbortController()
  const timers = Object.keys(input.tokens).map((id, index, all) => {
    let sequence = 0
    let busy = false
    const tick = (): void => {
      if (busy) return
      busy = true
      sequence += 1
      push(input, Number(id), sequence, stopped.signal)
        .catch((error: unknown) => {
          if (!stopped.signal.aborted) input.onProblem(`agent of ${id}: ${String(error)}`)
        })
        .finally(() => {
          busy = false
        })
    }
    const first = setTimeout(tick, (index * input.intervalSeconds * 1000) / all.length)
    return { first, every: setInterval(tick, input.intervalSeconds * 1000) }
  })
  return {
    stop() {
      stopped.abort()
      for (const { first, every } of timers) {
        clearTimeout(first)
        clearInterval(every)
      }
    },
  }
}

async function push(input: AgentsInput, id: number, sequence: number, stopped: AbortSignal): Promise<void> {
  const { running, consoleUrl, tokens, intervalSeconds } = input
  const { world, clock, faults } = running()
  const instance = world.instance(id)
  if (instance === undefined) return
  const nowMs = clock.offsetMs()
  const fault = faults.find('agent', { path: `/${instance.id}` }, nowMs)
  const silent = fault?.event.fault === 'refused' || fault?.event.fault === 'blackhole'
  if (silent || !world.instanceAt(instance, nowMs).serving) return
  const offsetMs = fault?.event.fault === 'stale' ? fault.fromMs : nowMs
  const at = { offsetMs, timeMs: world.startMs + offsetMs }
  const report = agentReport({ world, instance, at, sequence, intervalSeconds })
  const whole = { status: 200, type: 'application/json', body: JSON.stringify(report) }
  const { body } = fault === undefined ? whole : spoil(fault.event, () => whole)
  const response = await fetch(new URL('/api/agent/report', consoleUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens[String(instance.id)]}` },
    body,
    signal: AbortSignal.any([stopped, AbortSignal.timeout(DELIVERY_TIMEOUT_MS)]),
  })
  await response.arrayBuffer()
  if (!response.ok) input.onProblem(`agent of ${instance.id}: the console answered ${response.status}`)
}
