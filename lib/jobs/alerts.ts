import { createAlertWatch } from '../alerts/advance'
import { createInboxDrain, type InboxDrain } from '../alerts/advance-inbox'
import { type AlertRule, type AlertsPolicy, DEFAULT_ALERTS_POLICY } from '../alerts/policy'
import type { AlertPorts } from '../alerts/ports'
import { allowedTargets } from '../connect'
import type { Console } from '../console'
import { createBoardReader } from '../health/board-load'
import { readHostFigures } from '../health/host-load'
import { isUnavailable } from '../platform/db'
import { createHttp } from '../platform/http'
import { createRounds } from '../platform/rounds'
import { ALERTS_POLICY_KIND } from '../runbooks/kinds'
import { contentHash, entriesOf, type Runbooks } from '../runbooks/load'
import { readSourceConfigs } from '../settings/store'
import { createAlertmanager } from '../sources/alertmanager/alertmanager'
import { createPrometheus } from '../sources/prometheus/prometheus'
import { listen } from './listen'
import type { Job } from './runner'

const DRAIN_MS = 1_000
const TICK_MS = 1_000
const BOARD_MAX_AGE_MS = 60_000
const REPORT_MAX_AGE_MS = 90_000
const PROBLEM_EVERY_MS = 10_000

/** alertsPolicyOf gives the alerts policy of the current runbooks, parsed once per reading. */
export function alertsPolicyOf(current: () => Runbooks): () => AlertsPolicy {
  let read: { readonly runbooks: Runbooks; readonly policy: AlertsPolicy } | undefined
  return () => {
    const runbooks = current()
    if (read?.runbooks !== runbooks) {
      const policy = entriesOf(runbooks, ALERTS_POLICY_KIND)[0]?.value ?? DEFAULT_ALERTS_POLICY
      read = { runbooks, policy }
    }
    return read.policy
  }
}

/** Says a repeated problem once in a while, so that a database that is away does not fill the log. */
function quietly(app: Console, what: string): (error: unknown) => void {
  let saidAtMs = -Infinity
  return (error) => {
    const nowMs = app.clock.monotonicMs()
    if (nowMs - saidAtMs < PROBLEM_EVERY_MS) return
    saidAtMs = nowMs
    if (isUnavailable(error)) app.log.warn({ err: error }, what)
    else app.log.error({ err: error }, what)
  }
}

/** startAlertInbox understands stored deliveries in this process; every worker runs one, without a lease. */
export function startAlertInbox(
  app: Console,
  options: { readonly policy: () => AlertsPolicy; readonly onTruncated?: () => void },
): { readonly drain: InboxDrain; readonly stop: () => Promise<void> } {
  const drain = createInboxDrain(app, options)
  const complain = quietly(app, 'stored deliveries could not be understood yet')
  const rounds = createRounds(async () => {
    await drain.drain()
    await drain.tellConsoles()
  }, complain)
  const timer = setInterval(rounds.ask, DRAIN_MS)
  const stopListening = listen(app, {
    name: 'alerts-listen',
    channels: ['watchfloor_hooks'],
    on: rounds.ask,
    onProblem: quietly(app, 'not woken by deliveries; looking every second'),
  })
  void rounds.ask()
  return {
    drain,
    stop: async () => {
      clearInterval(timer)
      await (await stopListening)()
      await rounds.stop()
    },
  }
}

async function connectAlertPorts(
  app: Console,
): Promise<{ readonly ports: AlertPorts; readonly key: string; readonly close: () => Promise<void> }> {
  const { configs } = await readSourceConfigs(app)
  const { env, clock } = app
  const http = createHttp({ allow: allowedTargets(configs, env), clock })
  const { alertmanager, prometheus } = configs
  const ports: AlertPorts = {
    ...(alertmanager
      ? { alertmanager: createAlertmanager({ ...alertmanager, baseUrl: alertmanager.url, http }) }
      : {}),
    ...(prometheus
      ? { prometheus: createPrometheus({ baseUrl: prometheus.url, token: prometheus.token, http, clock }) }
      : {}),
  }
  return { ports, key: JSON.stringify([alertmanager, prometheus]), close: () => http.close() }
}

/** alertsJob judges our own rules and the heartbeat, and looks at the alert source once a minute and whenever asked. */
export function alertsJob(
  app: Console,
  options: { readonly policy: () => AlertsPolicy; readonly onChange: () => void },
): Job & { readonly pollSoon: () => void } {
  let pollDueAtMs = 0
  return {
    name: 'alerts',
    pollSoon: () => {
      pollDueAtMs = 0
    },
    start: async ({ epoch, held }) => {
      let connected = await connectAlertPorts(app)
      const watch = createAlertWatch(app, {
        policy: options.policy,
        hashOf: (rule: AlertRule) => contentHash(rule),
        ports: () => connected.ports,
        board: createBoardReader(app.hot, BOARD_MAX_AGE_MS),
        hosts: (now) => readHostFigures(app.hot, now, REPORT_MAX_AGE_MS),
        epoch,
        onChange: options.onChange,
      })
      const complain = quietly(app, 'the alerts job could not do its work; it goes on with the next second')

      async function reconnect(): Promise<void> {
        const fresh = await connectAlertPorts(app)
        const stale = fresh.key === connected.key ? fresh : connected
        if (stale === connected) connected = fresh
        await stale.close()
      }

      const rounds = createRounds(async () => {
        if (!held()) return
        const now = app.clock.now()
        await watch.tick(now)
        if (app.clock.monotonicMs() < pollDueAtMs) return
        pollDueAtMs = app.clock.monotonicMs() + options.policy().reconcile.everySeconds * 1_000
        await reconnect()
        await watch.poll(now)
      }, complain)
      const timer = setInterval(rounds.tick, TICK_MS)
      return async () => {
        clearInterval(timer)
        await rounds.stop()
        await connected.close()
      }
    },
  }
}
