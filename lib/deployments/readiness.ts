import { type Approvals, type Asked, approvalsOf, unfillable } from './approvals'
import { type ItemStanding, isMet } from './checklist'
import { startConditions } from './conditions-start'
import { noCanary } from './exposure'
import type { Looks } from './looks'
import { type Plan, plannedMinutesOf, shortDigest } from './model'
import { activeRules, isWaivable, waivedSlots } from './overrides'
import type { Condition, Raw, Situation } from './situation'
import { type WayBack, wayBackOf } from './way-back'
import { closingsAt, latestSafeStart, type WindowStanding, windowAt } from './windows'

/** Readiness is the verdict over a deployment, with everything it was made of. */
export type Readiness = {
  /** isReady: it may start now. */
  readonly isReady: boolean
  /** isApprovable: nothing but approvals and the hour are missing. */
  readonly isApprovable: boolean
  readonly conditions: readonly Condition[]
  readonly unmet: readonly Condition[]
  readonly approvals: Approvals
  readonly asked: Asked
  readonly window: WindowStanding
  readonly closeMs: number | undefined
  readonly latestSafeStartMs: number | undefined
  readonly wayBack: WayBack
}

const STALE_SOAK_MS = 2 * 60_000
const STALE_LOOKS_MS = 10 * 60_000
const NOT_LOOKED = { kind: 'unknown', why: 'nobody has looked yet', source: '', atMs: 0 } as const

/** startable judges whether a deployment may start now, and what keeps it from that; rules D-RDY. Pure: asked again at the start. */
export function startable(situation: Situation): Readiness {
  const { plan, service, where, nowMs } = situation
  const rules = activeRules(situation.overrides, nowMs)
  const wayBack = wayBackOf({
    plan,
    service,
    image: situation.looks?.rollback ?? NOT_LOOKED,
    place: situation.looks?.place ?? NOT_LOOKED,
    rehearsals: situation.rehearsals,
    plannedMinutes: plannedMinutesOf(plan),
    nowMs,
  })
  const plannedMs = Math.max(Date.parse(plan.window.startAt), nowMs)
  const planned = windowAt(plannedMs, where)
  const latest =
    planned.nextCloseMs === undefined
      ? undefined
      : latestSafeStart({
          closeMs: planned.nextCloseMs,
          plannedMinutes: plannedMinutesOf(plan),
          rollbackSeconds: service.rollback.budgetSeconds,
        })
  const approveStage = [
    ...imageConditions(situation),
    ...orderConditions(situation),
    soakCondition(situation),
    ...situation.items.map((item) => itemCondition(item)),
    wayBackCondition(wayBack),
    canaryCondition(situation),
    ...windowConditions(situation, plannedMs, latest),
    slotsCondition(situation),
  ]
  const windowRules = where.policy.rules.map(({ id }) => id)
  const finish = (raw: Raw): Condition => {
    const mayWaive = isWaivable(raw.id, windowRules)
    return { ...raw, isWaivable: mayWaive, isWaived: !raw.isMet && mayWaive && rules.has(raw.id) }
  }
  const first = approveStage.map(finish)
  const unmetFirst = first.filter((it) => !it.isMet && !it.isWaived)
  const asked: Asked = {
    slots: service.approvals,
    requesterId: situation.requesterId,
    revision: situation.revision,
    planHash: situation.planHash,
    windowEndMs: Date.parse(plan.window.endAt),
    approvalHours: service.approvalHours,
    words: situation.words,
    people: situation.people,
    unmet: new Set(unmetFirst.map(({ id }) => id)),
    waived: waivedSlots(rules),
    nowMs,
  }
  const approvals = approvalsOf(asked)
  const conditions = [...first, ...startConditions(situation, approvals, latest).map(finish)]
  const unmet = conditions.filter((it) => !it.isMet && !it.isWaived)
  return {
    isReady: unmet.length === 0,
    isApprovable: unmetFirst.length === 0,
    conditions,
    unmet,
    approvals,
    asked,
    window: planned,
    closeMs: planned.nextCloseMs,
    latestSafeStartMs: latest,
    wayBack,
  }
}

function imageConditions({ plan, looks, nowMs }: Situation): readonly Raw[] {
  const images = plan.artifacts.map((artifact) => {
    const image = looks?.images.find(({ digest }) => digest === artifact.digest)
    return {
      name: `${artifact.tag} ${shortDigest(artifact.digest)}`,
      look: image?.look ?? NOT_LOOKED,
      doubt: tagDoubt(artifact, image?.named),
    }
  })
  const missing = images.flatMap(({ name, look }) => {
    if (look.kind === 'unknown') return [`${name}: ${look.why}`]
    if (nowMs - look.atMs > STALE_LOOKS_MS) return [`${name}: the last look is too old`]
    return look.value.isThere ? [] : [`${name}: ${look.value.detail}`]
  })
  // A registry that does not answer is waited for; an image that is gone takes another plan.
  const isUnseen = images.some(({ look }) => look.kind === 'unknown')
  const back = looks?.rollback ?? NOT_LOOKED
  const isBack = back.kind === 'known' && back.value.isThere && nowMs - back.atMs <= STALE_LOOKS_MS
  return [
    {
      id: 'image',
      title:
        missing.length === 0
          ? 'The image is in the registry.'
          : 'The image is not known to be in the registry.',
      stage: 'approve',
      isMet: missing.length === 0,
      detail: [...missing, ...images.flatMap(({ doubt }) => doubt ?? [])].join('; '),
      waits: isUnseen ? 'itself' : 'plan',
      remedy: isUnseen ? undefined : 'edit',
    },
    {
      id: 'rollback.exists',
      title: isBack
        ? 'The image of the way back is in the registry.'
        : 'The image of the way back is not known to be in the registry.',
      stage: 'approve',
      isMet: isBack,
      detail: back.kind === 'known' ? (isBack ? '' : back.value.detail) : back.why,
      waits: back.kind === 'unknown' ? 'itself' : 'plan',
      remedy: back.kind === 'unknown' ? undefined : 'edit',
    },
  ]
}

/** What runs is the digest: a tag that names something else, or nothing that is known, is said and stops nobody here. */
function tagDoubt(
  { tag, digest }: Plan['artifacts'][number],
  named: Looks['images'][number]['named'],
): string | undefined {
  if (named === undefined) return undefined
  if (named.kind === 'unknown') return `whether ${tag} names this image is not known: ${named.why}`
  if (named.value === undefined) return `the registry has no tag ${tag}`
  return named.value === digest ? undefined : `${tag} names ${named.value} by now`
}

function orderConditions({ plan, holds, live }: Situation): readonly Raw[] {
  const hold = holds.find(({ digest }) => plan.artifacts.some((it) => it.digest === digest))
  const isOther = live !== undefined && live.digest !== (plan.baseline?.digest ?? '')
  const isOlder =
    plan.kind !== 'rollback' &&
    live?.committedAt !== undefined &&
    plan.about.committedAt !== undefined &&
    plan.about.committedAt < live.committedAt
  return [
    {
      id: 'hold',
      title: hold ? 'This image is on hold.' : 'No hold lies on this image.',
      stage: 'approve',
      isMet: hold === undefined,
      detail: hold?.why ?? '',
      waits: 'plan',
    },
    {
      id: 'baseline',
      title: isOther ? 'Something else runs now than the plan says.' : 'The plan starts from what runs now.',
      stage: 'approve',
      isMet: !isOther && !isOlder,
      detail: isOther
        ? `It says ${plan.baseline?.tag ?? 'nothing'}, and ${live?.tag} runs. The difference that was approved is no longer the one that happens.`
        : isOlder
          ? `${live?.tag} runs already and is newer.`
          : '',
      waits: 'plan',
      remedy: 'edit',
    },
  ]
}

function soakCondition({ plan, service, soak, nowMs }: Situation): Raw {
  const wanted = service.soakMinutes
  const base = { id: 'soak', stage: 'approve' as const, waits: 'itself' as const }
  if (plan.environment === 'staging' || wanted === 0)
    return { ...base, title: 'No soak is asked for.', isMet: true, detail: '' }
  if (!soak || nowMs - soak.seenAtMs > STALE_SOAK_MS)
    return {
      ...base,
      title: `Staging has not been seen running this image.`,
      isMet: false,
      detail: soak
        ? `It was last seen there ${Math.round((nowMs - soak.seenAtMs) / 60_000)} min ago. The clock starts anew.`
        : 'Deploy it to staging. The clock starts when it is seen running there.',
      waits: 'person',
    }
  const minutes = Math.floor((soak.seenAtMs - soak.sinceMs) / 60_000)
  if (soak.trouble !== '')
    return {
      ...base,
      title: `Staging has soaked ${Math.min(minutes, wanted)} of ${wanted} minutes on this image, and is not clean.`,
      isMet: false,
      detail: soak.trouble,
      waits: 'person',
    }
  const clean =
    soak.unseen === '' ? 'Clean' : `Nothing wrong was seen, but its health is not known (${soak.unseen})`
  const metAtMs = soak.sinceMs + wanted * 60_000
  return minutes >= wanted
    ? {
        ...base,
        title: `Staging has soaked ${minutes} minutes on this image.`,
        isMet: true,
        detail: `${clean}.`,
      }
    : {
        ...base,
        title: `Staging has soaked ${minutes} of ${wanted} minutes on this image.`,
        isMet: false,
        detail: soak.unseen === '' ? 'Clean so far.' : `${clean}.`,
        metAtMs,
      }
}

function itemCondition(standing: ItemStanding): Raw {
  const { item, state, words } = standing
  const said: Readonly<Record<ItemStanding['state'], string>> = {
    passed: words,
    waived: words,
    failed: words,
    unknown: `Not known: ${words}`,
    open: item.by === 'probe' ? 'Not looked at yet.' : 'Nobody has said so. Give a link and your word.',
    stale: `It was so, and that is too long ago: ${words}`,
  }
  return {
    id: `check.${item.id}`,
    title: isMet(standing) ? `${item.title}.` : `${item.title}: ${STATE_TITLES[state]}.`,
    stage: 'approve',
    isMet: isMet(standing),
    detail: said[state],
    waits: item.by === 'probe' && state !== 'failed' ? 'itself' : 'person',
    remedy: item.by === 'person' ? 'evidence' : undefined,
  }
}

const STATE_TITLES: Readonly<Record<ItemStanding['state'], string>> = {
  passed: 'yes',
  waived: 'waived',
  failed: 'no',
  unknown: 'not known',
  open: 'not shown yet',
  stale: 'shown too long ago',
}

function wayBackCondition({ isWithin, words, warm, seconds }: WayBack): Raw {
  const saves =
    warm === undefined
      ? ''
      : `Kept warm, it takes ${spell(warm.seconds)}${warm.usd === undefined ? '' : `, and costs $${warm.usd.toFixed(2)}`}.`
  return {
    id: 'way-back',
    title: isWithin
      ? `The way back takes ${words}.`
      : seconds === undefined
        ? 'How long the way back takes is not known.'
        : `The way back takes ${words}.`,
    stage: 'approve',
    isMet: isWithin,
    detail: isWithin ? '' : [seconds === undefined ? words : '', saves].filter((it) => it !== '').join(' '),
    waits: 'person',
    remedy: warm === undefined ? undefined : 'keep-warm',
  }
}

function spell(seconds: number): string {
  return `${Math.floor(seconds / 60)} m ${String(Math.round(seconds % 60)).padStart(2, '0')} s`
}

function canaryCondition({ plan, looks }: Situation): Raw {
  const base = { id: 'canary', stage: 'approve' as const, waits: 'plan' as const }
  const isPartly = plan.steps.some(({ percent }) => percent < 100)
  const place = looks?.place.kind === 'known' ? looks.place.value : undefined
  if (plan.isAtOnce || !isPartly)
    return { ...base, title: 'It goes to 100 % at once, as ticked.', isMet: true, detail: '' }
  if (place === undefined)
    return {
      ...base,
      title: 'How many units there are is not known.',
      isMet: false,
      detail: looks?.place.kind === 'unknown' ? looks.place.why : 'Nobody has looked yet.',
      waits: 'itself',
    }
  const why = noCanary(plan, place)
  return why.length === 0
    ? { ...base, title: 'A part of the traffic can go first.', isMet: true, detail: '' }
    : {
        ...base,
        title: 'No canary is possible: it would go to 100 % at once.',
        isMet: false,
        detail: `${why.join('; ')}. A manager can tick that.`,
        remedy: 'tick-at-once',
      }
}

function windowConditions(
  { where, nowMs, plan }: Situation,
  plannedMs: number,
  latest: number | undefined,
): readonly Raw[] {
  const closings = closingsAt(plannedMs, where)
  const late = latest !== undefined && plannedMs > latest
  const isPast = Date.parse(plan.window.endAt) <= nowMs
  const closed = closings.map(
    ({ rule, kind, reason }): Raw => ({
      id: rule,
      title:
        kind === 'no-window'
          ? 'The planned start is in no window.'
          : `The planned start is closed: ${reason}.`,
      stage: 'approve',
      isMet: false,
      detail:
        kind === 'no-window'
          ? reason
          : 'Choose another start, or override it with a reason and a second person.',
      waits: kind === 'incident' ? 'itself' : 'plan',
      remedy: 'edit',
    }),
  )
  const fits: Raw = {
    id: 'late-start',
    title: isPast
      ? 'The planned window is over.'
      : late
        ? 'The planned start is too late: plan and way back end after the window.'
        : 'Plan and way back end before the window does.',
    stage: 'approve',
    isMet: !late && !isPast,
    detail: late ? `The latest safe start is ${new Date(latest ?? 0).toISOString().slice(11, 16)}Z.` : '',
    waits: 'plan',
    remedy: 'edit',
  }
  const open: Raw = {
    id: 'no-window',
    title: 'The planned start is in an open window.',
    stage: 'approve',
    isMet: true,
    detail: '',
    waits: 'plan',
  }
  return closings.some(({ rule }) => rule === 'no-window') ? [...closed, fits] : [open, ...closed, fits]
}

function slotsCondition({ service, requesterId, people }: Situation): Raw {
  const open = unfillable({ slots: service.approvals, requesterId, people })
  return {
    id: 'plan.slots',
    title:
      open.length === 0
        ? 'There are different people for every approval.'
        : `Nobody can give this approval: ${open.join(', ')}.`,
    stage: 'approve',
    isMet: open.length === 0,
    detail:
      open.length === 0
        ? ''
        : 'The requester counts for none, and nobody counts for two. An override can leave one out.',
    waits: 'person',
  }
}
