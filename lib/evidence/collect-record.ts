import { evidenceOfRuns } from '../actions/queries'
import { incidentName } from '../incidents/model'
import type { Db } from '../platform/db'
import { AppError } from '../platform/errors'
import type { Gathered, Missing, Part, Window } from './model'
import { type EntryLine, markdownOf } from './timeline'

const ENTRIES = 20_000
const CHANGES = 5_000

/** Subject is the incident that a bundle is about. */
export type Subject = {
  readonly id: string
  readonly name: string
  readonly title: string
  readonly declaredAt: Date
  readonly beganAt: Date
  readonly resolvedAt: Date | null
  readonly policyHash: string
}

/** readSubject gives the incident that a bundle is about; throws not_found when it is gone. */
export async function readSubject(db: Db, id: string): Promise<Subject> {
  const row = await db.incident.findUnique({ where: { id } })
  if (row === null) throw new AppError('not_found', 'The incident is gone.')
  return {
    id,
    name: incidentName(row.number, row.drill),
    title: row.title,
    declaredAt: row.declaredAt,
    beganAt: row.impactStartedAt ?? row.declaredAt,
    resolvedAt: row.resolvedAt,
    policyHash: row.policyHash,
  }
}

/** collectRecord gives the incident, its record in two forms, its work, checklists, alerts and policy. */
export async function collectRecord(db: Db, subject: Subject): Promise<Gathered> {
  const where = { incidentId: subject.id }
  const [incident, entries, roles, tasks, decisions, pins, links, policy] = await Promise.all([
    db.incident.findUnique({ where: { id: subject.id } }),
    db.timelineEvent.findMany({ where, orderBy: { seq: 'asc' }, take: ENTRIES }),
    db.roleAssignment.findMany({ where, orderBy: [{ assignedAt: 'asc' }, { id: 'asc' }] }),
    db.incidentTask.findMany({ where, orderBy: [{ addedAt: 'asc' }, { id: 'asc' }] }),
    db.incidentDecision.findMany({ where, orderBy: [{ at: 'asc' }, { id: 'asc' }] }),
    db.evidencePin.findMany({ where, orderBy: [{ at: 'asc' }, { id: 'asc' }] }),
    db.incidentLink.findMany({ where, orderBy: [{ at: 'asc' }, { id: 'asc' }] }),
    db.incidentPolicy.findUnique({ where: { hash: subject.policyHash } }),
  ])
  const lines = entries.map(
    (row): EntryLine => ({
      seq: row.seq,
      kind: row.kind,
      source: row.source,
      by: row.actorName,
      occurredAt: row.occurredAt.toISOString(),
      receivedAt: row.receivedAt.toISOString(),
      claimedAt: row.claimedAt,
      body: row.body as EntryLine['body'],
    }),
  )
  const missing: Missing[] = []
  if ((incident?.nextSeq ?? 0) > ENTRIES)
    missing.push({ what: 'record/timeline.jsonl', why: `entries beyond the first ${ENTRIES} are left out` })
  if (policy === null)
    missing.push({ what: 'record/policy.json', why: 'the policy of this incident is no longer stored' })
  const parts: Part[] = [
    { path: 'record/incident.json', kind: 'json', value: incident },
    { path: 'record/timeline.jsonl', kind: 'lines', values: lines },
    {
      path: 'record/timeline.md',
      kind: 'text',
      text: markdownOf(subject.name, subject.title, lines),
      keeps: 'end',
    },
    { path: 'record/work.json', kind: 'json', value: { roles, tasks, decisions, pins, links } },
    ...(policy ? [{ path: 'record/policy.json', kind: 'json', value: policy.body } as const] : []),
  ]
  const [alerts, checklists, actions] = await Promise.all([
    collectAlerts(
      db,
      links.filter((link) => link.kind === 'alert'),
    ),
    collectChecklists(db, subject.id),
    collectActions(db, subject.id),
  ])
  return {
    parts: [...parts, ...alerts.parts, ...checklists.parts, ...actions.parts],
    missing: [...missing, ...alerts.missing, ...checklists.missing, ...actions.missing],
  }
}

async function collectAlerts(
  db: Db,
  links: readonly { readonly ref: string; readonly state: string }[],
): Promise<Gathered> {
  if (links.length === 0)
    return { parts: [], missing: [{ what: 'alerts.json', why: 'no alert is linked to this incident' }] }
  const rows = await db.alert.findMany({
    where: { id: { in: links.map((link) => link.ref) } },
    orderBy: [{ sinceAt: 'asc' }, { id: 'asc' }],
  })
  const stateOf = new Map(links.map((link) => [link.ref, link.state]))
  const gone = links.length - rows.length
  return {
    parts: [
      {
        path: 'alerts.json',
        kind: 'json',
        value: rows.map((row) => ({ ...row, link: stateOf.get(row.id), generator: row.link })),
      },
    ],
    missing:
      gone === 0 ? [] : [{ what: 'alerts.json', why: `${gone} linked alerts are past their retention` }],
  }
}

/** What was planned never holds a secret; the sealed column stays where it is. */
async function collectActions(db: Db, incidentId: string): Promise<Gathered> {
  const runs = await db.actionRun.findMany({
    where: { incidentId },
    omit: { sealedSecrets: true },
    orderBy: [{ preparedAt: 'asc' }, { id: 'asc' }],
  })
  if (runs.length === 0)
    return { parts: [], missing: [{ what: 'actions/', why: 'no action was prepared in this incident' }] }
  const [steps, kept] = await Promise.all([
    db.actionStep.findMany({
      where: { runId: { in: runs.map(({ id }) => id) } },
      orderBy: [{ at: 'asc' }, { runId: 'asc' }, { seq: 'asc' }],
    }),
    evidenceOfRuns(db, incidentId),
  ])
  return {
    parts: [
      { path: 'actions/runs.json', kind: 'json', value: runs },
      { path: 'actions/steps.jsonl', kind: 'lines', values: steps },
      ...(kept.length === 0
        ? []
        : [{ path: 'actions/kept-before.jsonl', kind: 'lines', values: kept } as const]),
    ],
    missing: [],
  }
}

async function collectChecklists(db: Db, incidentId: string): Promise<Gathered> {
  const [lists, deeds] = await Promise.all([
    db.incidentChecklist.findMany({ where: { incidentId }, orderBy: { list: 'asc' } }),
    db.checklistEvent.findMany({ where: { incidentId }, orderBy: [{ at: 'asc' }, { id: 'asc' }] }),
  ])
  if (lists.length === 0)
    return { parts: [], missing: [{ what: 'checklists.json', why: 'no checklist was opened' }] }
  return { parts: [{ path: 'checklists.json', kind: 'json', value: { lists, deeds } }], missing: [] }
}

/** collectTriage gives what triage made of it, every look that it rests on, how it got there, and the trees. */
export async function collectTriage(db: Db, subject: Subject): Promise<Gathered> {
  const run = await db.triageRun.findUnique({ where: { incidentId: subject.id } })
  if (run === null)
    return { parts: [], missing: [{ what: 'triage/', why: 'no triage was made of this incident' }] }
  const [overrides, changes, forest] = await Promise.all([
    db.triageOverride.findMany({ where: { runId: run.id }, orderBy: [{ at: 'asc' }, { id: 'asc' }] }),
    db.triageChange.findMany({ where: { runId: run.id }, orderBy: { id: 'desc' }, take: CHANGES }),
    db.triageForest.findUnique({ where: { hash: run.forestHash } }),
  ])
  const missing: Missing[] = []
  if (run.diagnosis === null)
    missing.push({ what: 'triage/looks.json', why: 'the first look had not been taken' })
  if (forest === null)
    missing.push({ what: 'triage/trees.json', why: 'the trees of this run are not stored' })
  return {
    parts: [
      { path: 'triage/run.json', kind: 'json', value: { ...run, diagnosis: undefined, overrides } },
      ...(run.diagnosis === null
        ? []
        : [{ path: 'triage/looks.json', kind: 'json', value: run.diagnosis } as const]),
      { path: 'triage/changes.jsonl', kind: 'lines', values: changes.reverse() },
      ...(forest
        ? [
            {
              path: 'triage/trees.json',
              kind: 'json',
              value: { hash: forest.hash, trees: forest.body },
            } as const,
          ]
        : []),
    ],
    missing,
  }
}

/** windowStart is where what the console keeps itself begins: the impact, or two hours before the end, whichever is earlier. */
export function windowStart(subject: Subject, window: Window): Date {
  return new Date(Math.min(subject.beganAt.getTime(), window.metricsFromMs))
}
