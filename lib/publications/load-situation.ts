import { factOf } from '../comms/catalogue'
import { listedLinks } from '../comms/links'
import { loadTemplates } from '../comms/load-templates'
import type { Fact, Facts, IncidentState, LintPolicy } from '../comms/model'
import type { Console } from '../console'
import { createStateReader } from '../health/board-load'
import type { HealthState } from '../health/state'
import { loadPinnedPolicies } from '../incidents/load-policy'
import type { IncidentsPolicy } from '../incidents/policy'
import { byId } from '../incidents/queries'
import type { Scope } from '../operation'
import { COMMS_POLICY_KIND } from '../runbooks/kinds'
import { entriesOf } from '../runbooks/load'
import { lookAtRunbooks } from '../runbooks/load-shelf'
import { figuresOf } from './figures'
import { type CommsPolicy, DEFAULT_COMMS_POLICY } from './policy'
import { withSaid } from './said'
import type { SaidFacts, Situation } from './situation'
import {
  readBefore,
  readComponents,
  readFiring,
  readInventory,
  readWasIdentified,
  readWays,
} from './situation-store'

type Incident = Awaited<ReturnType<typeof byId.run>>
type Read = Pick<Fact, 'id' | 'value' | 'asOf' | 'source'>

const STATE_MAX_AGE_MS = 30 * 60_000
const RECORD = 'incident'

const readers = new WeakMap<Console, (now: Date) => Promise<HealthState | undefined>>()

function presentState(console: Console, now: Date): Promise<HealthState | undefined> {
  const reader = readers.get(console) ?? createStateReader(console.hot, STATE_MAX_AGE_MS)
  readers.set(console, reader)
  return reader(now)
}

/** loadSituation reads everything that messages of an incident are made of; not_found also where the actor may not know of it. */
export async function loadSituation(scope: Scope, incidentId: string, said: SaidFacts): Promise<Situation> {
  const { console, now } = scope
  const { db } = console
  const incident = await byId.run(scope, { ref: incidentId })
  const shelf = await lookAtRunbooks(console, now)
  const { templates } = await loadTemplates(console, now)
  const policy = policyOn(shelf)
  const [before, firing, wasIdentified, inventory, components, ways, state, policyOf] = await Promise.all([
    readBefore(db, incident.id),
    readFiring(db, incident.id),
    readWasIdentified(db, incident.id),
    readInventory(db),
    readComponents(db),
    readWays(db, incident.isDrill),
    presentState(console, now),
    loadPinnedPolicies(db, [incident.policyHash]),
  ])
  const reads = [...ofIncident(incident, { firing, now }), ...(state === undefined ? [] : figuresOf(state))]
  const situation: Situation = {
    incidentId: incident.id,
    incident: { ...stateOf(incident), wasIdentified, firingAlerts: firing },
    version: incident.version,
    facts: factsOf(reads),
    before,
    inventory,
    components,
    ways,
    cadence: cadenceOf(policyOf(incident.policyHash)),
    speed: incident.isDrill ? incident.drillSpeed : 1,
    links: linksOf(console, policy),
    templates,
    policy,
    nowMs: now.getTime(),
  }
  const { actor } = scope
  return withSaid(situation, said, actor.kind === 'person' ? actor.handle : actor.id)
}

function factsOf(reads: readonly Read[]): Facts {
  return Object.fromEntries(
    reads.flatMap((read): [string, Fact][] => {
      const fact = factOf(read)
      return fact ? [[fact.id, fact]] : []
    }),
  )
}

function holderOf(incident: Incident, role: string): string | null {
  return incident.roles.find((one) => one.role === role)?.handle ?? null
}

function startOf(incident: Incident): number {
  return incident.impactStartedAtMs ?? incident.declaredAtMs
}

function stateOf(incident: Incident): Omit<IncidentState, 'wasIdentified' | 'firingAlerts'> {
  return {
    name: incident.name,
    title: incident.title,
    severity: incident.severity,
    status: incident.status,
    isDrill: incident.isDrill,
    visibility: incident.visibility,
    isSecurity: incident.visibility === 'restricted',
    commander: holderOf(incident, 'commander'),
    startedAt: new Date(startOf(incident)).toISOString(),
    resolvedAt: incident.resolvedAtMs === null ? null : new Date(incident.resolvedAtMs).toISOString(),
    workaround: null,
    hostsOut: null,
    postmortem: null,
  }
}

function ofIncident(
  incident: Incident,
  { firing, now }: { readonly firing: number; readonly now: Date },
): readonly Read[] {
  const read = (id: string, value: string | number | null): readonly Read[] =>
    value === null || value === '' ? [] : [{ id, value, asOf: now.toISOString(), source: RECORD }]
  const endMs = incident.resolvedAtMs ?? now.getTime()
  const open = incident.tasks.filter((task) => task.finishedAtMs === null)
  const newest = open.at(-1)
  const missing = incident.requiredRoles.filter((role) => holderOf(incident, role) === null)
  return [
    ...read('incident_name', incident.name),
    ...read('incident_title', incident.title),
    ...read('impact', incident.impact),
    ...read('commander', atHandle(holderOf(incident, 'commander'))),
    ...read('communications_lead', atHandle(holderOf(incident, 'communications'))),
    ...read('started_at', new Date(startOf(incident)).toISOString()),
    ...read('resolved_at', new Date(endMs).toISOString()),
    ...read('duration', Math.max(1, Math.round((endMs - startOf(incident)) / 60_000))),
    ...read('alerts_firing', firing),
    ...read('tasks_open', open.length),
    ...read('current_action', newest === undefined ? null : `@${newest.owner}: ${newest.text}`),
    ...read('needs', missing.length === 0 ? null : `Somebody for ${missing.join(' and ')}`),
  ]
}

function atHandle(handle: string | null): string | null {
  return handle === null ? null : `@${handle}`
}

function cadenceOf(policy: IncidentsPolicy): LintPolicy['cadenceMinutes'] {
  const of = (severity: 'P1' | 'P2' | 'P3' | 'P4') => {
    const row = policy.updateMinutes[severity]
    const minutes = (value: number | 'on-change' | undefined): number | null =>
      typeof value === 'number' ? value : null
    return {
      investigating: minutes(row?.investigating),
      identified: minutes(row?.identified),
      monitoring: minutes(row?.monitoring),
      resolved: null,
    }
  }
  return { P1: of('P1'), P2: of('P2'), P3: of('P3'), P4: of('P4') }
}

function policyOn(shelf: Awaited<ReturnType<typeof lookAtRunbooks>>): CommsPolicy {
  return entriesOf(shelf.current(), COMMS_POLICY_KIND)[0]?.value ?? DEFAULT_COMMS_POLICY
}

/** loadLinkHosts gives the hosts that texts may link to, as the runbooks have them now. */
export async function loadLinkHosts(console: Console, now: Date): Promise<readonly string[]> {
  return policyOn(await lookAtRunbooks(console, now)).linkHosts
}

/** withLinks opens the listed links of texts and keeps what they answered, for the linter. */
export async function withLinks(
  { console }: Scope,
  situation: Situation,
  texts: readonly { readonly title: string; readonly body: string }[],
): Promise<Situation> {
  const all = texts.map(({ title, body }) => `${title}\n${body}`).join('\n')
  const links = listedLinks(all, situation.links.allowedLinkHosts)
  if (links.length === 0) return situation
  return { ...situation, links: { ...situation.links, linkProblems: await console.linkProblems(links) } }
}

function linksOf(console: Console, { linkHosts }: CommsPolicy): Situation['links'] {
  const hosts = [console.env.NEXTAUTH_URL, console.env.WATCHFLOOR_PUBLIC_URL, console.env.PROMETHEUS_URL]
  return {
    allowedLinkHosts: linkHosts,
    internalLinkHosts: hosts.flatMap((url) => (url === undefined ? [] : [new URL(url).host])),
  }
}
