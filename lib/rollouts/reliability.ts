import { nameOf, type Plan } from '../deployments/model'
import type { Core } from './model'

/** Entry is what is kept of one deployment for good: what went out, how it went, on what it was decided. */
export type Entry = {
  readonly deployment: string
  readonly service: string
  readonly environment: string
  readonly versions: { readonly before: string; readonly after: string }
  readonly digests: { readonly before: string; readonly after: string }
  readonly planHash: string
  readonly revision: number
  readonly policyVersion: string
  readonly requester: string
  readonly approvals: readonly { readonly handle: string; readonly at: string }[]
  readonly overrides: readonly {
    readonly rules: readonly string[]
    readonly reason: string
    readonly by: string
  }[]
  readonly startedAt: string
  readonly endedAt: string
  readonly outcome: string
  /** exposureMinutes weighs each minute with the share of what served: 10 minutes at 10 % are one. */
  readonly exposureMinutes: number
  readonly maxPercent: number
  readonly steps: readonly {
    readonly what: string
    readonly state: string
    readonly measuredPercent: number | null
    readonly detail: string
  }[]
  readonly triggersFired: readonly string[]
  readonly back: {
    readonly cause: string
    readonly by: string
    readonly seconds: number | null
    readonly isByFigures: boolean | null
  } | null
  readonly announcements: { readonly sent: number; readonly late: number }
  readonly committedAt: string | null
  readonly kind: string
  readonly decisions: readonly {
    readonly at: string
    readonly verb: string
    readonly sentence: string
    readonly by: string
  }[]
}

type EntryInput = {
  readonly row: {
    readonly number: number
    readonly service: string
    readonly environment: string
    readonly plan: Plan
    readonly core: Core
    readonly state: string
    readonly policyVersion: string
    readonly requester: string
    readonly startedAt: Date
  }
  readonly now: Date
  readonly notices: readonly { readonly kind: string; readonly dueAt: Date; readonly sentAt: Date | null }[]
  readonly decisions: readonly {
    readonly at: Date
    readonly verb: string
    readonly sentence: string
    readonly by: string
  }[]
  readonly planHash: string
  readonly revision: number
  readonly approvals: readonly { readonly handle: string; readonly at: Date }[]
  readonly overrides: readonly {
    readonly ruleIds: readonly string[]
    readonly reason: string
    readonly askedBy: string
  }[]
}

const LATE_MS = 60_000

/** entryOf writes the entry of a rollout that is over. */
export function entryOf(input: EntryInput): Entry {
  const { row, now } = input
  const { core, plan } = row
  const exposed = core.steps.filter((step) => step.beganMs !== null && !isRung(step.kind))
  const minutes = exposed.reduce((sum, step) => {
    const until = step.endedMs ?? now.getTime()
    const share = (step.exposurePercent ?? step.percent) / 100
    return sum + ((until - (step.observedMs ?? until)) / 60_000) * share
  }, 0)
  return {
    deployment: nameOf(row.number),
    service: row.service,
    environment: row.environment,
    versions: { before: plan.rollback.tag, after: plan.artifacts[0]?.tag ?? '' },
    digests: { before: plan.rollback.digest, after: plan.artifacts[0]?.digest ?? '' },
    planHash: input.planHash,
    revision: input.revision,
    policyVersion: row.policyVersion,
    requester: row.requester,
    approvals: input.approvals.map(({ handle, at }) => ({ handle, at: at.toISOString() })),
    overrides: input.overrides.map(({ ruleIds, reason, askedBy }) => ({
      rules: ruleIds,
      reason,
      by: askedBy,
    })),
    startedAt: row.startedAt.toISOString(),
    endedAt: now.toISOString(),
    outcome: row.state,
    exposureMinutes: Math.round(Math.max(0, minutes) * 10) / 10,
    maxPercent: Math.max(0, ...exposed.map((step) => step.exposurePercent ?? step.percent)),
    steps: core.steps.map((step) => ({
      what: step.kind === 'expose' ? `${step.percent} %` : step.kind,
      state: step.state,
      measuredPercent: step.exposurePercent,
      detail: step.detail,
    })),
    triggersFired: Object.entries(core.triggers).flatMap(([id, memory]) =>
      memory.firedMs === null ? [] : [id],
    ),
    back: core.back
      ? {
          cause: core.back.cause.words,
          by: core.back.cause.by,
          seconds:
            core.back.doneMs === null ? null : Math.round((core.back.doneMs - core.back.decidedMs) / 1_000),
          isByFigures: core.back.isByFigures,
        }
      : null,
    announcements: {
      sent: input.notices.length,
      late: input.notices.filter(({ dueAt, sentAt }) => (sentAt?.getTime() ?? 0) - dueAt.getTime() > LATE_MS)
        .length,
    },
    committedAt: plan.about.committedAt ?? null,
    kind: plan.kind,
    decisions: input.decisions.map(({ at, verb, sentence, by }) => ({
      at: at.toISOString(),
      verb,
      sentence,
      by,
    })),
  }
}

function isRung(kind: string): boolean {
  return !['expose', 'bake', 'finish'].includes(kind)
}

/** Dora are the figures of deliveries over a time, each with how many entries it was made of; null where there are none. */
export type Dora = {
  readonly days: number
  readonly deployments: number
  readonly perDay: number
  readonly leadTimeHours: number | null
  readonly changeFailPercent: number | null
  readonly recoveryMinutes: number | null
  readonly reworkPercent: number | null
  readonly overridePercent: number | null
}

/** DORA_WORDS define each figure as it is counted here. */
export const DORA_WORDS: readonly {
  readonly key: keyof Dora
  readonly name: string
  readonly means: string
}[] = [
  {
    key: 'perDay',
    name: 'Deployment frequency',
    means: 'Deployments to production that reached anybody, a day.',
  },
  {
    key: 'leadTimeHours',
    name: 'Change lead time',
    means: 'Median from the newest commit of the image to the end of a deployment that succeeded, in hours.',
  },
  {
    key: 'changeFailPercent',
    name: 'Change fail rate',
    means:
      'Deployments that went back, failed, or whose successor within 24 h was a fix, of all that reached anybody.',
  },
  {
    key: 'recoveryMinutes',
    name: 'Failed deployment recovery time',
    means: 'Median from the decision to go back until the stable version was seen everywhere, in minutes.',
  },
  { key: 'reworkPercent', name: 'Rework rate', means: 'Deployments whose plan was a fix, of all.' },
  {
    key: 'overridePercent',
    name: 'Override rate',
    means: 'Deployments that broke a rule on purpose, of all.',
  },
]

/** doraOf counts the figures of entries over so many days. */
export function doraOf(entries: readonly Entry[], days: number): Dora {
  const all = entries.filter((entry) => entry.environment === 'production' && entry.maxPercent > 0)
  const share = (count: number): number | null => (all.length === 0 ? null : (count / all.length) * 100)
  const failed = all.filter((entry) => entry.outcome !== 'succeeded' || isFixedSoon(entry, all))
  return {
    days,
    deployments: all.length,
    perDay: days === 0 ? 0 : all.length / days,
    leadTimeHours: median(
      all.flatMap((entry) =>
        entry.outcome === 'succeeded' && entry.committedAt !== null
          ? [(Date.parse(entry.endedAt) - Date.parse(entry.committedAt)) / 3_600_000]
          : [],
      ),
    ),
    changeFailPercent: share(failed.length),
    recoveryMinutes: median(
      all.flatMap((entry) => (entry.back?.seconds == null ? [] : [entry.back.seconds / 60])),
    ),
    reworkPercent: share(all.filter((entry) => entry.kind === 'fix').length),
    overridePercent: share(all.filter((entry) => entry.overrides.length > 0).length),
  }
}

function isFixedSoon(entry: Entry, all: readonly Entry[]): boolean {
  const endMs = Date.parse(entry.endedAt)
  return all.some(
    (other) =>
      other.service === entry.service &&
      other.kind === 'fix' &&
      Date.parse(other.startedAt) > endMs &&
      Date.parse(other.startedAt) - endMs < 24 * 3_600_000,
  )
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = Math.floor(sorted.length / 2)
  const high = sorted[middle]
  if (high === undefined) return null
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? high) + high) / 2
}

/** markdownOf writes entries as a document, newest first. */
export function markdownOf(entries: readonly Entry[], dora: Dora): string {
  const figures = DORA_WORDS.map(({ key, name, means }) => {
    const value = dora[key]
    return `- **${name}**: ${value === null ? 'not known' : Math.round(value * 100) / 100}. ${means}`
  })
  const parts = entries.map((entry) =>
    [
      `## ${entry.deployment} ${entry.service} ${entry.versions.before} → ${entry.versions.after}`,
      '',
      `- Outcome: ${entry.outcome.replace('_', ' ')}, ${entry.startedAt} to ${entry.endedAt}`,
      `- Image: ${entry.digests.after}`,
      `- Approved by: ${entry.approvals.map(({ handle }) => handle).join(', ') || 'nobody'}; asked for by ${entry.requester}`,
      ...entry.overrides.map(
        ({ rules, reason, by }) => `- Rules left out: ${rules.join(', ')} (${by}: ${reason})`,
      ),
      `- Exposure: at most ${entry.maxPercent} %, ${entry.exposureMinutes} weighed minutes`,
      ...(entry.back
        ? [
            `- Went back: ${entry.back.cause} (${entry.back.by}), ${entry.back.seconds === null ? 'not finished' : `${entry.back.seconds} s`}`,
          ]
        : []),
      `- Announcements: ${entry.announcements.sent}, of them late: ${entry.announcements.late}`,
      '',
      ...entry.decisions.map(({ at, sentence, by }) => `1. ${at} ${sentence} (${by})`),
      '',
    ].join('\n'),
  )
  return ['# Reliability log', '', ...figures, '', ...parts].join('\n')
}
