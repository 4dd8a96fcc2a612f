import pg from 'pg'
import { connectPorts } from '../connect'
import type { Console } from '../console'
import { type Collector, startCollector } from '../health/collect'
import type { HealthPolicy } from '../health/policy'
import { poolConfig } from '../platform/db'
import { readSourceConfigs } from '../settings/store'
import type { Triage } from '../triage/advance'
import type { Forest } from '../triage/forest'
import type { Held, Job } from './runner'
import { triageOf } from './triage'

type Running = {
  readonly collector: Collector
  readonly triage: Triage
  readonly close: () => Promise<void>
  readonly key: string
}

async function listenFor(console: Console, on: (channel: string) => void): Promise<() => Promise<void>> {
  let client: pg.Client | undefined
  let ended = false
  async function open(): Promise<void> {
    const {
      max: _max,
      idleTimeoutMillis: _idle,
      ...config
    } = poolConfig({
      url: console.env.DATABASE_URL,
      name: 'collector-listen',
      max: 1,
    })
    const opened = new pg.Client(config)
    client = opened
    const again = (): void => {
      if (client !== opened || ended) return
      client = undefined
      opened.end().catch(() => undefined)
      setTimeout(() => void open().catch(again), 1_000).unref()
    }
    opened.on('error', again)
    opened.on('end', again)
    opened.on('notification', (message) => on(message.channel))
    await opened.connect()
    await opened.query('LISTEN watchfloor_agent; LISTEN watchfloor_look; LISTEN watchfloor_triage')
  }
  await open()
  return async () => {
    ended = true
    await client?.end().catch(() => undefined)
  }
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
      const stopListening = await listenFor(console, (channel) => {
        if (channel === 'watchfloor_agent') running.collector.wakeInbox()
        if (channel === 'watchfloor_look') running.collector.lookAtFleetNow()
        if (channel === 'watchfloor_triage') running.triage.wake()
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
