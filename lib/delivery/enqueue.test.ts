import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { CHANNEL_KINDS } from '../channels/channel'
import { t0, testConsole } from '../platform/testing/database'
import { enqueueDeliveries } from './enqueue-store'
import { AUDIENCES_OF, fitOf, type Publishable } from './model'

async function setup() {
  const app = await testConsole()
  for (const kind of CHANNEL_KINDS)
    await app.db.channel.create({
      data: {
        id: kind,
        kind,
        name: kind,
        audiences: [...AUDIENCES_OF[kind]],
        config: {},
        createdAt: t0,
        updatedAt: t0,
      },
    })
  const incidentId = randomUUID()
  const publication = (changes: Partial<Publishable> = {}): Publishable => ({
    id: randomUUID(),
    incidentId,
    seq: 1,
    kind: 'update',
    audience: 'internal',
    severity: 'P2',
    status: 'investigating',
    title: 'Training jobs stop',
    body: 'Three runs are paused.',
    nextUpdateAt: '2026-11-18T03:00:00.000Z',
    components: [],
    drill: false,
    ...changes,
  })
  const release = (it: Publishable, channels: readonly string[]) =>
    app.db.$transaction((tx) => enqueueDeliveries({ tx, publication: it, channels, now: t0 }))
  const rows = () => app.db.delivery.findMany({ orderBy: [{ orderKey: 'asc' }, { seq: 'asc' }] })
  return { app, publication, release, rows }
}

test('DLV-ORD-01 rows of one incident and channel stand in the order of release, once, whatever is repeated', async () => {
  const { publication, release, rows } = await setup()
  const [first, second] = [publication(), publication({ seq: 2, severity: 'P1' })]
  await release(first, ['slack-bot', 'slack-bot'])
  await release(second, ['slack-bot', 'pagerduty'])
  await release(first, ['slack-bot'])
  const slack = (await rows()).filter((row) => row.channelId === 'slack-bot')
  expect(slack.map((row) => [row.publicationId, row.step, row.seq, row.state])).toEqual([
    [first.id, 'card', 1, 'queued'],
    [first.id, 'post', 2, 'queued'],
    [second.id, 'card', 3, 'queued'],
    [second.id, 'post', 4, 'queued'],
  ])
  expect(slack.map((row) => (row.payload as { isBroadcast: boolean }).isBroadcast)).toEqual([
    false,
    false,
    true,
    true,
  ])
})

test('two releases at once get different places in the lane', async () => {
  const { publication, release, rows } = await setup()
  await Promise.all(Array.from({ length: 8 }, (_, at) => release(publication({ seq: at }), ['webhook'])))
  expect((await rows()).map((row) => row.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
})

test('an unknown channel is refused and nothing is kept', async () => {
  const { publication, release, rows } = await setup()
  await expect(release(publication(), ['webhook', 'nowhere'])).rejects.toMatchObject({ code: 'invalid' })
  expect(await rows()).toEqual([])
})

test('a message for an audience that the channel is not for fails with the reason and goes nowhere', async () => {
  const { publication, release, rows } = await setup()
  await release(publication({ audience: 'public' }), ['slack-bot', 'statuspage'])
  expect((await rows()).map((row) => [row.channelId, row.state, row.errorCode])).toEqual([
    ['slack-bot', 'failed', 'wrong-audience'],
    ['slack-bot', 'failed', 'wrong-audience'],
    ['statuspage', 'queued', ''],
  ])
})

test('DLV-CHN-05 practice leaves through no channel that may tell the public, and others only by their own word', async () => {
  const { publication, release, rows } = await setup()
  await release(publication({ drill: true }), [...CHANNEL_KINDS])
  await release(publication({ drill: true, audience: 'public' }), [...CHANNEL_KINDS])
  expect(await rows()).toEqual([])
  const internal = { name: 'x', audiences: ['internal'], drills: true }
  expect(fitOf({ audience: 'internal', drill: true }, internal).kind).toBe('goes')
  expect(
    fitOf({ audience: 'internal', drill: true }, { ...internal, audiences: ['internal', 'public'] }).kind,
  ).toBe('nothing')
  expect(fitOf({ audience: 'public', drill: true }, internal).kind).toBe('nothing')
})
