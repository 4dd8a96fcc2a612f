import { type Scenario, scenarioSchema } from './scenario'
import { createSimulator, type Simulator } from './simulator'

export const T0_MS = Date.parse('2026-11-21T09:00:00Z')

type WorldInput = {
  readonly world?: Record<string, unknown>
  readonly timeline?: readonly Record<string, unknown>[]
  readonly seed?: number
}

/** A valid small scenario: 12 GPUs on 4 instances, two queues, no rate limits. */
export function smallScenario({ world, timeline, seed }: WorldInput = {}): Scenario {
  return scenarioSchema.parse({
    id: 'small',
    title: 'A small world',
    seed: seed ?? 5,
    world: {
      gpus: 12,
      instances: 4,
      rateLimitFactor: 0,
      statusPage: 'operational',
      queues: [
        { name: 'video-processing@gpu', arrivalPerSecond: 1 },
        { name: 'video-processing@cpu', arrivalPerSecond: 1 },
      ],
      ...world,
    },
    timeline: timeline ?? [],
  })
}

export type Steered = {
  readonly simulator: Simulator
  readonly url: string
  readonly grpcPort: number
  /** Moves the world to this offset. */
  at(offsetMs: number): void
}

/** A listening simulator whose clock stands still until it is moved. */
export async function startWorld(scenario: Scenario): Promise<Steered> {
  let wallMs = 0
  const simulator = createSimulator({ scenario, startMs: T0_MS, wallMs: () => wallMs })
  const ports = await simulator.listen({ http: 0, grpc: 0 })
  return {
    simulator,
    url: `http://127.0.0.1:${ports.http}`,
    grpcPort: ports.grpc,
    at(offsetMs) {
      wallMs = offsetMs / scenario.speed
    },
  }
}

export const KEY = { headers: { authorization: 'Bearer simulated-key' } }
