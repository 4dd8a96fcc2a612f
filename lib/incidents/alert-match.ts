import type { Traits } from '../alerts/traits'

/** Trait names one of an alert's traits. */
export type Trait = keyof Traits

/** Linking is the policy of linking alerts to incidents. */
export type Linking = {
  /** agreeing is how many traits must agree with one linked alert before a machine links by itself. */
  readonly agreeing: number
  readonly windowMinutes: number
  readonly pendingPerIncident: number
}

/** Candidate is an alert that fires and is linked to no open incident; `key` is the same for every episode of it. */
export type Candidate = {
  readonly id: string
  readonly key: string
  readonly sinceMs: number
  readonly traits: Traits
}

/** OpenIncident is what matching knows of an incident that goes on. */
export type OpenIncident = {
  readonly id: string
  /** name may be told to everybody; undefined for a restricted incident. */
  readonly name: string | undefined
  readonly declaredAtMs: number
  /** linked are the distinct traits of the alerts that are linked to it. */
  readonly linked: readonly Traits[]
  /** refused are the keys of alerts that a person unlinked. */
  readonly refused: ReadonlySet<string>
  /** proposed are the ids of alerts that wait for a person's word. */
  readonly proposed: ReadonlySet<string>
}

/** Match is what a machine does with an alert: link it to an incident, or propose it with the reason. */
export type Match = {
  readonly incidentId: string
  readonly alertId: string
  readonly state: 'linked' | 'proposed'
  readonly reason: string
}

const TRAITS: readonly Trait[] = ['rule', 'plane', 'place']

type Fit = { readonly incident: OpenIncident; readonly agrees: readonly Trait[]; readonly isSure: boolean }

function agreeing(a: Traits, b: Traits): readonly Trait[] {
  return TRAITS.filter((trait) => a[trait] !== undefined && a[trait] === b[trait])
}

/** Where neither alert says anything but its rule, the rule is all there is to agree on. */
function isAllThereIs(a: Traits, b: Traits): boolean {
  return a.rule === b.rule && [a.plane, a.place, b.plane, b.place].every((trait) => trait === undefined)
}

function fitOf(candidate: Candidate, incident: OpenIncident, policy: Linking): Fit | undefined {
  if (candidate.sinceMs < incident.declaredAtMs - policy.windowMinutes * 60_000) return undefined
  if (incident.refused.has(candidate.key)) return undefined
  let best: Fit | undefined
  for (const traits of incident.linked) {
    const agrees = agreeing(candidate.traits, traits)
    const isSure = agrees.length >= policy.agreeing || isAllThereIs(candidate.traits, traits)
    if (agrees.length > (best?.agrees.length ?? 0)) best = { incident, agrees, isSure }
    else if (best && isSure && !best.isSure && agrees.length === best.agrees.length)
      best = { incident, agrees, isSure }
  }
  return best
}

function wordsOf(agrees: readonly Trait[]): string {
  return `same ${agrees.join(' and ')} as a linked alert`
}

function proposals(candidate: Candidate, fits: readonly Fit[], isTie: boolean): readonly Match[] {
  return fits
    .filter(({ incident }) => !incident.proposed.has(candidate.id))
    .map(({ incident, agrees }) => {
      const others = fits.flatMap((fit) => (fit.incident === incident ? [] : (fit.incident.name ?? [])))
      const tie =
        isTie && others.length > 0 ? `; fits ${others.join(', ')} as well: one incident? Merge them` : ''
      return {
        incidentId: incident.id,
        alertId: candidate.id,
        state: 'proposed' as const,
        reason: `${wordsOf(agrees)}${tie}`,
      }
    })
}

/**
 * matchAlerts says what to do with alerts that fire: link each to the one open incident that it surely belongs to, propose
 * it where that is unsure, leave it alone otherwise. Pure: the same input gives the same matches, in the alerts' order.
 */
export function matchAlerts(
  candidates: readonly Candidate[],
  incidents: readonly OpenIncident[],
  policy: Linking,
): readonly Match[] {
  const pending = new Map(incidents.map((incident) => [incident.id, incident.proposed.size]))
  return candidates.flatMap((candidate) =>
    matchOne(candidate, incidents, policy).filter((match) => {
      if (match.state === 'linked') return true
      const waiting = pending.get(match.incidentId) ?? 0
      pending.set(match.incidentId, waiting + 1)
      return waiting < policy.pendingPerIncident
    }),
  )
}

function matchOne(
  candidate: Candidate,
  incidents: readonly OpenIncident[],
  policy: Linking,
): readonly Match[] {
  const fits = incidents.flatMap((incident) => fitOf(candidate, incident, policy) ?? [])
  const sure = fits.filter((fit) => fit.isSure)
  const most = Math.max(0, ...sure.map((fit) => fit.agrees.length))
  const best = sure.filter((fit) => fit.agrees.length === most)
  const [only] = best
  if (only === undefined) return proposals(candidate, fits, false)
  if (best.length > 1) return proposals(candidate, best, true)
  return [
    {
      incidentId: only.incident.id,
      alertId: candidate.id,
      state: 'linked',
      reason: wordsOf(only.agrees),
    },
  ]
}
