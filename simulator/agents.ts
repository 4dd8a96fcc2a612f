import type { SimClock } from './clock'
import { type Faults, spoil } from './faults'
import { agentReport } from './protocols/agent-report'
import type { SimInstance } from './world/build'
import type { World } from './world/world'

export type AgentsInput = {
  readonly world: World
  readonly clock: SimClock
  readonly faults: Faults
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
  const timers = agentsOf(input).map((instance, index, all) => {
    let sequence = 0
    let busy = false
    const tick = (): void => {
      if (busy) return
      busy = true
      sequence += 1
      push(input, instance, sequence, stopped.signal)
        .catch((error: unknown) => {
          if (!stopped.signal.aborted) input.onProblem(`agent of ${instance.id}: ${String(error)}`)
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

function agentsOf({ world, tokens }: AgentsInput): SimInstance[] {
  return world.fleet.instances.filter((instance) => tokens[String(instance.id)] !== undefined)
}

async function push(
  input: AgentsInput,
  instance: SimInstance,
  sequence: number,
  stopped: AbortSignal,
): Promise<void> {
  const { world, clock, faults, consoleUrl, tokens, intervalSeconds } = input
  const nowMs = clock.offsetMs()
  const fault = faults.find('agent', `/${instance.id}`, nowMs)
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
