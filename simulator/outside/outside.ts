import { randomBytes } from 'node:crypto'
import { CLOSED, json, type Reply, type SimRequest, text } from '../reply'

/** Who is told things: what is said there stays said, whatever scenario is played. */
export const TARGETS = ['slack', 'slack-hook', 'statuspage-manage', 'pagerduty', 'receiver'] as const
export type Target = (typeof TARGETS)[number]

/** How a target misbehaves when somebody writes to it; `revoked` counts for reads too. */
export const OUTSIDE_FAULTS = [
  'accept-then-hang',
  'hang',
  'rate-limited',
  'error-after-accept',
  'error',
  'not-ok',
  'revoked',
] as const
export type OutsideFault = (typeof OUTSIDE_FAULTS)[number]

export type Rule = {
  readonly fault: OutsideFault
  /** How many writes it strikes; without it, all until it is taken away. */
  times?: number
  /** Only every n-th write is struck. */
  readonly every?: number
  readonly retryAfterSeconds?: number
  /** What an answer with ok:false says. */
  readonly error?: string
}

/** One thing that a target took in, under the mark that came with it. */
export type Received = {
  readonly target: Target
  readonly what: string
  readonly mark: string
  readonly at: string
  readonly text: string
}

const HANG_MS = 60_000
const KEPT = 100_000

/** Everything that was said to the outside, and how the outside behaves. */
export class Outside {
  private readonly taken: Received[] = []
  private readonly rules = new Map<Target, Rule>()
  private readonly writes = new Map<Target, number>()

  received(): readonly Received[] {
    return this.taken
  }

  take(entry: Omit<Received, 'at'>): void {
    if (this.taken.length < KEPT) this.taken.push({ ...entry, at: new Date().toISOString() })
  }

  set(target: Target, rule: Rule | undefined): void {
    this.writes.set(target, 0)
    if (rule === undefined) this.rules.delete(target)
    else this.rules.set(target, { ...rule })
  }

  rulesNow(): Readonly<Record<string, Rule>> {
    return Object.fromEntries(this.rules)
  }

  clear(): void {
    this.taken.length = 0
    this.rules.clear()
  }

  isRevoked(target: Target): boolean {
    return this.rules.get(target)?.fault === 'revoked'
  }

  /** write lets a target take something in, as the rule in force allows. */
  write(target: Target, accept: () => Reply, notOk: (error: string) => Reply): Reply {
    const rule = this.strikes(target)
    switch (rule?.fault) {
      case undefined:
      case 'revoked':
        return accept()
      case 'accept-then-hang':
        accept()
        return { ...CLOSED, delayMs: HANG_MS }
      case 'hang':
        return { ...CLOSED, delayMs: HANG_MS }
      case 'error-after-accept':
        accept()
        return text('upstream failed\n', 502)
      case 'error':
        return text('upstream failed\n', 503)
      case 'rate-limited':
        return {
          ...json({ ok: false, error: 'ratelimited' }, 429),
          headers: { 'retry-after': String(rule.retryAfterSeconds ?? 1) },
        }
      case 'not-ok':
        return notOk(rule.error ?? 'internal_error')
    }
  }

  private strikes(target: Target): Rule | undefined {
    const rule = this.rules.get(target)
    if (rule === undefined) return undefined
    const count = (this.writes.get(target) ?? 0) + 1
    this.writes.set(target, count)
    if (rule.every !== undefined && count % rule.every !== 0) return undefined
    if (rule.times === undefined) return rule
    if (rule.times <= 0) return undefined
    rule.times -= 1
    return rule
  }
}

export function shortId(): string {
  return [...randomBytes(12)].map((byte) => (byte % 36).toString(36)).join('')
}

export function bodyOf(request: SimRequest): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(request.body === '' ? '{}' : request.body)
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

export function objectOf(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {}
}
