import { connectPorts } from '../connect'
import type { Console } from '../console'
import { type Collector, startCollector } from '../health/collect'
import type { HealthPolicy } from '../health/policy'
import { readSourceConfigs } from '../settings/store'
import type { Triage } from '../triage/advance'
import type { Forest } from '../triage/forest'
import { listen } from './listen'
import type { Held, Job } from './runner'
import { triageOf } from './triage'

type Running = {
  readonly collector: Collector
  readonly triage: Triage
  readonly close: () => Promise<void>
  readonly key: string
}

/** collectorJob watches the world with the sources as configured now, and starts anew when their settings change. */
export function collectorJob(console: Console, policy: () => HealthPolicy, forest: () => Forest): Job {
  const { log, env, clock, hot } = console

  async function run(held: Held): Promise<Running> {
    const { configs, problems } = await readSourceConfigs(console)
    for (const problem of problems)
      log.error({ source: problem.id, problem: problem.sentence }, 'source left out')
    const connected = connectPorts(configs, { env, clock })
    const triage = triageOf(console, { forest, ports: connected.triage, held: held.held })
    const collector = await startCollector({
      hot,
      clock,
      log,
      ports: connected.ports,
      policy,
      epoch: held.epoch,
      held: held.held,
      simulated: env.WATCHFLOOR_SIMULATED,
      onScene: triage.onScene,
    })
    return { collector, triage, close: connected.close, key: JSON.stringify(configs) }
  }

  return {
    name: 'collector',
    start: async (held) => {
      let running = await run(held)
      let restarting: Promise<void> | undefined
      const restartIfChanged = async (): Promise<void> => {
        const { configs } = await readSourceConfigs(console)
        if (JSON.stringify(configs) === running.key || !held.held()) return
        log.info('source settings changed: looking anew')
        await running.collector.stop()
        await running.triage.stop()
        await running.close()
        running = await run(held)
      }
      const check = (): void => {
        restarting ??= restartIfChanged()
          .catch((error: unknown) => log.error({ err: error }, 'sources could not be reloaded'))
          .finally(() => {
            restarting = undefined
          })
      }
      const stopListening = await listen(console, {
        name: 'collector-listen',
        channels: ['watchfloor_agent', 'watchfloor_look', 'watchfloor_triage'],
        on: (channel) => {
          if (channel === 'watchfloor_agent') running.collector.wakeInbox()
          if (channel === 'watchfloor_look') running.collector.lookAtFleetNow()
          if (channel === 'watchfloor_triage') running.triage.wake()
        },
        onProblem: (error) => log.warn({ err: error }, 'not woken by reports; looking every five seconds'),
      })
      const timer = setInterval(check, 2_000)
      return async () => {
        clearInterval(timer)
        await stopListening()
        await restarting
        await running.collector.stop()
        await running.triage.stop()
        await running.close()
      }
    },
  }
}
