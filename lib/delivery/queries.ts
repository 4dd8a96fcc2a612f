import { z } from 'zod'
import { holds } from '../access/holds'
import { withinSight } from '../access/sight'
import { CHANNEL_KINDS } from '../channels/channel'
import { type Actor, defineQuery } from '../operation'
import type { Db } from '../platform/db'
import { mayDo, NO_TROUBLE } from './machine'
import { AUDIENCES_OF } from './model'
import { CHANNEL_WORDS } from './settings'
import { askingOf, type Delivery, deliveriesOf, readChannels, talliesOf } from './store'

/** channelsList gives every channel with how it stands, and the kinds that there are; never a secret. */
export const channelsList = defineQuery({
  name: 'channels.list',
  summary: 'Gives every channel with how it stands, and the kinds that there are.',
  permission: 'channels.read',
  input: z.strictObject({}),
  run: async ({ console: { db }, now }) => {
    const [rows, tallies] = await Promise.all([readChannels(db), talliesOf(db, now)])
    return {
      kinds: CHANNEL_KINDS.map((kind) => ({ kind, ...CHANNEL_WORDS[kind], audiences: AUDIENCES_OF[kind] })),
      channels: rows.map((row) => {
        const tally = tallies.get(row.id)
        return {
          id: row.id,
          kind: row.kind,
          title: CHANNEL_WORDS[row.kind].title,
          name: row.name,
          audiences: row.audiences,
          config: row.config,
          componentMap: row.componentMap,
          hasSecret: row.sealed !== null,
          origin: row.origin,
          drills: row.config.drills === true,
          paused:
            row.pausedAt === null
              ? null
              : { at: row.pausedAt, reason: row.pausedReason ?? '', by: row.pausedBy },
          waiting: tally?.waiting ?? 0,
          asking: tally?.asking ?? 0,
          deliveredAt: tally?.deliveredAt ?? null,
          seenAt: tally?.seenAt ?? null,
          trouble: tally?.trouble ?? '',
          version: row.version,
        }
      }),
    }
  },
})

/** withSight keeps the messages of incidents that the actor may know of, and those of none. */
async function withSight(db: Db, actor: Actor, rows: readonly Delivery[]): Promise<readonly Delivery[]> {
  const ids = [...new Set(rows.flatMap(({ incidentId }) => (incidentId === null ? [] : [incidentId])))]
  if (ids.length === 0) return rows
  const seen = await db.incident.findMany({
    where: { AND: [{ id: { in: ids } }, withinSight(actor)] },
    select: { id: true },
  })
  const known = new Set(seen.map(({ id }) => id))
  return rows.filter(({ incidentId }) => incidentId === null || known.has(incidentId))
}

/** outcomesOf gives how each message of these publications stands on each channel, in the order of sending. */
export const outcomesOf = defineQuery({
  name: 'delivery.outcomes',
  summary: 'Gives how each message of these publications stands on each channel.',
  permission: 'delivery.read',
  input: z.strictObject({ publicationIds: z.array(z.uuid()).max(200) }),
  run: async ({ console: { db }, actor, now }, { publicationIds }) => {
    const [rows, channels] = await Promise.all([deliveriesOf(db, publicationIds), readChannels(db)])
    const byId = new Map(channels.map((row) => [row.id, row]))
    const mayDecide = holds(actor, 'delivery.decide')
    return {
      nowMs: now.getTime(),
      rows: (await withSight(db, actor, rows)).map((row) => {
        const channel = byId.get(row.channelId)
        const may = mayDo(row.state)
        return {
          id: row.id,
          publicationId: row.publicationId,
          channelId: row.channelId,
          channelName: channel?.name ?? row.channelId,
          kind: channel?.kind ?? null,
          step: row.step,
          state: row.state,
          attempt: row.attempt,
          notBefore: row.notBefore,
          deliveredAt: row.deliveredAt,
          seenAt: row.seenAt,
          seenNote: row.seenNote,
          trouble: row.state === 'delivered' ? NO_TROUBLE : row.trouble,
          decidedBy: row.decidedBy,
          paused: channel?.pausedReason ?? null,
          may: {
            sendAgain: mayDecide && may.sendAgain,
            markSent: mayDecide && may.markSent,
            giveUp: mayDecide && may.giveUp,
          },
        }
      }),
    }
  },
})

/** channelNotices gives what needs a person now: channels that stand still, and messages that may have been sent. */
export const channelNotices = defineQuery({
  name: 'channels.notices',
  summary: 'Gives the channels that stand still and the messages that wait for a person’s word.',
  permission: 'channels.read',
  input: z.strictObject({}),
  run: async ({ console: { db }, actor, now }) => {
    const [channels, tallies, asking] = await Promise.all([
      readChannels(db),
      talliesOf(db, now),
      askingOf(db),
    ])
    const names = new Map(channels.map(({ id, name }) => [id, name]))
    const mayDecide = holds(actor, 'delivery.decide')
    return {
      paused: channels.flatMap(({ id, name, pausedAt, pausedReason, pausedBy }) =>
        pausedAt === null
          ? []
          : [
              {
                id,
                name,
                at: pausedAt,
                reason: pausedReason ?? '',
                by: pausedBy,
                waiting: tallies.get(id)?.waiting ?? 0,
              },
            ],
      ),
      asking: (await withSight(db, actor, asking)).map((row) => ({
        id: row.id,
        channelId: row.channelId,
        channelName: names.get(row.channelId) ?? row.channelId,
        step: row.step,
        text: textOf(row.payload),
        sentAt: row.sentAt,
        trouble: row.trouble,
        may: mayDecide ? mayDo(row.state) : { sendAgain: false, markSent: false, giveUp: false },
      })),
    }
  },
})

/** A message is named by the words that it carries, whatever kind of channel it is for. */
function textOf(payload: unknown): string {
  const { text, body, data } = payload as { text?: unknown; body?: unknown; data?: { title?: unknown } }
  const words = [text, body, data?.title].find((value) => typeof value === 'string')
  return String(words ?? '').slice(0, 200)
}
