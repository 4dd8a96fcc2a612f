import type { Console } from '../console'
import type { HostFigures } from '../health/host-figures'
import type { Board } from '../health/wire'
import { BLIND, judgeHeartbeat } from './heartbeat'
import type { AlertRule, AlertsPolicy } from './policy'
import type { AlertPorts, ListedSilence } from './ports'
import { type Plan, planReconcile } from './reconcile'
import { commitPoll, commitRules, type Notice, readHeartbeat, readMemory } from './reconcile-store'
import { evaluateRules, type TriggerMemory, tickOf } from './rules'

/** WatchOptions are what the alerts job works with; `epoch` comes from its lease. */
export type WatchOptions = {
  readonly policy: () => AlertsPolicy
  readonly hashOf: (rule: AlertRule) => string
  readonly ports: () => AlertPorts
  /** board gives the newest published board, undefined when it is older than a minute. */
  readonly board: (now: Date) => Promise<Board | undefined>
  /** hosts gives what agents say of their machines now. */
  readonly hosts: (now: Date) => Promise<readonly HostFigures[]>
  readonly epoch: number
  /** onChange is called when alerts changed. */
  readonly onChange: () => void
}

/** AlertWatch is what one process does at a time: our own rules, the heartbeat, the look at the alert source. */
export type AlertWatch = {
  /** tick moves our own rules to the grid point of now; calls within a grid point cost nothing. */
  readonly tick: (now: Date) => Promise<void>
  /** poll looks at the alert source now, if one is connected; gives what it changed. */
  readonly poll: (now: Date) => Promise<Plan | undefined>
}

/** PollMemory is what the job remembers of its looks at the alert source, and what the screen says about them. */
export type PollMemory = {
  readonly okAt: string | null
  readonly triedAt: string
  readonly failures: number
  readonly detail: string
  /** isRefused tells that our token is not taken. */
  readonly isRefused?: boolean
  readonly listed: number
  readonly disagreeing: readonly string[]
}

/** createAlertWatch continues from the stored memory. */
export function createAlertWatch(console: Console, options: WatchOptions): AlertWatch {
  const { hot } = console
  let memory: TriggerMemory | undefined
  let lastTick = -1
  let expectedSince: Date | undefined

  async function rules(now: Date): Promise<void> {
    memory ??= ((await readMemory(hot, 'triggers')) ?? {}) as TriggerMemory
    const policy = options.policy()
    const board = await options.board(now)
    const isAsked = policy.rules.some((rule) => rule.signal.kind === 'hosts')
    const hosts = isAsked ? await options.hosts(now) : undefined
    const result = evaluateRules({ policy, hashOf: options.hashOf, board, hosts, memory, now })
    const write = {
      messages: result.messages,
      memory: result.memory,
      id: 'triggers',
      epoch: options.epoch,
      now,
    }
    await commitRules(hot, write)
    memory = result.memory
    if (result.messages.length > 0) options.onChange()
  }

  async function heartbeat(now: Date): Promise<void> {
    const policy = options.policy().heartbeat
    const kept = (await readMemory(hot, 'heartbeat')) as { expectedSince?: string } | undefined
    expectedSince ??= kept?.expectedSince ? new Date(kept.expectedSince) : now
    const seen = await readHeartbeat(hot, { alertname: policy.alertname, blind: BLIND })
    const message = judgeHeartbeat({ ...seen, expectedSince }, policy, now)
    await commitRules(hot, {
      messages: message ? [message] : [],
      memory: {
        expectedSince: expectedSince.toISOString(),
        alertname: policy.alertname,
        intervalSeconds: policy.intervalSeconds,
        lastDeliveredAt: seen.lastDeliveredAt?.toISOString() ?? null,
      },
      id: 'heartbeat',
      epoch: options.epoch,
      now,
    })
    if (message) options.onChange()
  }

  return {
    tick: async (now) => {
      const tick = tickOf(now, options.policy())
      if (tick <= lastTick) return
      await rules(now)
      await heartbeat(now)
      lastTick = tick
    },
    poll: (now) => pollOnce(console, options, now),
  }
}

async function pollOnce(console: Console, options: WatchOptions, now: Date): Promise<Plan | undefined> {
  const { alertmanager, prometheus } = options.ports()
  if (!alertmanager) return undefined
  const before = ((await readMemory(console.hot, 'poll:alertmanager')) ?? {}) as Partial<PollMemory>
  const [alerts, silences, startedAt, rules] = await Promise.all([
    alertmanager.alerts(),
    alertmanager.silences(),
    alertmanager.startedAt(),
    prometheus?.alerts(),
  ])
  const commit = {
    epoch: options.epoch,
    now,
    silences: silences.ok ? withinReason(silences.value) : undefined,
  }
  if (!alerts.ok) {
    const failures = (before.failures ?? 0) + 1
    const sentence = `Alertmanager's list could not be read (${alerts.detail}): a lost delivery would not be found.`
    await commitPoll(console.hot, {
      ...commit,
      fingerprints: [],
      plan: () => NOTHING,
      notices: () => [{ id: 'poll-failed:alertmanager', sentence: failures > 1 ? sentence : undefined }],
      memory: (): PollMemory => ({
        okAt: before.okAt ?? null,
        triedAt: now.toISOString(),
        failures,
        detail: alerts.detail,
        isRefused: alerts.why === 'source_refused',
        listed: before.listed ?? 0,
        disagreeing: before.disagreeing ?? [],
      }),
    })
    options.onChange()
    return undefined
  }
  const plan = await commitPoll(console.hot, {
    ...commit,
    fingerprints: alerts.value.map((alert) => alert.fingerprint),
    plan: (stored) =>
      planReconcile({
        listed: alerts.value,
        stored,
        rules: rules?.ok ? rules.value : undefined,
        polledAt: now,
        sourceStartedAt: startedAt.ok ? startedAt.value : undefined,
        policy: options.policy(),
      }),
    notices: (result) => noticesOf(result, new Set(before.disagreeing)),
    memory: (result): PollMemory => ({
      okAt: now.toISOString(),
      triedAt: now.toISOString(),
      failures: 0,
      detail: alerts.drift.join('; '),
      listed: alerts.value.length,
      disagreeing: result.disagreeing,
    }),
  })
  options.onChange()
  return plan
}

const NOTHING: Plan = {
  appear: [],
  reopen: [],
  close: [],
  marks: [],
  undelivered: 0,
  disagreeing: [],
  onlyAtRules: 0,
  unreadable: 0,
}

function withinReason(silences: readonly ListedSilence[]): readonly ListedSilence[] {
  const known = new Map(silences.map((silence) => [silence.id, silence]))
  return [...known.values()]
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

/** A difference between two looks a moment apart is normal; one that two polls in a row see is not. */
function noticesOf(plan: Plan, disagreedBefore: ReadonlySet<string>): readonly Notice[] {
  const lasting = plan.disagreeing.filter((fingerprint) => disagreedBefore.has(fingerprint)).length
  return [
    { id: 'poll-failed:alertmanager', sentence: undefined },
    { id: 'truncated:alertmanager', sentence: undefined },
    {
      id: 'webhook-silent:alertmanager',
      sentence:
        plan.undelivered === 0
          ? undefined
          : `The webhook is silent: the poll found ${counted(plan.undelivered, 'alert', 'alerts')} that no delivery brought. See that Alertmanager's route leads here and that its token is right.`,
    },
    {
      id: 'disagree:prometheus',
      sentence:
        lasting === 0
          ? undefined
          : `Alertmanager holds ${counted(lasting, 'alert', 'alerts')} that Prometheus does not fire: Prometheus decides what fires, Alertmanager what is silenced.`,
    },
    {
      id: 'unreadable:alertmanager',
      sentence:
        plan.unreadable === 0
          ? undefined
          : `${counted(plan.unreadable, 'entry', 'entries')} of Alertmanager's list could not be read.`,
    },
  ]
}
