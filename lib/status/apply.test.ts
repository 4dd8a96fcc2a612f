import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sqlOf } from '../platform/sql'
import { testConsole } from '../platform/testing/database'
import { applyPublicUpdate, openPublicNotice, type PublicText } from './apply-store'
import { pageOf } from './page-model'
import { publicIdOf, readPublicRows } from './store'

let app: Awaited<ReturnType<typeof testConsole>>
const API = publicIdOf('component|api')
const TRAINING = publicIdOf('component|training')

beforeAll(async () => {
  app = await testConsole()
  const at = app.clock.now()
  await app.db.statusComponent.createMany({
    data: [API, TRAINING].map((id, position) => ({ id, name: id, position, createdAt: at, updatedAt: at })),
  })
})
afterAll(() => app.close())

function text(incidentId: string, changes: Partial<PublicText> = {}): PublicText {
  return {
    id: randomUUID(),
    incidentId,
    kind: 'update',
    audience: 'public',
    severity: 'P2',
    status: 'investigating',
    title: 'Training jobs stop',
    body: 'Training jobs stop on some GPUs. Next update by 03:00 UTC.',
    nextUpdateAt: '2026-11-18T03:00:00.000Z',
    components: [{ componentId: TRAINING, name: 'Training', from: 'operational', to: 'partial_outage' }],
    corrects: null,
    drill: false,
    ...changes,
  }
}

async function publish(publication: PublicText): Promise<void> {
  app.clock.advanceMs(1_000)
  await app.db.$transaction((tx) => applyPublicUpdate({ tx, publication, now: app.clock.now() }))
}

async function page() {
  const now = app.clock.now()
  await app.db.statusPage.update({ where: { id: 1 }, data: { confirmedAt: now } })
  return pageOf(
    await readPublicRows(sqlOf(app.hot), { fallbackUrl: 'http://127.0.0.1:3000/status', now }),
    now,
  )
}

const states = async () => Object.fromEntries((await page()).components.map(({ id, state }) => [id, state]))

it('S-UPD-01 S-UPD-05 a text stands on the page once, however often it is applied, and the notice is open', async () => {
  const incidentId = randomUUID()
  const first = text(incidentId)
  for (let time = 0; time < 3; time += 1) await publish(first)
  const { open, banner } = await page()
  expect(open.map(({ updates }) => updates.length)).toEqual([1])
  expect(banner).toMatchObject({ indicator: 'major', title: 'Training jobs stop' })
  expect(await openPublicNotice({ db: app.db, incidentId })).toBe(true)
  await publish(text(incidentId, { status: 'resolved', components: [], nextUpdateAt: null }))
  expect(await openPublicNotice({ db: app.db, incidentId })).toBe(false)
})

it('S-CMP-01 S-CMP-02 the worst open word counts, and words end with their incident', async () => {
  const [one, two] = [randomUUID(), randomUUID()]
  await publish(text(one))
  await publish(
    text(two, { components: [{ componentId: TRAINING, name: 'T', from: 'unknown', to: 'major_outage' }] }),
  )
  await publish(
    text(one, { components: [{ componentId: TRAINING, name: 'T', from: 'unknown', to: 'operational' }] }),
  )
  expect(await states()).toEqual({ [API]: 'operational', [TRAINING]: 'major_outage' })
  await publish(text(two, { status: 'resolved', components: [], nextUpdateAt: null }))
  expect(await states()).toEqual({ [API]: 'operational', [TRAINING]: 'operational' })
  expect((await page()).banner.indicator).not.toBe('none')
  await publish(text(one, { status: 'resolved', components: [], nextUpdateAt: null }))
  expect((await page()).banner).toMatchObject({ indicator: 'none', description: 'All Systems Operational' })
})

it('S-CMP-03 a component that is not listed changes no other one', async () => {
  const incidentId = randomUUID()
  await publish(
    text(incidentId, {
      components: [{ componentId: 'nothere00000', name: 'X', from: 'unknown', to: 'major_outage' }],
    }),
  )
  expect(await states()).toEqual({ [API]: 'operational', [TRAINING]: 'operational' })
  expect((await page()).open[0]?.updates[0]?.components).toEqual([])
  await publish(text(incidentId, { status: 'resolved', components: [], nextUpdateAt: null }))
})

it.each([
  ['a drill', { drill: true }],
  ['an internal text', { audience: 'internal' }],
  ['a text for executives', { audience: 'executive' }],
  ['a text without an incident', { incidentId: null }],
] as const)('S-UPD-02 %s never reaches the page', async (_name, changes) => {
  const before = await app.db.publicUpdate.count()
  await publish(text(randomUUID(), changes))
  expect(await app.db.publicUpdate.count()).toBe(before)
  expect((await page()).open).toEqual([])
})

it('S-UPD-03 a correction is an update of its own that names what it corrects', async () => {
  const incidentId = randomUUID()
  const wrong = text(incidentId)
  await publish(wrong)
  await publish(text(incidentId, { kind: 'correction', corrects: wrong.id, body: 'All jobs stop.' }))
  const updates = (await page()).open[0]?.updates ?? []
  expect(updates.map(({ body, corrects }) => ({ body, corrects }))).toEqual([
    { body: 'All jobs stop.', corrects: updates[1]?.id },
    { body: wrong.body, corrects: null },
  ])
  await publish(text(incidentId, { status: 'resolved', components: [], nextUpdateAt: null }))
})

it('S-CMP-04 a retired component is no longer shown', async () => {
  await app.db.statusComponent.update({ where: { id: API }, data: { retiredAt: app.clock.now() } })
  expect((await page()).components.map(({ id }) => id)).toEqual([TRAINING])
})
