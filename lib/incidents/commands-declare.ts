import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { holds } from '../access/holds'
import { type Actor, defineCommand } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { beginRun } from '../triage/commands'
import { namePeople, readPeople } from './access-store'
import { type AlertTarget, findTargets, namesOf, setLinks } from './alert-links-store'
import { claimOf } from './claims'
import { loadPolicy, type PinnedPolicy } from './load-policy'
import { incidentName, phaseOf, SEVERITIES, VISIBILITIES } from './model'
import { declaredOutput } from './outputs'
import type { Author, Entry } from './record-store'
import {
  authorOf,
  type FieldMarks,
  type IncidentRow,
  lockIncident,
  nextNumber,
  personOf,
  refuseMerged,
  writeEntries,
} from './store'
import { alertTarget, claimedText, incidentId, line, prose } from './text'

const declareInput = z
  .strictObject({
    title: line(160, 'say what is wrong and where'),
    severity: z.enum(SEVERITIES),
    severityReason: prose(300).default(''),
    visibility: z.enum(VISIBILITIES).default('internal'),
    /** named are the people who may know of a restricted incident beside the declarer and admins. */
    named: z.array(z.uuid('must be a person id')).max(50, 'at most 50 people').default([]),
    impact: prose(500).default(''),
    /** impactStartedAt is when it began, as the declarer says; judged like every claimed time. */
    impactStartedAt: claimedText.optional(),
    /** answer puts the declarer in command at once. */
    answer: z.boolean().default(false),
    origin: z
      .strictObject({
        kind: z.enum(['alert', 'conclusion', 'page']),
        ref: line(300, 'must not be empty'),
        title: prose(300).default(''),
      })
      .optional(),
    /** alerts are linked at once: by id, or every one that fires of a rule and level. */
    alerts: alertTarget.optional(),
    drill: z.boolean().default(false),
    drillSpeed: z.number().min(1).max(60).default(1),
  })
  .refine((input) => input.drill || input.drillSpeed === 1, {
    message: 'only a drill can run faster than time',
    path: ['drillSpeed'],
  })
  .refine((input) => input.visibility === 'restricted' || input.named.length === 0, {
    message: 'only a restricted incident names who may know of it',
    path: ['named'],
  })

function marksOf(by: string, now: Date): FieldMarks {
  const mark = { version: 1, by, atMs: now.getTime() }
  return { title: mark, impact: mark, severity: mark, status: mark, visibility: mark }
}

async function createIncident(
  tx: Tx,
  input: z.output<typeof declareInput>,
  around: { readonly pinned: PinnedPolicy; readonly author: Author; readonly now: Date },
): Promise<IncidentRow> {
  const { pinned, author, now } = around
  await tx.incidentPolicy.createMany({
    data: [{ hash: pinned.hash, body: pinned.policy, createdAt: now }],
    skipDuplicates: true,
  })
  return tx.incident.create({
    data: {
      id: randomUUID(),
      number: await nextNumber(tx, input.drill),
      drill: input.drill,
      drillSpeed: input.drillSpeed,
      title: input.title,
      impact: input.impact,
      severity: input.severity,
      severityReason: input.severityReason,
      status: 'investigating',
      phase: phaseOf('investigating', input.answer),
      visibility: input.visibility,
      declaredAt: now,
      declaredBy: author.name,
      impactStartedAt: impactStart(input.impactStartedAt, now),
      policyHash: pinned.hash,
      fieldMarks: marksOf(author.name, now),
    },
  })
}

function impactStart(raw: string | undefined, now: Date): Date | null {
  if (raw === undefined) return null
  const claim = claimOf(raw, now.getTime())
  return claim.doubt === undefined ? new Date(claim.occurredAtMs) : null
}

function declaredEntries(input: z.output<typeof declareInput>, isMachine: boolean): readonly Entry[] {
  const { origin } = input
  const source = isMachine ? 'machine' : 'human'
  return [
    {
      kind: 'declared',
      source,
      claimedAt: input.impactStartedAt,
      body: {
        title: input.title,
        severity: input.severity,
        reason: input.severityReason,
        visibility: input.visibility,
        impact: input.impact,
        drill: input.drill,
        speed: input.drillSpeed,
      },
    },
    ...(origin === undefined ? [] : [{ kind: 'link', source, body: origin } as const]),
  ]
}

async function linkFirst(
  tx: Tx,
  incident: IncidentRow,
  linking: { readonly target: AlertTarget | undefined; readonly by: string; readonly now: Date },
): Promise<readonly Entry[]> {
  const { target, by, now } = linking
  if (target === undefined) return []
  const alerts = await findTargets(tx, target)
  const linked = await setLinks(tx, incident, { alerts, state: 'linked', isMachine: false, by, now })
  return linked.length === 0 ? [] : [{ kind: 'alerts-linked', source: 'human', body: namesOf(linked) }]
}

async function nameFirst(
  tx: Tx,
  incident: IncidentRow,
  naming: { readonly actor: Actor; readonly now: Date; readonly named: readonly string[] },
): Promise<void> {
  const { actor, now } = naming
  const self = actor.kind === 'person' ? [actor.id] : []
  const people = await readPeople(tx, [...self, ...naming.named], 'named')
  await namePeople(tx, incident, { people, by: authorOf(actor).name, now })
}

/** declare opens an incident with its number, its clocks and the policy of this moment. */
export const declare = defineCommand({
  name: 'incidents.declare',
  summary: 'Opens an incident with its number, its clocks and the policy of this moment.',
  permission: 'incidents.declare',
  output: declaredOutput,
  input: declareInput,
  before: ({ console, now }) => loadPolicy(console, now),
  run: async ({ tx, actor, now, before }, input) => {
    const author = authorOf(actor)
    if (input.answer && !holds(personOf(actor), 'incidents.acknowledge'))
      throw new AppError('forbidden', 'Your roles may declare an incident, but not take command of it.')
    const incident = await createIncident(tx, input, { pinned: before, author, now })
    if (input.origin)
      await tx.incidentLink.create({
        data: { id: randomUUID(), incidentId: incident.id, ...input.origin, at: now, by: author.name },
      })
    if (input.visibility === 'restricted') await nameFirst(tx, incident, { actor, now, named: input.named })
    const linked = await linkFirst(tx, incident, { target: input.alerts, by: author.name, now })
    const entries = [...declaredEntries(input, actor.kind === 'machine'), ...linked]
    await writeEntries(tx, incident, { author, now, entries })
    if (input.answer) await answer(tx, incident, { person: personOf(actor), now })
    await beginRun(tx, { incidentId: incident.id, by: author.name, now })
    const name = incidentName(incident.number, incident.drill)
    return {
      result: { id: incident.id, number: incident.number, name },
      audit: {
        subject: `incident:${incident.id}`,
        detail: { name, severity: input.severity, visibility: input.visibility, policy: before.hash },
      },
      touched: [{ topic: 'incidents', ref: incident.id }],
    }
  },
})

/** Whoever answers first is in command until a hand-over, so that an answered incident always has one commander. */
async function answer(
  tx: Tx,
  incident: IncidentRow,
  by: { readonly person: ReturnType<typeof personOf>; readonly now: Date },
): Promise<{ readonly isCommander: boolean }> {
  const { person, now } = by
  const author = authorOf(person)
  const commander = await tx.roleAssignment.findFirst({
    where: { incidentId: incident.id, role: 'commander', endedAt: null },
  })
  const entries: Entry[] = [{ kind: 'acknowledged', source: 'human', body: {} }]
  if (commander === null) {
    await tx.roleAssignment.create({
      data: {
        id: randomUUID(),
        incidentId: incident.id,
        role: 'commander',
        personId: person.id,
        handle: person.handle,
        assignedAt: now,
        assignedBy: author.name,
      },
    })
    entries.push({
      kind: 'role',
      source: 'human',
      body: { role: 'commander', handle: person.handle, how: 'answered' },
    })
  }
  const status = incident.status === 'monitoring' ? 'monitoring' : 'investigating'
  await writeEntries(tx, incident, {
    author,
    now,
    entries,
    changes: { acknowledgedAt: now, acknowledgedBy: author.name, phase: phaseOf(status, true) },
  })
  return { isCommander: commander === null }
}

/** acknowledge answers an incident; the first to do so takes command if nobody has it. Doing it again changes nothing. */
export const acknowledge = defineCommand({
  name: 'incidents.acknowledge',
  summary: 'Answers an incident.',
  permission: 'incidents.acknowledge',
  input: z.strictObject({ id: incidentId }),
  run: async ({ tx, actor, now }, { id }) => {
    const person = personOf(actor)
    const incident = await lockIncident({ tx, actor }, id)
    await refuseMerged(tx, incident)
    if (incident.status === 'resolved')
      throw new AppError('conflict', 'It is resolved already. Reopen it if it is back.')
    const isFirst = incident.acknowledgedAt === null
    const outcome = isFirst ? await answer(tx, incident, { person, now }) : { isCommander: false }
    return {
      result: { isFirst, isCommander: outcome.isCommander, by: incident.acknowledgedBy ?? person.handle },
      audit: { subject: `incident:${id}`, detail: { isFirst, ...outcome } },
      touched: isFirst ? [{ topic: 'incidents', ref: id }] : [],
    }
  },
})
