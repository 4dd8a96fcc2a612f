import { z } from 'zod'
import type { Console } from '../console'
import { loadDeployRules } from '../deployments/load-rules'
import { nameOf } from '../deployments/model'
import { incidentName } from '../incidents/model'
import { defineQuery } from '../operation'
import { AppError } from '../platform/errors'
import { sqlOf } from '../platform/sql'
import { backtest, type Past } from './backtest'
import { effectivePolicy } from './effective'
import { loadRolloutPolicy } from './load-policy'
import { type RolloutPolicy, triggerId } from './policy'
import { recomputed } from './recompute'
import { doraOf, type Entry, markdownOf } from './reliability'
import { hashOf, rolloutOf } from './rollout-store'
import { pastSeries, ticksOf } from './tick-store'
import { viewOf } from './view'

const number = z.number().int().positive()
const DAY_MS = 86_400_000

/** one gives a rollout as its page shows it, with decisions, announcements and the journal of its steps. */
export const one = defineQuery({
  name: 'rollouts.one',
  summary:
    'Gives a rollout with its steps, triggers, gate, decisions and announcements; null when there is none yet.',
  permission: 'rollouts.read',
  input: z.strictObject({ number }),
  run: async ({ console, now }, input) => {
    const { db } = console
    const row = await rolloutOf(db, input.number)
    if (!row) return null
    const until = (row.endedAt ?? now).getTime()
    const [ticks, decisions, notices, journal, incident] = await Promise.all([
      ticksOf(sqlOf(console.hot), row.id, {
        fromMs: Math.max(row.core.startedMs, until - 3 * 3_600_000),
        untilMs: until,
      }),
      db.rolloutDecision.findMany({
        where: { rolloutId: row.id },
        orderBy: { seq: 'desc' },
        take: 100,
        omit: { inputs: true },
      }),
      db.rolloutNotice.findMany({ where: { rolloutId: row.id }, orderBy: { dueAt: 'desc' }, take: 50 }),
      db.rolloutStep.findMany({
        where: { rolloutId: row.id },
        orderBy: { seq: 'desc' },
        take: 100,
        omit: { epoch: true },
      }),
      row.incidentId === null
        ? null
        : db.incident.findFirst({
            where: { id: row.incidentId, visibility: { not: 'restricted' } },
            select: { number: true, drill: true },
          }),
    ])
    return {
      view: viewOf({ row, ticks, nowMs: now.getTime() }),
      decisions: decisions.map(({ seq, at, verb, sentence, by, trace, inputHash }) => ({
        seq,
        atMs: at.getTime(),
        verb,
        sentence,
        by,
        trace: trace as unknown as readonly {
          rule: string
          name: string
          result: string
          seen: string
          wanted: string
        }[],
        hash: inputHash.slice(0, 12),
      })),
      notices: notices.map(({ slot, kind, dueAt, sentAt, text, by, channels }) => ({
        slot,
        kind,
        dueMs: dueAt.getTime(),
        sentMs: sentAt?.getTime() ?? null,
        text,
        by,
        channels,
      })),
      journal: journal.map(({ seq, at, kind, percent, state, attempt, detail }) => ({
        seq,
        atMs: at.getTime(),
        kind,
        percent,
        state,
        attempt,
        detail,
      })),
      incident: incident ? incidentName(incident.number, incident.drill) : null,
    }
  },
})

/** recompute judges a stored decision once more from its own inputs and says whether the same comes out. */
export const recompute = defineQuery({
  name: 'rollouts.recompute',
  summary: 'Judges a stored decision once more from its own inputs and says whether the same comes out.',
  permission: 'rollouts.read',
  input: z.strictObject({ number, seq: z.number().int().positive() }),
  run: async ({ console }, input) => {
    const row = await rolloutOf(console.db, input.number)
    const stored = row
      ? await console.db.rolloutDecision.findUnique({
          where: { rolloutId_seq: { rolloutId: row.id, seq: input.seq } },
        })
      : null
    if (!row || !stored) throw new AppError('not_found', 'There is no such decision.')
    const hash = hashOf(stored.inputs)
    const again = recomputed(stored.inputs, row.policy)
    return {
      isSameHash: hash === stored.inputHash,
      isSame: again !== undefined && again.verb === stored.verb && again.sentence === stored.sentence,
      hash,
      sentence: again?.sentence ?? 'A start has no inputs of its own.',
    }
  },
})

const OUTCOMES_AT_MOST = 200

/** wouldHave runs one trigger over the stored past under other numbers. */
export const wouldHave = defineQuery({
  name: 'rollouts.would-have',
  summary: 'Says when a trigger would have fired over past deployments under other numbers.',
  permission: 'rollouts.read',
  input: z.strictObject({
    service: z.string().min(1).max(60),
    /** trigger is its id in the policy, e.g. error_ratio.canary; the first one where it is left out. */
    trigger: z.string().min(3).max(60).optional(),
    breachAbove: z.number().optional(),
    holdSeconds: z.number().int().min(0).max(7_200).optional(),
    days: z.number().int().min(1).max(90).default(30),
  }),
  run: async ({ console, now }, { service, trigger, days, ...moved }) => {
    const policy = await policyFor(console, service, now)
    const rule = trigger ? policy.triggers.find((one) => triggerId(one) === trigger) : policy.triggers[0]
    if (!rule) throw new AppError('invalid', `The policy has no trigger ${trigger}.`)
    const sinceMs = now.getTime() - days * DAY_MS
    const rows = await console.db.rollout.findMany({
      where: { service, environment: 'production', startedAt: { gte: new Date(sinceMs) } },
      orderBy: { startedAt: 'desc' },
      take: OUTCOMES_AT_MOST,
      select: { id: true, number: true, state: true, startedAt: true },
    })
    const series = await pastSeries(sqlOf(console.hot), {
      service,
      track: rule.track,
      signal: rule.signal,
      sinceMs,
      rollouts: rows.map(({ id }) => id),
    })
    const past: readonly Past[] = [
      ...rows.map(({ number: of, state, startedAt }) => ({
        name: nameOf(of),
        outcome: state,
        startedMs: startedAt.getTime(),
      })),
      { name: 'quiet days', outcome: 'quiet', startedMs: sinceMs },
    ]
    const numbers = {
      ...(moved.breachAbove === undefined ? {} : { breachAbove: moved.breachAbove }),
      ...(moved.holdSeconds === undefined ? {} : { holdSeconds: moved.holdSeconds }),
    }
    const answer = backtest(policy, rule, numbers, { past, series })
    const band = policy.bands[rule.signal]
    return {
      ...answer,
      stretches: answer.stretches.filter(({ outcome, ticks }) => outcome !== 'quiet' || ticks > 0),
      signal: rule.signal,
      isLessWorse: band?.isLessWorse === true,
      mode: rule.mode,
      shipped: { breachAbove: band?.breachAbove ?? null, holdSeconds: rule.holdSeconds },
      triggers: policy.triggers.map(triggerId),
    }
  },
})

/** What counts for a service: its own thresholds stand over those of all rollouts. */
async function policyFor(console: Console, service: string, now: Date): Promise<RolloutPolicy> {
  const policy = await loadRolloutPolicy(console, now)
  const own = (await loadDeployRules(console, now)).services.get(service)
  return own ? effectivePolicy(policy, own) : policy
}

/** log gives the reliability log with the figures of deliveries. */
export const log = defineQuery({
  name: 'rollouts.log',
  summary: 'Gives the reliability log of deployments with the DORA figures, and as Markdown.',
  permission: 'rollouts.read',
  input: z.strictObject({
    days: z.number().int().min(1).max(730).default(90),
    service: z.string().max(60).optional(),
  }),
  run: async ({ console, now }, { days, service }) => {
    const rows = await console.db.reliabilityEntry.findMany({
      where: {
        at: { gte: new Date(now.getTime() - days * DAY_MS) },
        ...(service === undefined ? {} : { service }),
      },
      orderBy: { at: 'desc' },
      take: 500,
    })
    const entries = rows.map(({ entry }) => entry as unknown as Entry)
    const dora = doraOf(entries, days)
    return { entries, dora, markdown: markdownOf(entries, dora) }
  },
})

/** images gives tags and what runs as two facts, the promotions, the holds and the hotfixes of a service. */
export const images = defineQuery({
  name: 'rollouts.images',
  summary: 'Gives the promotions of images, the digests on hold and the hotfixes.',
  permission: 'rollouts.read',
  input: z.strictObject({}),
  run: async ({ console, now }) => {
    const { db } = console
    const [promotions, holds, hotfixes, running] = await Promise.all([
      db.imagePromotion.findMany({ orderBy: { at: 'desc' }, take: 100 }),
      db.serviceHold.findMany({ orderBy: { at: 'desc' }, take: 100 }),
      db.hotfix.findMany({ orderBy: { at: 'desc' }, take: 100 }),
      db.rollout.findMany({
        where: { environment: 'production' },
        orderBy: { startedAt: 'desc' },
        take: 50,
        select: { service: true, number: true, state: true, plan: true, look: true, lookedAt: true },
      }),
    ])
    const newest = new Map(running.toReversed().map((row) => [row.service, row]))
    return {
      services: [...newest.values()].map(({ service, number: of, state, plan, look, lookedAt }) => {
        const { artifacts, rollback } = plan as unknown as {
          artifacts: readonly { image: string; digest: string; tag: string }[]
          rollback: { digest: string; tag: string }
        }
        const runs =
          state === 'succeeded' || state === 'baking' ? artifacts[0] : { ...artifacts[0], ...rollback }
        const tagged = promotions.find(
          (it) =>
            it.toTag === 'stable' &&
            it.image === artifacts[0]?.image &&
            (it.state === 'done' || it.state === 'already'),
        )
        return {
          service,
          deployment: nameOf(of),
          running: {
            tag: runs?.tag ?? '',
            digest: runs?.digest ?? '',
            atMs: lookedAt?.getTime() ?? null,
            words: (look as { detail?: string } | null)?.detail ?? '',
          },
          stableTag: tagged ? { digest: tagged.toDigest, atMs: tagged.at.getTime() } : null,
        }
      }),
      promotions: promotions.map((it) => ({
        id: it.id,
        image: it.image,
        tag: it.toTag,
        from: it.fromDigest,
        to: it.toDigest,
        state: it.state,
        detail: it.detail,
        by: it.by,
        atMs: it.at.getTime(),
      })),
      holds: holds.map((it) => ({
        id: it.id,
        service: it.service,
        digest: it.digest,
        reason: it.reason,
        by: it.by,
        atMs: it.at.getTime(),
        liftedBy: it.liftedBy,
      })),
      hotfixes: hotfixes.map((it) => ({
        id: it.id,
        number: it.number,
        version: it.version,
        service: it.service,
        environment: it.environment,
        instance: it.instance,
        files: it.files as unknown as readonly { path: string; content: string }[],
        reason: it.reason,
        owner: it.owner,
        state: it.state,
        atMs: it.at.getTime(),
        dueMs: it.dueAt.getTime(),
        isOverdue: it.endedAt === null && it.dueAt < now,
        evidence: [
          it.commit,
          it.digest,
          it.deploymentNumber === null ? '' : nameOf(it.deploymentNumber),
        ].filter((word) => word !== ''),
      })),
    }
  },
})
