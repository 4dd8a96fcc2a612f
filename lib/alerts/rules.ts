import type { HostFigures } from '../health/host-figures'
import type { Board, Figure } from '../health/wire'
import type { AlertMessage } from './model'
import type { AlertRule, AlertsPolicy } from './policy'
import { IDLE, stepTrigger, type TickVerdict, type TriggerState } from './trigger'

/** Kept is one trigger between ticks: its rule's hash, the grid points of its last step and of its last real look, its state. */
export type Kept = {
  readonly hash: string
  readonly tick: number
  readonly lookedAt: number
  readonly state: TriggerState
}

/** TriggerMemory is every trigger of our own rules by `rule` or `rule/subject`. */
export type TriggerMemory = Readonly<Record<string, Kept>>

/** Look is one subject of a rule at one moment. */
type Look = {
  readonly subject: string
  readonly verdict: TickVerdict
  readonly shown: string
  /** isThere is false for a subject that is only remembered. */
  readonly isThere: boolean
}

const FORGET_MS = 600_000

/** RulesInput is everything that a tick of our own rules depends on. */
export type RulesInput = {
  readonly policy: AlertsPolicy
  /** hashOf gives the content hash of a rule: an episode keeps the one that it began under. */
  readonly hashOf: (rule: AlertRule) => string
  /** board is undefined when nobody has published one lately: every look is then unknown. */
  readonly board: Board | undefined
  /** hosts is what agents say of their machines now; undefined when it could not be read. */
  readonly hosts?: readonly HostFigures[] | undefined
  readonly memory: TriggerMemory
  readonly now: Date
}

/** tickOf is the grid point that an instant belongs to. */
export function tickOf(now: Date, policy: AlertsPolicy): number {
  return Math.floor(now.getTime() / (policy.trigger.tickSeconds * 1_000))
}

/** evaluateRules moves every trigger to the grid point of `now` and tells what began or ended; a second call in a tick changes nothing. */
export function evaluateRules(input: RulesInput): {
  readonly memory: TriggerMemory
  readonly messages: readonly AlertMessage[]
} {
  const { policy, memory, now } = input
  const next: Record<string, Kept> = {}
  const messages: AlertMessage[] = []
  for (const rule of policy.rules) {
    for (const look of looksOf(rule, input)) {
      const key = look.subject === '' ? rule.id : `${rule.id}/${look.subject}`
      const before = memory[key]
      const after = moved({ rule, look, before, input })
      next[key] = after
      const was = before?.state.phase === 'firing'
      const is = after.state.phase === 'firing'
      if (is && !was) messages.push(messageOf({ rule, look, kept: after, now, status: 'firing' }))
      if (was && !is && before)
        messages.push(messageOf({ rule, look, kept: before, now, status: 'resolved' }))
    }
  }
  for (const [key, kept] of Object.entries(memory)) {
    if (next[key] === undefined && kept.state.phase === 'firing') messages.push(orphanOf(key, kept, now))
  }
  return { memory: next, messages }
}

function moved(options: {
  readonly rule: AlertRule
  readonly look: Look
  readonly before: Kept | undefined
  readonly input: RulesInput
}): Kept {
  const { rule, look, input } = options
  const { policy } = input
  const tick = tickOf(input.now, policy)
  const hash = input.hashOf(rule)
  const isChanged = options.before !== undefined && options.before.hash !== hash
  const before = isChanged && options.before?.state.phase !== 'firing' ? undefined : options.before
  if (before && tick <= before.tick) return before
  const numbers = { ...policy.trigger, holdSeconds: rule.holdSeconds }
  const stepMs = policy.trigger.tickSeconds * 1_000
  let state = before?.state ?? IDLE
  // Grid points that nobody looked at are missing data; beyond the largest gap more of them change nothing.
  const missed = before
    ? Math.min(tick - before.tick - 1, 1 + Math.ceil(numbers.maxGapSeconds / policy.trigger.tickSeconds))
    : 0
  for (let point = tick - missed; point < tick; point += 1)
    state = stepTrigger(state, { verdict: 'unknown', atMs: point * stepMs }, numbers)
  state = stepTrigger(state, { verdict: look.verdict, atMs: tick * stepMs }, numbers)
  return {
    hash: before?.state.phase === 'firing' ? before.hash : hash,
    tick,
    lookedAt: look.isThere ? tick : (before?.lookedAt ?? tick),
    state,
  }
}

/** A subject that left the board, or whose agent fell silent, is remembered as unknown for a while: a restarted collector lists nothing at first. */
function looksOf(rule: AlertRule, input: RulesInput): readonly Look[] {
  const read = looksOn(rule, input)
  const there = read ?? []
  const seen = new Set(there.map((look) => look.subject))
  const tick = tickOf(input.now, input.policy)
  const forgetTicks = FORGET_MS / (input.policy.trigger.tickSeconds * 1_000)
  const remembered = Object.entries(input.memory)
    .filter(([key]) => key === rule.id || key.startsWith(`${rule.id}/`))
    .filter(([, kept]) => !read || tick - kept.lookedAt <= forgetTicks)
    .map(([key]) => key.slice(rule.id.length + 1))
    .filter((subject) => !seen.has(subject))
  return [
    ...there,
    ...remembered.map((subject) => ({
      subject,
      verdict: 'unknown' as const,
      shown: 'unknown',
      isThere: false,
    })),
  ]
}

/** Every subject of a rule that can be looked at now; undefined when nobody can look. */
function looksOn(rule: AlertRule, { board, hosts }: RulesInput): readonly Look[] | undefined {
  const { signal } = rule
  if (signal.kind === 'hosts') return hosts?.map((host) => hostLook(host, signal))
  if (!board) return undefined
  switch (signal.kind) {
    case 'api':
      return [figureLook(board.api[signal.figure], signal)]
    case 'credit':
      return [figureLook(board.credit[signal.figure], signal)]
    case 'services':
      return board.services.map((row) => ratedLook(row.id, row))
    case 'queues':
      return board.queues.map((row) => ratedLook(`${row.type}/${row.name}`, row))
  }
}

type Limit = { readonly above?: number | undefined; readonly below?: number | undefined }

function verdictOn(value: number, { above, below }: Limit): TickVerdict {
  const isBeyond = (above !== undefined && value > above) || (below !== undefined && value < below)
  return isBeyond ? 'breach' : 'ok'
}

function figureLook(figure: Figure, limit: Limit): Look {
  const { value, rating, unit } = figure
  if (value === null || rating === 'unknown' || rating === 'stale')
    return { subject: '', verdict: 'unknown', shown: 'unknown', isThere: true }
  return { subject: '', verdict: verdictOn(value, limit), shown: `${value} ${unit}`.trim(), isThere: true }
}

function hostLook(
  host: HostFigures,
  signal: Limit & { readonly figure: 'memoryPercent' | 'cpuLoadPercent' },
): Look {
  const value = host[signal.figure]
  return {
    subject: host.instanceId,
    verdict: value === undefined ? 'unknown' : verdictOn(value, signal),
    shown: value === undefined ? 'unknown' : `${value} %`,
    isThere: true,
  }
}

function ratedLook(
  subject: string,
  row: { readonly rating: Board['services'][number]['rating']; readonly reason: string },
): Look {
  const { rating, reason } = row
  const verdict =
    rating === 'breach' ? 'breach' : rating === 'clear' || rating === 'warning' ? 'ok' : 'unknown'
  return { subject, verdict, shown: reason, isThere: true }
}

function messageOf(options: {
  readonly rule: AlertRule
  readonly look: Look
  readonly kept: Kept
  readonly now: Date
  readonly status: AlertMessage['status']
}): AlertMessage {
  const { rule, look, kept, now, status } = options
  const { signal } = rule
  const limit = 'figure' in signal ? (signal.above ?? signal.below) : undefined
  const sentence = rule.sentence
    .replaceAll('{subject}', look.subject)
    .replaceAll('{value}', look.shown)
    .replaceAll('{limit}', limit === undefined ? '' : String(limit))
  const seen = kept.state.creditedSeconds
  return {
    ...ownMessage({ key: look.subject === '' ? rule.id : `${rule.id}/${look.subject}`, kept, now, status }),
    name: rule.name,
    severity: rule.level,
    level: rule.level,
    labels: {
      alertname: rule.name,
      rule: rule.id,
      severity: rule.level,
      ...(look.subject === '' ? {} : { subject: look.subject }),
    },
    annotations: {
      summary: sentence,
      ...(rule.action === '' ? {} : { action: rule.action }),
      observed: `breach observed for ${seen} s, needed ${rule.holdSeconds} s`,
    },
  }
}

function ownMessage(options: {
  readonly key: string
  readonly kept: Kept
  readonly now: Date
  readonly status: AlertMessage['status']
}): AlertMessage {
  const { key, kept, now, status } = options
  const startsAt = new Date(kept.state.sinceMs ?? now.getTime())
  const isOver = status === 'resolved'
  return {
    source: 'watchfloor',
    fingerprint: key.slice(0, 200),
    status,
    startsAt,
    startsRaw: startsAt.toISOString(),
    endsAt: isOver ? now : undefined,
    endsRaw: isOver ? now.toISOString() : '',
    name: key,
    severity: 'P3',
    level: 'P3',
    labels: { rule: key },
    annotations: {},
    link: '',
    via: 'rule',
    ...(isOver ? { resolvedBy: 'rule' as const } : {}),
    policyHash: kept.hash,
    receivedAt: now,
  }
}

/** A rule or a subject that is gone can't be judged any more, so its open episode ends and says why. */
function orphanOf(key: string, kept: Kept, now: Date): AlertMessage {
  return {
    ...ownMessage({ key, kept, now, status: 'resolved' }),
    annotations: { summary: 'The rule or what it watched is no longer there.' },
  }
}
