import { z } from 'zod'
import { holds } from '../access/holds'
import { LINT_VERSION } from '../comms/lint-rules'
import type { Audience, Finding, Kind, Message } from '../comms/model'
import { defineCommand, type Outcome, type Scope } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { approvalOf } from './approval'
import { type Choices, componentsOf, draftFor, factsFor, judge, nextUpdateOf, readChips } from './compose'
import { blocksOf, refuseJudged } from './gate'
import { choices, correction, said, type TextInput, text } from './inputs'
import { loadSituation, withLinks } from './load-situation'
import { moveOf } from './model'
import { publishedOutput } from './outputs'
import type { Situation } from './situation'
import { findPublication, lockPublication, lockSubject, type PublicationRow, type Subject } from './store'
import { publicationView } from './view'
import { type Writing, writePublication } from './write-store'

type Inside = Scope & { readonly tx: Tx }

/** refuseAudience throws when this actor may not speak to an audience, or when the incident is not for it. */
function refuseAudience({ actor }: Inside, audience: Audience, subject: Subject): void {
  if (audience !== 'public') return
  if (!holds(actor, 'publications.publish-public'))
    throw new AppError('forbidden', 'Updates to customers are for communications, commanders and managers.')
  if (subject.visibility === 'public') return
  throw new AppError(
    'invalid',
    `This incident is ${subject.visibility}: make it public before customers are told.`,
    {
      issues: [{ path: 'public', message: `the incident is ${subject.visibility}` }],
    },
  )
}

/** channelsFor gives where a message goes: what was named, or all channels of its audience; throws invalid for one that is not. */
function channelsFor(situation: Situation, audience: Audience, named: readonly string[] | undefined) {
  const ways = situation.ways.filter((way) => way.audiences.includes(audience))
  // A paused channel keeps what it is given until somebody repairs it.
  if (named === undefined) return ways
  return [...new Set(named)].map((id) => {
    const way = ways.find((one) => one.id === id)
    if (way === undefined)
      throw new AppError('invalid', `The channel ${id} does not tell this audience.`, {
        issues: [{ path: audience, message: `no such channel: ${id}` }],
      })
    return way
  })
}

function refuseUnknown(situation: Situation, asked: Choices['components']): void {
  const known = new Set(situation.components.map(({ id }) => id))
  const missing = asked?.find(({ componentId }) => !known.has(componentId))
  if (missing === undefined) return
  throw new AppError('invalid', `There is no component ${missing.componentId} on the status page.`, {
    issues: [{ path: 'components', message: `no such component: ${missing.componentId}` }],
  })
}

type Speech = {
  readonly subject: Subject
  readonly situation: Situation
  readonly choices: Choices
  readonly kind: Kind
  readonly corrects: PublicationRow | undefined
}

async function say(scope: Inside, speech: Speech, input: TextInput): Promise<PublicationRow> {
  const { tx, actor, now } = scope
  const { situation, subject, kind, corrects } = speech
  const { audience } = input
  refuseAudience(scope, audience, subject)
  const draft = draftFor(situation, audience, speech.choices, now)?.message
  const status = speech.choices.status ?? situation.incident.status
  const message: Message = {
    audience,
    kind,
    severity: situation.incident.severity,
    status,
    title: input.title,
    body: input.body,
    nextUpdateAt: nextUpdateOf(situation, speech.choices, now),
    components: componentsOf(situation, speech.choices, audience),
  }
  const ways = channelsFor(situation, audience, input.channelIds)
  const forms = [...ways.map(({ form }) => form), ...(audience === 'public' ? (['page'] as const) : [])]
  const judgement = judge(situation, message, { told: input.told, channels: forms, now })
  refuseJudged(audience, judgement, input.override)
  const isTemplate = draft !== undefined && draft.title === input.title && draft.body === input.body
  const said = { audience, severity: message.severity, status, isTemplate }
  const approval = approvalOf(
    { ...said, isFirst: situation.before[audience] === undefined, isCorrection: kind === 'correction' },
    situation.policy,
  )
  const facts = factsFor(situation, audience)
  return writePublication(tx, {
    subject,
    actor,
    kind,
    corrects: corrects?.id ?? null,
    message,
    frozen: judgement,
    facts: Object.fromEntries(
      readChips(message).flatMap((id): [string, Writing['facts'][string]][] => {
        const fact = facts[id]
        return fact ? [[id, fact]] : []
      }),
    ),
    channelIds: ways.map(({ id }) => id),
    findings: judgement.findings,
    lintVersion: LINT_VERSION,
    isApprovalNeeded: approval.isNeeded || blocksOf(judgement.findings).blocks.length > 0,
    note: input.override,
    holdMs: situation.policy.holdSeconds * 1_000,
    now,
  })
}

function told(
  subject: Subject,
  rows: readonly PublicationRow[],
): Outcome<{
  readonly publications: readonly ReturnType<typeof publicationView>[]
}> {
  return {
    result: { publications: rows.map(publicationView) },
    audit: {
      subject: `incident:${subject.id}`,
      detail: {
        publications: rows.map(({ id, audience, hash, state, lintVersion, findings }) => ({
          id,
          audience,
          hash,
          state,
          lintVersion,
          rules: (findings as unknown as readonly Finding[]).map(({ rule }) => rule),
        })),
      },
    },
    touched: [{ topic: 'publications', ref: subject.id }],
  }
}

/** Whoever edits what waits takes back the old text with it: an approval is never of a text that was changed. */
async function replace(scope: Inside, ids: readonly string[], incidentId: string): Promise<void> {
  const { tx, actor, now } = scope
  for (const id of ids) {
    const row = await lockPublication(tx, actor, id)
    if (row.incidentId !== incidentId) throw new AppError('not_found', 'There is no such message.')
    const byId = actor.kind === 'person' ? actor.id : `machine:${actor.id}`
    const move = moveOf(standingOf(row), { kind: 'withdraw', byId, nowMs: now.getTime() })
    if (!move.ok) throw new AppError(move.code, move.why)
    await tx.publication.update({
      where: { id },
      data: { state: move.to, endedBy: handleOf(actor), endedNote: 'replaced by an edited text' },
    })
  }
}

/** standingOf is a stored message as the rules of its states read it. */
export function standingOf(row: PublicationRow) {
  const { authorId, hash } = row
  const state = row.state as Parameters<typeof moveOf>[0]['state']
  return { state, authorId, hash, holdUntilMs: row.holdUntil?.getTime() }
}

/** handleOf names an actor as people read it. */
export function handleOf(actor: Scope['actor']): string {
  return actor.kind === 'person' ? actor.handle : actor.id
}

/** publish says something to one or more audiences: judged again, held for its undo or waiting for a second person; all of it or nothing. */
export const publish = defineCommand({
  name: 'publications.publish',
  summary:
    'Says something to one or more audiences: judged, then held for its undo or waiting for a second person.',
  permission: 'publications.publish',
  output: publishedOutput,
  input: z.strictObject({
    incidentId: z.uuid('must be an incident id'),
    ...choices,
    said: said.default({}),
    texts: z
      .array(text)
      .min(1, 'say something')
      .max(3)
      .refine((list) => new Set(list.map((one) => one.audience)).size === list.length, 'each audience once'),
    /** replaces are messages not yet out, which this one takes the place of. */
    replaces: z.array(z.uuid()).max(10).default([]),
  }),
  before: async (scope, input) =>
    withLinks(scope, await loadSituation(scope, input.incidentId, input.said), input.texts),
  run: async (scope, { incidentId, texts, replaces, status, nextUpdateAt, components }) => {
    const { tx, actor, before: situation } = scope
    const subject = await lockSubject(tx, actor, incidentId)
    refuseMoved(subject, situation)
    refuseUnknown(situation, components)
    refusePhase(scope, subject, status)
    await replace(scope, replaces, incidentId)
    const chosen: Choices = { status, nextUpdateAt, components }
    const speech: Speech = { subject, situation, choices: chosen, kind: 'update', corrects: undefined }
    const rows: PublicationRow[] = []
    for (const one of texts) rows.push(await say(scope, speech, one))
    return told(subject, rows)
  },
})

/** Telling another phase moves the incident to it, which is for whoever leads; that it is resolved is told before it is set. */
function refusePhase({ actor }: Inside, subject: Subject, told: Message['status'] | undefined): void {
  if (told === undefined || told === subject.status || told === 'resolved') return
  if (subject.status === 'resolved')
    throw new AppError('conflict', 'The incident is resolved. Reopen it before another phase is told.')
  if (holds(actor, 'incidents.command')) return
  throw new AppError('forbidden', `The incident is ${subject.status}: its commander moves it on.`)
}

/** The severity decides who must agree: one that changed a moment ago is read again. */
function refuseMoved(subject: Subject, situation: Situation): void {
  if (
    subject.severity === situation.incident.severity &&
    subject.visibility === situation.incident.visibility
  )
    return
  throw new AppError('conflict', 'The incident changed while this was sent. Look at the text again.')
}

/** correct says what was wrong in a message that is out, to exactly those who got it; the wrong one stays and is linked. */
export const correct = defineCommand({
  name: 'publications.correct',
  summary: 'Says what was wrong in a message that is out, to exactly those who got it.',
  permission: 'publications.publish',
  output: publishedOutput,
  input: z.strictObject({
    id: z.uuid('must be a message id'),
    ...correction,
    nextUpdateAt: choices.nextUpdateAt,
    said: said.default({}),
  }),
  before: async (scope, input) => {
    const row = await findOut(scope, input.id)
    const situation = await loadSituation(scope, row.incidentId, input.said)
    return { row, situation: await withLinks(scope, situation, [input]) }
  },
  run: async (scope, { title, body, told: values, override, nextUpdateAt }) => {
    const { row, situation } = scope.before
    const subject = await lockSubject(scope.tx, scope.actor, row.incidentId)
    refuseMoved(subject, situation)
    const audience = row.audience as Audience
    const known = new Set(situation.ways.map(({ id }) => id))
    const channelIds = (row.channelIds as readonly string[]).filter((id) => known.has(id))
    const speech: Speech = {
      subject,
      situation,
      choices: { status: row.status as Message['status'], nextUpdateAt },
      kind: 'correction',
      corrects: row,
    }
    return told(subject, [
      await say(scope, speech, { audience, title, body, told: values, override, channelIds }),
    ])
  },
})

async function findOut(scope: Scope, id: string): Promise<PublicationRow & { readonly incidentId: string }> {
  const row = await findPublication(scope.console.db, scope.actor, id)
  if (row.incidentId === null || row.state !== 'released')
    throw new AppError('conflict', 'Only a message that is out can be corrected.')
  return { ...row, incidentId: row.incidentId }
}
