import { afterAll, beforeAll, expect, test } from 'vitest'
import { enqueueMaintenance, type PlannedWork } from './enqueue-maintenance-store'
import { COVERED } from './machine'
import { COMPONENT, openScene, type Row, type Scene } from './testing/scene'

let scene: Scene
let stop: () => Promise<void>

beforeAll(async () => {
  scene = await openScene()
  stop = await scene.start()
}, 60_000)
afterAll(async () => {
  await stop()
  await scene.close()
})

const isOver = (row: Row): boolean => row.state === 'delivered' || row.state === 'failed'
const of = (rows: readonly Row[], id: string): readonly Row[] =>
  rows.filter((row) => row.publicationId === id)
const settled = (id: string) => (rows: readonly Row[]) =>
  of(rows, id).length > 0 && of(rows, id).every(isOver)
const marks = (target: string): readonly string[] =>
  scene.world.outside
    .received()
    .filter((entry) => entry.target === target)
    .map((entry) => entry.mark)
const count = (target: string, id: string): number => marks(target).filter((mark) => mark === id).length
/** Each test begins in lanes of its own. */
const lane = (): { incidentId: string } => ({ incidentId: crypto.randomUUID() })

test('DLV-SEE-01 one release on every channel is delivered, and seen where it can be read back', async () => {
  const channels = ['slack-bot', 'slack-webhook', 'pagerduty', 'webhook']
  const internal = await scene.release(channels, lane())
  const outside = await scene.release(['statuspage'], {
    ...lane(),
    audience: 'public',
    components: [{ componentId: COMPONENT, name: 'Training', from: 'operational', to: 'partial_outage' }],
  })
  const rows = await scene.until((all) =>
    [internal.id, outside.id].every(
      (id) => settled(id)(all) && of(all, id).every((row) => row.seenNote !== ''),
    ),
  )
  const mine = [...of(rows, internal.id), ...of(rows, outside.id)]
  expect(
    mine.map((row) => `${row.channelId} ${row.step} ${row.state} ${row.seenAt !== null}`).sort(),
  ).toEqual([
    'pagerduty post delivered false',
    'slack-bot card delivered true',
    'slack-bot post delivered true',
    'slack-webhook post delivered false',
    'statuspage post delivered true',
    'webhook post delivered false',
  ])
})

test('DLV-ORD-01 DLV-ORD-03 the card is posted once and edited, replies keep their order, edits that wait melt into one', async () => {
  const where = lane()
  const ids: string[] = []
  for (let turn = 0; turn < 4; turn += 1) ids.push((await scene.release(['slack-bot'], where)).id)
  const rows = await scene.until((all) => ids.every((id) => settled(id)(all)))
  const cards = ids.flatMap((id) => of(rows, id).filter((row) => row.step === 'card'))
  const posts = ids.flatMap((id) => of(rows, id).filter((row) => row.step === 'post'))
  const [root] = cards
  expect(cards.every((row) => row.remoteId === root?.remoteId)).toBe(true)
  expect(cards.filter((row) => row.seenNote === COVERED).length).toBeGreaterThan(0)
  expect(cards.at(-1)?.seenNote).not.toBe(COVERED)
  expect(posts.every((row) => row.target === root?.remoteId)).toBe(true)
  const order = marks('slack').filter((mark) => posts.some((row) => row.id === mark))
  expect(order).toEqual(posts.map((row) => row.id))
}, 60_000)

test.each([
  ['accept-then-hang', 'slack', 'slack-bot'],
  ['error-after-accept', 'slack', 'slack-bot'],
  ['error', 'slack', 'slack-bot'],
  ['accept-then-hang', 'statuspage-manage', 'statuspage'],
  ['error-after-accept', 'statuspage-manage', 'statuspage'],
] as const)(
  'DLV-ONC-01 %s at %s: nothing lost, nothing twice',
  async (fault, target, channel) => {
    scene.world.outside.set(target, { fault, times: 1 })
    const audience = channel === 'statuspage' ? 'public' : 'internal'
    const { id } = await scene.release([channel], { ...lane(), audience })
    const rows = of(await scene.until(settled(id)), id)
    expect(rows.every((row) => row.state === 'delivered')).toBe(true)
    expect(rows.map((row) => count(target, row.id))).toEqual(rows.map(() => 1))
  },
  60_000,
)

test('DLV-STA-05 what was refused for now goes out after the time that was asked for', async () => {
  scene.world.outside.set('receiver', { fault: 'rate-limited', times: 1, retryAfterSeconds: 2 })
  const startedMs = performance.now()
  const { id } = await scene.release(['webhook'], lane())
  const [row] = of(await scene.until(settled(id)), id)
  expect([row?.state, row?.attempt]).toEqual(['delivered', 2])
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(2_000)
}, 60_000)

test('DLV-ORD-04 chat gives up what could not be sent by the promised next update, a status page does not', async () => {
  scene.world.outside.set('slack', { fault: 'rate-limited', times: 1, retryAfterSeconds: 1 })
  scene.world.outside.set('statuspage-manage', { fault: 'rate-limited', times: 1, retryAfterSeconds: 1 })
  const nextUpdateAt = new Date(Date.now() + 200)
  const chat = await scene.release(['slack-bot'], { ...lane(), nextUpdateAt })
  const page = await scene.release(['statuspage'], { ...lane(), nextUpdateAt, audience: 'public' })
  const rows = await scene.until((all) => settled(chat.id)(all) && settled(page.id)(all))
  const [card] = of(rows, chat.id)
  expect([card?.state, card?.errorCode]).toEqual(['failed', 'too-old'])
  expect(of(rows, page.id)[0]?.state).toBe('delivered')
}, 60_000)

test('DLV-ONC-02 a webhook and an alert may be repeated: the outside has each once', async () => {
  scene.world.outside.set('receiver', { fault: 'error-after-accept', times: 1 })
  scene.world.outside.set('pagerduty', { fault: 'error-after-accept', times: 1 })
  const where = lane()
  const { id } = await scene.release(['webhook', 'pagerduty'], where)
  const rows = of(await scene.until(settled(id)), id)
  expect(rows.every((row) => row.state === 'delivered')).toBe(true)
  const hook = rows.find((row) => row.channelId === 'webhook')
  const events = scene.world.outside.received().filter((entry) => entry.mark === hook?.id)
  expect(events.map((entry) => entry.what)).toEqual(['event', 'repeat'])
}, 60_000)

test('DLV-ONC-03 DLV-ORD-02 what may have been sent to a webhook address waits for a person and holds up no other lane', async () => {
  scene.world.outside.set('slack-hook', { fault: 'accept-then-hang', times: 1 })
  const where = lane()
  const first = await scene.release(['slack-webhook'], where)
  const second = await scene.release(['slack-webhook'], where)
  const other = await scene.release(['slack-webhook', 'webhook'], lane())
  const rows = await scene.until(
    (all) => settled(other.id)(all) && of(all, first.id)[0]?.state === 'needs-person',
  )
  expect(of(rows, first.id)[0]?.errorCode).toBe('may-have-been-sent')
  expect(of(rows, second.id)[0]?.state).toBe('queued')
}, 60_000)

test('DLV-CHN-02 a component that nobody has mapped is asked for, and nothing leaves', async () => {
  const before = marks('statuspage-manage').length
  const { id } = await scene.release(['statuspage'], {
    ...lane(),
    audience: 'public',
    components: [{ componentId: 'new', name: 'Uploads', from: 'operational', to: 'major_outage' }],
  })
  const [row] = of(await scene.until((all) => of(all, id)[0]?.state === 'needs-person'), id)
  expect(row).toMatchObject({ errorCode: 'unmapped-component', fixHref: '/settings/channels#statuspage' })
  expect(row?.errorText).toContain('Uploads')
  expect(marks('statuspage-manage').length).toBe(before)
})

test('DLV-CHN-03 what a target can’t take fails with its own words, and the next message goes on', async () => {
  scene.world.outside.set('statuspage-manage', { fault: 'not-ok', times: 1, error: 'Body is too odd' })
  const where = { ...lane(), audience: 'public' } as const
  const bad = await scene.release(['statuspage'], where)
  const good = await scene.release(['statuspage'], where)
  const rows = await scene.until((all) => settled(bad.id)(all) && settled(good.id)(all))
  expect(of(rows, bad.id)[0]).toMatchObject({ state: 'failed', errorCode: 'http-422' })
  expect(of(rows, bad.id)[0]?.errorText).toContain('Body is too odd')
  expect(of(rows, good.id)[0]?.state).toBe('delivered')
})

test('a card that somebody deleted is posted anew', async () => {
  const where = lane()
  const first = await scene.release(['slack-bot'], where)
  await scene.until(settled(first.id))
  scene.world.outside.set('slack', { fault: 'not-ok', times: 1, error: 'message_not_found' })
  const second = await scene.release(['slack-bot'], where)
  const rows = await scene.until(settled(second.id))
  const cards = [first, second].map(({ id }) => of(rows, id).find((row) => row.step === 'card'))
  expect(cards[1]?.state).toBe('delivered')
  expect(cards[1]?.remoteId).not.toBe(cards[0]?.remoteId)
}, 60_000)

test('DLV-CHN-01 a revoked token pauses the channel once and drops nothing; resumed, everything goes out in order', async () => {
  scene.world.outside.set('slack', { fault: 'revoked' })
  const where = lane()
  const ids = [await scene.release(['slack-bot'], where), await scene.release(['slack-bot'], lane())].map(
    ({ id }) => id,
  )
  const paused = () => scene.app.db.channel.findUniqueOrThrow({ where: { id: 'slack-bot' } })
  const isFound = (row: Row): boolean => row.errorCode === 'token_revoked' && row.state === 'queued'
  await scene.until(
    (all) =>
      ids.some((id) => of(all, id).some(isFound)) &&
      ids.every((id) => of(all, id).every((row) => row.state === 'queued')),
  )
  const channel = await paused()
  expect(channel.pausedReason).toContain('install the bot again')
  const notices = await scene.app.db.auditEntry.count({ where: { action: 'channels.pause' } })
  expect(notices).toBe(1)
  scene.world.outside.set('slack', undefined)
  await scene.app.db.channel.update({
    where: { id: 'slack-bot' },
    data: { pausedAt: null, pausedReason: null },
  })
  const rows = await scene.until((all) => ids.every((id) => settled(id)(all)))
  expect(ids.flatMap((id) => of(rows, id)).every((row) => row.state === 'delivered')).toBe(true)
}, 60_000)

test('DLV-CHN-04 no secret stands in any row', async () => {
  const text =
    JSON.stringify(await scene.rows()) +
    JSON.stringify(await scene.app.db.auditEntry.findMany(), (_key, value: unknown) =>
      typeof value === 'bigint' ? Number(value) : value,
    )
  for (const secret of [
    'xoxb-simulated',
    'simulated-statuspage-key',
    'simulated0routing',
    'simulated-webhook-key',
    '/services/T0',
  ])
    expect(text).not.toContain(secret)
})

test('DLV-CHN-06 planned work is a scheduled maintenance there: announced without touching a component, begun, and ended', async () => {
  const work: Omit<PlannedWork, 'status' | 'version' | 'body'> = {
    id: 'abcdefghijkl',
    name: 'New disks',
    scheduledFor: '2026-12-01T02:00:00.000Z',
    scheduledUntil: '2026-12-01T04:00:00.000Z',
    components: [{ id: COMPONENT, name: 'Training', state: 'operational' }],
  }
  const lookAt = async <Answer>(path: string): Promise<Answer> =>
    (await fetch(`${scene.base}/statuspage-manage/${path}`, {
      headers: { authorization: 'OAuth simulated-statuspage-key' },
    }).then((answer) => answer.json())) as Answer
  const stateThere = async (): Promise<string | undefined> => {
    const all = await lookAt<{ id: string; status: string }[]>('v1/pages/simulated/components')
    return all.find(({ id }) => id === '8kbf7d35c070')?.status
  }
  const before = await stateThere()
  const states = ['operational', 'under_maintenance', 'operational']
  for (const [nth, status] of (['scheduled', 'in_progress', 'completed'] as const).entries()) {
    const components = work.components.map((it) => ({ ...it, state: states[nth] ?? '' }))
    await scene.app.db.$transaction((tx) =>
      enqueueMaintenance(
        tx,
        { ...work, components, status, version: nth + 1, body: `Step ${nth}.` },
        new Date(),
      ),
    )
    const mine = (rows: readonly Row[]) =>
      rows.filter(({ publicationId, channelId }) => publicationId === null && channelId === 'statuspage')
    const rows = mine(
      await scene.until(
        (all) => mine(all).length === nth + 1 && mine(all).every((row) => row.seenAt !== null),
      ),
    )
    expect(rows.every(({ state }) => state === 'delivered')).toBe(true)
    expect(await stateThere()).toBe(status === 'scheduled' ? before : states[nth])
  }
  const { scheduled_maintenances: planned } = await lookAt<{ scheduled_maintenances: object[] }>(
    'api/v2/scheduled-maintenances.json',
  )
  expect(planned).toMatchObject([
    {
      name: 'New disks',
      status: 'completed',
      impact: 'maintenance',
      scheduled_for: work.scheduledFor,
      scheduled_until: work.scheduledUntil,
      incident_updates: [{ body: 'Step 2.' }, { body: 'Step 1.' }, { body: 'Step 0.' }],
    },
  ])
}, 60_000)
