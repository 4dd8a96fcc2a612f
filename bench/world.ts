import { agentReport } from '../simulator/protocols/agent-report'
import { loadScenario, type Scenario } from '../simulator/scenario'
import type { SimInstance } from '../simulator/world/build'
import { World } from '../simulator/world/world'

/** Twin is the simulated world once more in this process: it says what an agent there would report now. */
export type Twin = {
  readonly scenario: Scenario
  readonly instances: readonly SimInstance[]
  readonly report: (instance: SimInstance, change: ReportChange) => Record<string, unknown>
}

/** ReportChange is what a report says otherwise than the world: whether the first card slows down for heat. */
export type ReportChange = { readonly sequence: number; readonly hot: boolean }

const IDLE_MASK = '0x0000000000000004'
const HOT_MASK = '0x0000000000000020'

/** twinOf builds the world of a scenario as of `startMs` (epoch ms). */
export function twinOf(file: string, startMs: number): Twin {
  const scenario = loadScenario(file)
  const world = new World(scenario, startMs)
  return {
    scenario,
    instances: world.fleet.instances,
    report: (instance, { sequence, hot }) => {
      const offsetMs = Date.now() - startMs
      const at = { offsetMs, timeMs: Date.now() }
      const report = agentReport({ world, instance, at, sequence, intervalSeconds: 12 })
      const [first, ...others] = Array.isArray(report.gpus) ? report.gpus : []
      if (first === undefined) throw new Error(`instance ${instance.id} reports no GPU`)
      const changed = {
        ...first,
        clockEventReasons: hot ? HOT_MASK : IDLE_MASK,
        swThermalSlowdown: hot,
        hwThermalSlowdown: false,
        hwSlowdown: false,
      }
      return { ...report, gpus: [changed, ...others] }
    },
  }
}

/** instanceIds lists the ids of a scenario's instances, in the order in which they are numbered. */
export function instanceIds(file: string): readonly string[] {
  return new World(loadScenario(file), 0).fleet.instances.map(({ id }) => String(id))
}
