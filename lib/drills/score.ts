import type { Told } from './story'

/** Item is one part of a score with why it is what it is; `points` is null when nobody could earn it. */
export type Item = {
  readonly id: 'declared' | 'answered' | 'causes' | 'claims' | 'updates' | 'actions' | 'checklists' | 'roles'
  readonly title: string
  readonly points: number | null
  readonly of: number
  readonly why: string
}

/** Score is what a drill came to: the share of what could be earned, in whole percent. */
export type Score = { readonly percent: number; readonly items: readonly Item[] }

/** Played is everything that a score is made of; instants are epoch milliseconds, null for what did not happen. */
export type Played = {
  readonly speed: number
  readonly endedAtMs: number
  readonly truth: readonly Told[]
  /** declaredBy says who had to declare: the drill itself, or the people in it. */
  readonly declaredBy: 'drill' | 'people'
  readonly declaredAtMs: number | null
  readonly answered: { readonly atMs: number | null; readonly dueAtMs: number | null }
  /** claims are leaves held certain or likely by the tree, and leaves that people named. */
  readonly claims: readonly {
    readonly leaf: string
    readonly atMs: number
    readonly by: 'tree' | 'people'
    readonly state: string
  }[]
  /** updates are the promises of an update that fell due: kept or not. */
  readonly updates: readonly { readonly isKept: boolean }[]
  readonly actions: readonly { readonly id: string; readonly atMs: number }[]
  readonly rightActions: readonly string[]
  readonly dangerousActions: readonly string[]
  readonly checklists: { readonly settled: number; readonly total: number }
  readonly roles: readonly string[]
}

const MINUTE_MS = 60_000
const DECLARE_MS = 5 * MINUTE_MS
const NAME_MS = 2 * MINUTE_MS
const ECHO_MS = 330_000
const WANTED_ROLES = ['commander', 'communications', 'scribe']

/** scoreOf judges a drill; a pure function, rules D-SCO of docs/rules/drills.md. */
export function scoreOf(played: Played): Score {
  const items = [
    declared(played),
    answered(played),
    causes(played),
    claims(played),
    updates(played),
    actions(played),
    checklists(played),
    roles(played),
  ]
  const counted = items.filter((item) => item.points !== null)
  const earned = counted.reduce((sum, item) => sum + (item.points ?? 0), 0)
  const possible = counted.reduce((sum, item) => sum + item.of, 0)
  return { percent: possible === 0 ? 0 : Math.round((earned / possible) * 100), items }
}

function wanted({ truth }: Played): readonly Told[] {
  return truth.filter((one) => !one.may)
}

function minutes(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
}

// All points within the limit, none from three times of it on.
function shrunk(of: number, tookMs: number, limitMs: number): number {
  if (tookMs <= limitMs) return of
  return Math.round(Math.max(0, of * (1 - (tookMs - limitMs) / (2 * limitMs))))
}

function declared(played: Played): Item {
  const base = { id: 'declared', title: 'Declared in time', of: 10 } as const
  const starts = wanted(played).map((one) => one.fromAtMs)
  if (played.declaredBy === 'drill')
    return { ...base, points: null, why: 'The drill declared the incident itself.' }
  if (starts.length === 0) return { ...base, points: null, why: 'Nothing was wrong.' }
  if (played.declaredAtMs === null) return { ...base, points: 0, why: 'Nobody declared an incident.' }
  const limitMs = DECLARE_MS / played.speed
  const tookMs = Math.max(0, played.declaredAtMs - Math.min(...starts))
  const why = `Declared ${minutes(tookMs)} after it began; ${minutes(limitMs)} were good.`
  return { ...base, points: shrunk(base.of, tookMs, limitMs), why }
}

function answered({ answered: { atMs, dueAtMs } }: Played): Item {
  const base = { id: 'answered', title: 'Acknowledged in time', of: 10 } as const
  if (atMs === null) return { ...base, points: 0, why: 'Nobody acknowledged the incident.' }
  if (dueAtMs === null || atMs <= dueAtMs)
    return { ...base, points: base.of, why: 'Acknowledged before its clock ran out.' }
  return { ...base, points: base.of / 2, why: `Acknowledged ${minutes(atMs - dueAtMs)} late.` }
}

function causes(played: Played): Item {
  const base = { id: 'causes', title: 'What it was', of: 30 } as const
  const isFound = (one: Told): boolean =>
    played.claims.some((claim) => claim.leaf === one.leaf && claim.atMs >= one.fromAtMs)
  const truth = wanted(played).filter((one) => one.sufficientAtMs <= played.endedAtMs || isFound(one))
  if (truth.length === 0)
    return { ...base, points: null, why: 'It ended before anything could have been known.' }
  const each = base.of / truth.length
  const told = truth.map((one) => {
    const first = played.claims
      .filter((claim) => claim.leaf === one.leaf && claim.atMs >= one.fromAtMs)
      .reduce<Played['claims'][number] | undefined>(
        (best, claim) => (!best || claim.atMs < best.atMs ? claim : best),
        undefined,
      )
    if (!first) return { points: 0, why: `${one.leaf} was not found` }
    const lateMs = Math.max(0, first.atMs - one.sufficientAtMs)
    const isLate = lateMs > NAME_MS
    const by = first.by === 'tree' ? 'the tree' : 'people'
    return {
      points: isLate ? each / 2 : each,
      why: `${one.leaf} by ${by}${isLate ? `, ${minutes(lateMs)} after it could be known` : ''}`,
    }
  })
  const points = Math.round(told.reduce((sum, one) => sum + one.points, 0))
  return { ...base, points, why: `${told.map((one) => one.why).join('; ')}.` }
}

function holdsAt(truth: readonly Told[], leaf: string, atMs: number): boolean {
  return truth.some(
    (one) =>
      one.leaf === leaf &&
      atMs >= one.fromAtMs &&
      atMs <= (one.untilAtMs ?? Number.POSITIVE_INFINITY) + ECHO_MS,
  )
}

function claims({ claims: made, truth }: Played): Item {
  const base = { id: 'claims', title: 'Nothing wrong was held for certain', of: 15 } as const
  const wrong = made.filter(
    (claim) =>
      (claim.by === 'people' || claim.state === 'certain') &&
      claim.leaf !== 'none.resolved' &&
      !holdsAt(truth, claim.leaf, claim.atMs),
  )
  const leaves = [...new Set(wrong.map((claim) => claim.leaf))]
  if (leaves.length === 0) return { ...base, points: base.of, why: 'No wrong cause was held for certain.' }
  return {
    ...base,
    points: Math.max(0, base.of - 5 * leaves.length),
    why: `Held for certain, and not so: ${leaves.join(', ')}.`,
  }
}

function updates({ updates: due }: Played): Item {
  const base = { id: 'updates', title: 'Updates kept', of: 15 } as const
  if (due.length === 0) return { ...base, points: null, why: 'No update fell due.' }
  const kept = due.filter((one) => one.isKept).length
  return {
    ...base,
    points: Math.round((base.of * kept) / due.length),
    why: `${kept} of ${due.length} updates came in time.`,
  }
}

function actions({ actions: taken, rightActions, dangerousActions }: Played): Item {
  const base = { id: 'actions', title: 'Actions', of: 10 } as const
  const ids = [...new Set(taken.map((one) => one.id))]
  const danger = ids.filter((id) => dangerousActions.includes(id))
  const right = ids.filter((id) => rightActions.includes(id) && !danger.includes(id))
  const wrong = ids.filter((id) => !rightActions.includes(id) && !danger.includes(id))
  if (danger.length > 0) return { ...base, points: 0, why: `Dangerous here: ${danger.join(', ')}.` }
  if (rightActions.length === 0 && ids.length === 0)
    return { ...base, points: base.of, why: 'Nothing had to be done, and nothing was.' }
  if (right.length === 0)
    return {
      ...base,
      points: 0,
      why: wrong.length > 0 ? `Beside the point: ${wrong.join(', ')}.` : 'No action was chosen.',
    }
  const points = Math.max(0, base.of - 3 * wrong.length)
  const also = wrong.length > 0 ? ` Beside the point: ${wrong.join(', ')}.` : ''
  return { ...base, points, why: `Right: ${right.join(', ')}.${also}` }
}

function checklists({ checklists: { settled, total } }: Played): Item {
  const base = { id: 'checklists', title: 'Checklists', of: 5 } as const
  if (total === 0) return { ...base, points: 0, why: 'No checklist was opened.' }
  return {
    ...base,
    points: Math.round((base.of * settled) / total),
    why: `${settled} of ${total} items are settled.`,
  }
}

function roles({ roles: held }: Played): Item {
  const base = { id: 'roles', title: 'Roles filled', of: 5 } as const
  const filled = WANTED_ROLES.filter((role) => held.includes(role))
  const open = WANTED_ROLES.filter((role) => !held.includes(role))
  return {
    ...base,
    points: Math.round((base.of * filled.length) / WANTED_ROLES.length),
    why: open.length === 0 ? 'Every role was filled.' : `Never filled: ${open.join(', ')}.`,
  }
}
