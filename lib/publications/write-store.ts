import { randomUUID } from 'node:crypto'
import type { Finding, Kind, Message } from '../comms/model'
import type { Actor } from '../operation'
import { sha256Hex } from '../platform/crypto'
import type { Tx } from '../platform/db'
import { type Sealed, sealedText } from './sealed'
import { nextSeq, type PublicationRow, type Subject, wakeReleases } from './store'

/** Writing is a judged message that may be stored: its frozen text, what it is made of, and whether somebody else must agree. */
export type Writing = {
  readonly subject: Subject
  readonly actor: Actor
  readonly kind: Kind
  readonly corrects: string | null
  readonly message: Message
  readonly frozen: { readonly title: string; readonly body: string }
  readonly facts: Sealed['facts']
  readonly channelIds: readonly string[]
  readonly findings: readonly Finding[]
  readonly lintVersion: string
  readonly isApprovalNeeded: boolean
  readonly note: string
  readonly holdMs: number
  readonly now: Date
}

/** writePublication stores a message, held for its undo or waiting for another person. */
export async function writePublication(tx: Tx, writing: Writing): Promise<PublicationRow> {
  const { subject, actor, message, frozen, facts, channelIds, now } = writing
  const state = writing.isApprovalNeeded ? 'waiting' : 'holding'
  const row = await tx.publication.create({
    data: {
      id: randomUUID(),
      incidentId: subject.id,
      seq: await nextSeq(tx, subject.id),
      kind: writing.kind,
      audience: message.audience,
      severity: message.severity,
      status: message.status,
      title: frozen.title,
      body: frozen.body,
      draftBody: `${message.title}\n${message.body}`,
      nextUpdateAt: message.nextUpdateAt === null ? null : new Date(message.nextUpdateAt),
      components: message.components as unknown as object[],
      facts: facts as object,
      channelIds: [...channelIds],
      findings: writing.findings as unknown as object[],
      lintVersion: writing.lintVersion,
      hash: hashOf(writing),
      state,
      holdUntil: state === 'holding' ? new Date(now.getTime() + writing.holdMs) : null,
      authorId: actor.kind === 'person' ? actor.id : `machine:${actor.id}`,
      author: actor.kind === 'person' ? actor.handle : actor.id,
      endedNote: writing.note,
      corrects: writing.corrects,
      drill: subject.drill,
      createdAt: now,
    },
  })
  await wakeReleases(tx)
  return row
}

function hashOf({ kind, corrects, message, frozen, facts, channelIds }: Writing): string {
  return sha256Hex(
    sealedText({
      audience: message.audience,
      kind,
      severity: message.severity,
      status: message.status,
      title: frozen.title,
      body: frozen.body,
      nextUpdateAt: message.nextUpdateAt,
      components: message.components,
      facts,
      channelIds,
      corrects,
    }),
  )
}
