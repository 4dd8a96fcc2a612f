import { z } from 'zod'
import { defineCommand, type Outcome, type Scope } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { namePeople, peopleInside } from './access-store'
import { loadPinnedPolicies } from './load-policy'
import { isWorse, phaseOf, SEVERITIES, type Severity, STATUSES, type Status, VISIBILITIES } from './model'
import { type Obligation, obligationsOf } from './obligations'
import { writtenOutput } from './outputs'
import type { Entry } from './record-store'
import {
  authorOf,
  type FieldMarks,
  type IncidentRow,
  lockIncident,
  type Overwritable,
  readClockEvents,
  refuseMerged,
  refuseOpenNotice,
  writeEntries,
} from './store'
import { incidentId, line, prose } from './text'

type Inside = Scope & { readonly tx: Tx }
type Written = Outcome<{ readonly version: number; readonly changed: boolean }>

const FIELD_WORDS: Readonly<Record<Overwritable, string>> = {
  title: 'the title',
  impact: 'the impact',
  severity: 'the severity',
  status: 'the status',
  visibility: 'the visibility',
}

/** Fields are compared one by one: two people who change different fields do not disturb each other. */
function refuseStale(
  incident: IncidentRow,
  field: Overwritable,
  write: { readonly version: number; readonly value: string },
): void {
  const mark = (incident.fieldMarks as FieldMarks)[field]
  if (mark.version <= write.version) return
  const theirs = incident[field]
  throw new AppError(
    'conflict',
    `${mark.by} set ${FIELD_WORDS[field]} to “${theirs}” while you chose “${write.value}”.`,
    {
      current: { field, theirs, yours: write.value, by: mark.by, atMs: mark.atMs, version: incident.version },
    },
  )
}

async function overwrite(
  { tx, actor, now }: Inside,
  incident: IncidentRow,
  write: {
    readonly field: Overwritable
    readonly value: string
    readonly entry: Entry
    readonly changes?: Partial<IncidentRow>
  },
): Promise<Written> {
  const author = authorOf(actor)
  const marks = incident.fieldMarks as FieldMarks
  const version = incident.version + 1
  const moved = await writeEntries(tx, incident, {
    author,
    now,
    entries: [write.entry],
    isOverwrite: true,
    changes: {
      ...write.changes,
      [write.field]: write.value,
      fieldMarks: { ...marks, [write.field]: { version, by: author.name, atMs: now.getTime() } },
    },
  })
  return {
    result: { version: moved.version, changed: true },
    audit: {
      subject: `incident:${incident.id}`,
      detail: { field: write.field, before: incident[write.field], ...write.entry.body },
    },
    touched: [{ topic: 'incidents', ref: incident.id }],
  }
}

function unchanged(incident: IncidentRow): Written {
  return {
    result: { version: incident.version, changed: false },
    audit: { subject: `incident:${incident.id}`, detail: { changed: false } },
    touched: [],
  }
}

const target = { id: incidentId, version: z.number().int().min(1) }

/** setTitle names what is wrong and where; compared with the version that the writer saw. */
export const setTitle = defineCommand({
  name: 'incidents.setTitle',
  summary: 'Names what is wrong and where.',
  permission: 'incidents.command',
  output: writtenOutput,
  input: z.strictObject({ ...target, to: line(160, 'say what is wrong and where') }),
  run: async (scope, { id, version, to }) => {
    const incident = await lockIncident(scope, id)
    await refuseMerged(scope.tx, incident)
    refuseStale(incident, 'title', { version, value: to })
    if (incident.title === to) return unchanged(incident)
    const entry: Entry = { kind: 'title', source: 'human', body: { from: incident.title, to } }
    return overwrite(scope, incident, { field: 'title', value: to, entry })
  },
})

/** setImpact says in customers' words what does not work; compared with the version that the writer saw. */
export const setImpact = defineCommand({
  name: 'incidents.setImpact',
  summary: "Says in customers' words what does not work.",
  permission: 'incidents.work',
  output: writtenOutput,
  input: z.strictObject({ ...target, to: prose(500) }),
  run: async (scope, { id, version, to }) => {
    const incident = await lockIncident(scope, id)
    await refuseMerged(scope.tx, incident)
    refuseStale(incident, 'impact', { version, value: to })
    if (incident.impact === to) return unchanged(incident)
    const entry: Entry = { kind: 'impact', source: 'human', body: { from: incident.impact, to } }
    return overwrite(scope, incident, { field: 'impact', value: to, entry })
  },
})

/** setSeverity raises freely and lowers only with a reason; the clocks follow by the rules I-CLK-04 and I-CLK-05. */
export const setSeverity = defineCommand({
  name: 'incidents.setSeverity',
  summary: 'Raises freely and lowers only with a reason.',
  permission: 'incidents.command',
  output: writtenOutput,
  input: z.strictObject({ ...target, to: z.enum(SEVERITIES), reason: prose(500).default('') }),
  run: async (scope, { id, version, to, reason }) => {
    const incident = await lockIncident(scope, id)
    await refuseMerged(scope.tx, incident)
    refuseStale(incident, 'severity', { version, value: to })
    if (incident.severity === to) return unchanged(incident)
    const from = incident.severity as Severity
    if (!isWorse(to, from) && reason === '')
      throw new AppError('invalid', 'Say why the severity goes down. Raising it needs no reason.', {
        issues: [{ path: 'reason', message: 'say why it is less severe' }],
      })
    const entry: Entry = { kind: 'severity', source: 'human', body: { from, to, reason } }
    return overwrite(scope, incident, {
      field: 'severity',
      value: to,
      entry,
      changes: { severityReason: reason },
    })
  },
})

/** Whoever works in it and whoever restricts it are named at once, so that restricting shuts out nobody who is needed. */
async function nameInside({ tx, actor, now }: Inside, incident: IncidentRow): Promise<void> {
  const self = actor.kind === 'person' ? [{ personId: actor.id, handle: actor.handle }] : []
  const people = [...(await peopleInside(tx, incident.id)), ...self]
  await namePeople(tx, incident, { people, by: authorOf(actor).name, now })
}

/** setVisibility says who may know: who is named, everybody here, or customers, to whom a first update is owed from then. */
export const setVisibility = defineCommand({
  name: 'incidents.setVisibility',
  summary:
    'Says who may know: who is named, everybody here, or customers, to whom a first update is owed from then.',
  permission: 'incidents.command',
  output: writtenOutput,
  input: z.strictObject({ ...target, to: z.enum(VISIBILITIES) }),
  run: async (scope, { id, version, to }) => {
    const incident = await lockIncident(scope, id)
    await refuseMerged(scope.tx, incident)
    refuseStale(incident, 'visibility', { version, value: to })
    if (incident.visibility === to) return unchanged(incident)
    if (to === 'restricted') await nameInside(scope, incident)
    const entry: Entry = { kind: 'visibility', source: 'human', body: { from: incident.visibility, to } }
    return overwrite(scope, incident, { field: 'visibility', value: to, entry })
  },
})

async function blocking({ tx, now }: Inside, incident: IncidentRow): Promise<readonly Obligation[]> {
  const events = (await readClockEvents(tx, [incident.id])).get(incident.id) ?? []
  const policyOf = await loadPinnedPolicies(tx, [incident.policyHash])
  const owed = obligationsOf(events, policyOf(incident.policyHash), now.getTime())
  return owed.filter((one) => one.blocksResolve)
}

async function refuseOwed(scope: Inside, incident: IncidentRow): Promise<void> {
  const owed = await blocking(scope, incident)
  if (owed.length === 0) return
  const many = owed.length === 1 ? 'One obligation is' : `${owed.length} obligations are`
  throw new AppError('invalid', `${many} open. Settle them, or say why they may stay open.`, {
    issues: owed.map((one) => ({ path: 'waiver', message: `${one.title}: ${one.owner ?? 'no one'}` })),
    current: { obligations: owed },
  })
}

/** setStatus moves the public phase back or forth; resolving with open obligations needs a waiver in words. */
export const setStatus = defineCommand({
  name: 'incidents.setStatus',
  summary: 'Moves the public phase back or forth.',
  permission: 'incidents.command',
  output: writtenOutput,
  input: z.strictObject({
    ...target,
    to: z.enum(STATUSES),
    reason: prose(500).default(''),
    waiver: prose(500).default(''),
  }),
  run: async (scope, { id, version, to, reason, waiver }) => {
    const incident = await lockIncident(scope, id)
    await refuseMerged(scope.tx, incident)
    refuseStale(incident, 'status', { version, value: to })
    if (incident.status === to) return unchanged(incident)
    if (incident.status === 'resolved')
      throw new AppError('conflict', 'It is resolved. Reopening it is a step of its own, with a reason.')
    if (to === 'resolved') await refuseOpenNotice(scope, incident.id)
    if (to === 'resolved' && waiver === '') await refuseOwed(scope, incident)
    const from = incident.status as Status
    const body = { from, to, reason, ...(waiver === '' ? {} : { waiver }) }
    return overwrite(scope, incident, {
      field: 'status',
      value: to,
      entry: { kind: 'status', source: 'human', body },
      changes: {
        phase: phaseOf(to, incident.acknowledgedAt !== null),
        resolvedAt: to === 'resolved' ? scope.now : null,
      },
    })
  },
})

/** reopen brings a resolved incident back with a reason; its number, record and met clocks stay. */
export const reopen = defineCommand({
  name: 'incidents.reopen',
  summary: 'Brings a resolved incident back with a reason.',
  permission: 'incidents.command',
  output: writtenOutput,
  input: z.strictObject({ ...target, reason: line(500, 'say what came back') }),
  run: async (scope, { id, version, reason }) => {
    const incident = await lockIncident(scope, id)
    await refuseMerged(scope.tx, incident)
    refuseStale(incident, 'status', { version, value: 'investigating' })
    if (incident.status !== 'resolved') return unchanged(incident)
    const body = { from: 'resolved', to: 'investigating', reason, reopened: true }
    return overwrite(scope, incident, {
      field: 'status',
      value: 'investigating',
      entry: { kind: 'status', source: 'human', body },
      changes: { phase: phaseOf('investigating', incident.acknowledgedAt !== null), resolvedAt: null },
    })
  },
})
