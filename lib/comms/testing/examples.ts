import { FACT_DEFS, factOf } from '../catalogue'
import type { LintInput } from '../lint-subject'
import type {
  ComponentImpact,
  Facts,
  IncidentState,
  Inventory,
  LastUpdate,
  LintPolicy,
  Message,
} from '../model'

/** T0 is the moment of every example. */
export const T0 = new Date('2026-11-18T02:30:00.000Z')

const TRAINING: ComponentImpact = {
  componentId: 'training',
  name: 'Training',
  from: 'operational',
  to: 'partial_outage',
}

/** factsWith gives every fact of the catalogue with its sample value, read ten seconds ago, and what is changed. */
export function factsWith(values: Readonly<Record<string, string | number | null>> = {}): Facts {
  const asOf = new Date(T0.getTime() - 10_000).toISOString()
  return Object.fromEntries(
    [...FACT_DEFS.values()].flatMap(({ id, sample, from }) => {
      const value = id in values ? (values[id] ?? null) : sample
      const fact = from === 'facts' ? factOf({ id, value, asOf, source: 'example' }) : undefined
      return fact ? [[id, fact]] : []
    }),
  )
}

/** incidentWith gives an open public P2. */
export function incidentWith(changes: Partial<IncidentState> = {}): IncidentState {
  return {
    name: 'INC-0142',
    title: 'Training jobs stop in the EU pool',
    severity: 'P2',
    status: 'investigating',
    isDrill: false,
    visibility: 'public',
    isSecurity: false,
    commander: 'Dana Lee',
    startedAt: '2026-11-18T02:06:00.000Z',
    resolvedAt: null,
    wasIdentified: false,
    workaround: null,
    firingAlerts: 1,
    hostsOut: 2,
    postmortem: null,
    ...changes,
  }
}

/** messageWith gives a good public update. */
export function messageWith(changes: Partial<Message> = {}): Message {
  return {
    audience: 'public',
    kind: 'update',
    severity: 'P2',
    status: 'investigating',
    title: 'Training fails for some users',
    body: 'Since {{started_at}}, some training jobs fail. We are looking for the cause. Next update by {{next_update}}.',
    nextUpdateAt: '2026-11-18T02:50:00.000Z',
    components: [TRAINING],
    ...changes,
  }
}

/** lastWith gives the update before, told ten minutes ago. */
export function lastWith(changes: Partial<LastUpdate> = {}): LastUpdate {
  return {
    severity: 'P2',
    status: 'investigating',
    title: 'Training fails for some users',
    body: 'Some training jobs fail since 02:06 UTC. We are on it. Next update by 02:35 UTC.',
    publishedAt: '2026-11-18T02:20:00.000Z',
    nextUpdateAt: '2026-11-18T02:35:00.000Z',
    components: [TRAINING],
    ...changes,
  }
}

/** INVENTORY is a small world of our own. */
export const INVENTORY: Inventory = {
  hosts: ['gpu-eu-07', 'atlas.fleet.example'],
  instances: ['26418841', 'm-55120'],
  people: ['Dana Lee', 'Bo Chen', '@ana', 'li.wen'],
  customers: ['Northwind Labs'],
  keys: ['VASTAI_API_KEY', 'wfk_live_9f31c0d2a7b84e55'],
  providers: ['Vast.ai'],
  codeNames: ['Bluefin'],
}

/** policyWith gives a policy under which a public post goes to the status pages. */
export function policyWith(changes: Partial<LintPolicy> = {}): LintPolicy {
  const each = { investigating: 30, identified: 30, monitoring: 60, resolved: null }
  return {
    channels: ['page', 'statuspage', 'mail'],
    cadenceMinutes: { P1: { ...each, investigating: 15 }, P2: each, P3: each, P4: each },
    allowedLinkHosts: ['status.example.com', 'docs.example.com'],
    internalLinkHosts: ['console.example.com', 'grafana.example.com'],
    securityApproved: false,
    numbersNeedFacts: true,
    ...changes,
  }
}

/** Changes are what a case changes of the good public update. */
export type Changes = {
  readonly message?: Partial<Message>
  readonly body?: string
  readonly facts?: Readonly<Record<string, string | number | null>>
  readonly drafted?: Facts
  readonly incident?: Partial<IncidentState>
  readonly last?: Partial<LastUpdate> | null
  readonly inventory?: Partial<Inventory>
  readonly policy?: Partial<LintPolicy>
}

/** lintInput makes what the linter goes by: the good public update with changes; the incident follows the message. */
export function lintInput(changes: Changes = {}): LintInput {
  const message = messageWith({
    ...changes.message,
    ...(changes.body === undefined ? {} : { body: changes.body }),
  })
  const { severity, status } = message
  const isOver = status === 'resolved'
  return {
    message,
    facts: factsWith(changes.facts),
    drafted: changes.drafted,
    incident: incidentWith({
      severity,
      status,
      wasIdentified: status !== 'investigating',
      ...(isOver ? { resolvedAt: '2026-11-18T02:28:00.000Z', firingAlerts: 0, hostsOut: 0 } : {}),
      ...changes.incident,
    }),
    last: changes.last === undefined || changes.last === null ? null : lastWith(changes.last),
    inventory: { ...INVENTORY, ...changes.inventory },
    policy: policyWith(changes.policy),
    now: T0,
  }
}

/** RESOLVED is a good public update that says that it is over. */
export const RESOLVED: Partial<Message> = {
  status: 'resolved',
  title: 'Training works again',
  body: 'The problem with {{affected_components}} is over. It lasted from {{started_at}} to {{resolved_at}}, that is {{duration}}. {{data_loss}}.',
  nextUpdateAt: null,
  components: [{ ...TRAINING, from: 'partial_outage', to: 'operational' }],
}
