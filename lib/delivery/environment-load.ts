import { z } from 'zod'
import { CHANNEL_KINDS } from '../channels/channel'
import type { Console } from '../console'
import { rememberSecret } from '../platform/redact'
import { inSql, type Sql } from '../platform/sql'
import { CHANNEL_SCHEMAS, channelPlace } from './settings'
import { lockChannel, saveChannel } from './store'

const shape = z.array(
  z.strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
    kind: z.enum(CHANNEL_KINDS),
    name: z.string().min(1).max(80),
    audiences: z.array(z.enum(['internal', 'public', 'executive'])).min(1),
    config: z.record(z.string(), z.unknown()),
    secret: z.string().min(1),
    componentMap: z.record(z.string(), z.string()).default({}),
  }),
)

type Named = z.infer<typeof shape>[number]

/**
 * channelsFromEnvironment takes over the channels that WATCHFLOOR_CHANNELS names (a JSON list); one that was changed or
 * removed in the browser stays as it is there. Throws where the list does not fit.
 */
export async function channelsFromEnvironment(app: Console): Promise<void> {
  const text = app.env.WATCHFLOOR_CHANNELS
  if (text === undefined) return
  const channels = shape.parse(JSON.parse(text))
  for (const channel of channels) {
    rememberSecret(channel.secret)
    const config = CHANNEL_SCHEMAS[channel.kind].parse(channel.config)
    await inSql(app.hot, (sql) => takeOver(app, sql, { ...channel, config }))
  }
}

async function takeOver(app: Console, sql: Sql, channel: Named): Promise<void> {
  const [known] = await sql.$queryRaw<{ removed: boolean }[]>`
    SELECT removed_at IS NOT NULL AS removed FROM channel WHERE id = ${channel.id}`
  const before = await lockChannel(sql, channel.id)
  if (known?.removed || before?.origin === 'settings') return
  const place = channelPlace(channel.id)
  const held = before?.sealed ? app.seal.open(before.sealed, place) : undefined
  const isSame = before !== undefined && held === channel.secret && wordsOf(before) === wordsOf(channel)
  if (isSame) return
  const sealed = app.seal.seal(channel.secret, place)
  const version = (before?.version ?? 0) + 1
  await saveChannel(sql, { ...channel, sealed, origin: 'environment', version, now: app.clock.now() })
}

function wordsOf({
  kind,
  name,
  audiences,
  config,
  componentMap,
}: Pick<Named, 'kind' | 'name' | 'config' | 'componentMap'> & {
  readonly audiences: readonly string[]
}): string {
  const sorted = (value: Readonly<Record<string, unknown>>): [string, unknown][] =>
    Object.entries(value).sort(([a], [b]) => a.localeCompare(b))
  return JSON.stringify([kind, name, audiences, sorted(config), sorted(componentMap)])
}
