import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { rolesOf } from '../access/permissions'
import type { Actor } from '../operation'
import { t0, testConsole } from '../platform/testing/database'
import { findCommand, findQuery } from '../registry'
import { runCommand, runQuery } from '../run'
import { enqueueDeliveries } from './enqueue-store'
import { channelsFromEnvironment } from './environment-load'
import type { Publishable } from './model'

async function setup() {
  const app = await testConsole()
  const person = async (name: string, roles: readonly string[]): Promise<Actor> => {
    const { id } = await app.db.person.create({
      data: { handle: name, name, email: `${name}@example.com`, roles: [...roles] },
    })
    return { kind: 'person', id, handle: name, name, roles: rolesOf(roles), sessionId: 's', authAt: t0 }
  }
  const [sam, cleo] = [await person('sam', ['admin']), await person('cleo', ['comms'])]
  const scope = (actor: Actor) => ({ console: app, actor, now: t0, requestId: 'r' })
  const does = (actor: Actor, name: string, input: unknown) =>
    runCommand(findCommand(name), scope(actor), input, randomUUID())
  const asks = async <Result>(actor: Actor, name: string, input: unknown): Promise<Result> =>
    (await runQuery(findQuery(name), scope(actor), input)) as Result
  const hook = {
    id: 'hook',
    kind: 'webhook',
    name: 'Our hook',
    audiences: ['internal'],
    config: { url: 'https://example.com/hook' },
    secret: 'a-signing-key-of-ours',
    version: 0,
  }
  const release = async (changes: { incidentId?: string | null } = {}) => {
    const publication: Publishable = {
      id: randomUUID(),
      incidentId: null,
      seq: 1,
      kind: 'update',
      audience: 'internal',
      severity: 'P2',
      status: 'investigating',
      title: 'Training jobs stop',
      body: 'Three runs are paused.',
      nextUpdateAt: null,
      components: [],
      drill: false,
      ...changes,
    }
    await app.db.$transaction((tx) => enqueueDeliveries({ tx, publication, channels: ['hook'], now: t0 }))
    return publication.id
  }
  return { app, sam, cleo, does, asks, hook, release }
}

test('DLV-CHN-04 a secret is sealed, kept when left out, and stands in no list and no audit entry', async () => {
  const { app, sam, does, asks, hook } = await setup()
  await does(sam, 'channels.configure', hook)
  const { secret, ...without } = hook
  await does(sam, 'channels.configure', { ...without, name: 'Renamed', version: 1 })
  const row = await app.db.channel.findUniqueOrThrow({ where: { id: 'hook' } })
  expect(app.seal.open(row.sealed ?? '', 'channel|hook|sealed')).toBe(secret)
  const list = await asks(sam, 'channels.list', {})
  const audit = await app.db.auditEntry.findMany({ select: { detail: true } })
  expect(JSON.stringify([list, audit, row.config])).not.toContain(secret)
})

test.each([
  ['no secret', { secret: undefined }, 'secret'],
  ['an address that is none', { config: { url: 'nowhere' } }, 'config.url'],
  ['an unknown setting', { config: { url: 'https://example.com', more: 1 } }, 'config.'],
  ['a token of another kind', { kind: 'slack-bot', config: { channel: 'C0A1' }, secret: 'xoxp-1' }, 'secret'],
  [
    'a channel by its name',
    { kind: 'slack-bot', config: { channel: '#ops' }, secret: 'xoxb-1' },
    'config.channel',
  ],
  ['a short routing key', { kind: 'pagerduty', config: {}, secret: 'short' }, 'secret'],
  [
    'an audience that the kind is not for',
    { kind: 'pagerduty', config: {}, secret: '0'.repeat(32), audiences: ['public'] },
    'audiences',
  ],
])('settings with %s are refused at their field and nothing is kept', async (_name, changes, path) => {
  const { app, sam, does, hook } = await setup()
  await expect(does(sam, 'channels.configure', { ...hook, ...changes })).rejects.toMatchObject({
    code: 'invalid',
    issues: [{ path: expect.stringContaining(path) }],
  })
  expect(await app.db.channel.count()).toBe(0)
})

test('two people changing one channel: the second is told and nothing is overwritten', async () => {
  const { sam, does, hook } = await setup()
  await does(sam, 'channels.configure', hook)
  await does(sam, 'channels.configure', { ...hook, name: 'First', version: 1 })
  await expect(
    does(sam, 'channels.configure', { ...hook, name: 'Second', version: 1 }),
  ).rejects.toMatchObject({
    code: 'conflict',
  })
})

test('a removed channel gives up what waited, and its id may be used again', async () => {
  const { sam, cleo, does, asks, hook, release } = await setup()
  await does(sam, 'channels.configure', hook)
  const id = await release()
  await does(sam, 'channels.remove', { id: 'hook', version: 1 })
  const { rows } = await asks<{ rows: { state: string; trouble: { code: string } }[] }>(
    cleo,
    'delivery.outcomes',
    {
      publicationIds: [id],
    },
  )
  expect(rows.map((row) => [row.state, row.trouble.code])).toEqual([['failed', 'given-up']])
  await expect(does(sam, 'channels.configure', hook)).resolves.toMatchObject({ version: 1 })
})

test('pausing and resuming are each possible once, and say who', async () => {
  const { sam, cleo, does, asks, hook } = await setup()
  await does(sam, 'channels.configure', hook)
  await does(cleo, 'channels.pause', { id: 'hook', reason: 'the receiver is being moved' })
  await expect(does(cleo, 'channels.pause', { id: 'hook', reason: 'once more' })).rejects.toMatchObject({
    code: 'conflict',
  })
  const notices = await asks<{ paused: unknown[] }>(cleo, 'channels.notices', {})
  expect(notices.paused).toMatchObject([{ id: 'hook', reason: 'the receiver is being moved', by: 'cleo' }])
  await does(cleo, 'channels.resume', { id: 'hook' })
  await expect(does(cleo, 'channels.resume', { id: 'hook' })).rejects.toMatchObject({ code: 'conflict' })
})

test('DLV-ONC-03 a person marks sent, sends again or gives up, once, and it is written down', async () => {
  const { app, sam, cleo, does, asks, hook, release } = await setup()
  await does(sam, 'channels.configure', hook)
  const words = ['delivery.markSent', 'delivery.retry', 'delivery.giveUp']
  const states: string[] = []
  for (const word of words) {
    const publication = await release()
    await app.db.delivery.updateMany({
      where: { publicationId: publication },
      data: { state: 'needs-person' },
    })
    const { rows } = await asks<{ rows: { id: string; may: unknown }[] }>(cleo, 'delivery.outcomes', {
      publicationIds: [publication],
    })
    expect(rows[0]?.may).toEqual({ sendAgain: true, markSent: true, giveUp: true })
    const answer = (await does(cleo, word, { id: rows[0]?.id })) as { state: string }
    states.push(answer.state)
    if (word !== 'delivery.retry')
      await expect(does(cleo, 'delivery.markSent', { id: rows[0]?.id })).rejects.toMatchObject({
        code: 'conflict',
      })
  }
  expect(states).toEqual(['delivered', 'queued', 'failed'])
  expect(await app.db.auditEntry.count({ where: { action: { in: words } } })).toBe(3)
})

test('messages of an incident that somebody may not know of are not there for them', async () => {
  const { app, sam, cleo, does, asks, hook, release } = await setup()
  await does(sam, 'channels.configure', hook)
  const declared = (await does(cleo, 'incidents.declare', { title: 'A secret thing', severity: 'P3' })) as {
    id: string
  }
  await app.db.incident.update({ where: { id: declared.id }, data: { visibility: 'restricted' } })
  await app.db.incidentAccess.deleteMany({ where: { incidentId: declared.id } })
  const publication = await release({ incidentId: declared.id })
  const row = await app.db.delivery.findFirstOrThrow({ where: { publicationId: publication } })
  expect(await asks(cleo, 'delivery.outcomes', { publicationIds: [publication] })).toMatchObject({ rows: [] })
  await expect(does(cleo, 'delivery.giveUp', { id: row.id })).rejects.toMatchObject({ code: 'not_found' })
})

test('channels of the environment come and change with it, until somebody changes them in the browser', async () => {
  const { app, sam, does, asks } = await setup()
  const named = (name: string, url: string) => ({
    ...app,
    env: {
      ...app.env,
      WATCHFLOOR_CHANNELS: JSON.stringify([
        { id: 'hook', kind: 'webhook', name, audiences: ['internal'], config: { url }, secret: 'a-long-key' },
      ]),
    },
  })
  const list = async () =>
    (await asks<{ channels: { name: string; version: number; config: unknown }[] }>(sam, 'channels.list', {}))
      .channels
  await channelsFromEnvironment(named('One', 'http://127.0.0.1:1/a'))
  await channelsFromEnvironment(named('One', 'http://127.0.0.1:1/a'))
  expect(await list()).toMatchObject([{ name: 'One', version: 1 }])
  await channelsFromEnvironment(named('Two', 'http://127.0.0.1:2/a'))
  expect(await list()).toMatchObject([{ name: 'Two', version: 2, config: { url: 'http://127.0.0.1:2/a' } }])
  await does(sam, 'channels.configure', {
    id: 'hook',
    kind: 'webhook',
    name: 'Ours',
    audiences: ['internal'],
    config: { url: 'https://example.com' },
    version: 2,
  })
  await channelsFromEnvironment(named('Three', 'http://127.0.0.1:3/a'))
  expect(await list()).toMatchObject([{ name: 'Ours', version: 3 }])
})

const RULE = /\bDLV-[A-Z]{3}-\d{2}\b/g

test('every delivery rule is proven by a test, and every cited rule is written down once', async () => {
  const text = await readFile('docs/rules/delivery.md', 'utf8')
  const defined = [...text.matchAll(/^- \*\*(DLV-[A-Z]{3}-\d{2})\*\*/gm)].map((match) => match[1] ?? '')
  const cited = new Set<string>()
  for (const folder of ['lib/delivery', 'lib/channels'])
    for (const name of await readdir(folder))
      if (name.endsWith('.test.ts'))
        for (const [id] of (await readFile(`${folder}/${name}`, 'utf8')).matchAll(RULE)) cited.add(id)
  expect(new Set(defined).size).toBe(defined.length)
  expect(defined.filter((id) => !cited.has(id))).toEqual([])
  expect([...cited].filter((id) => !defined.includes(id))).toEqual([])
})
