import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Role } from '../access/permissions'
import { somebodyIn } from '../access/testing/somebody'
import type { SteppedClock } from '../platform/clock'
import { testConsole } from '../platform/testing/database'
import { shipped } from '../triage/testing/shipped'

let app: Awaited<ReturnType<typeof testConsole>> & { readonly clock: SteppedClock }

beforeAll(async () => {
  app = await testConsole()
})

afterAll(async () => {
  await app.close()
})

/** Every deed is done a second after the one before it. */
async function someone(...roles: readonly Role[]) {
  const person = await somebodyIn(app, roles)
  const does: typeof person.does = (name, input, key) => {
    app.clock.advanceMs(1_000)
    return person.does(name, input, key)
  }
  return { ...person, does }
}

/** An incident whose triage runs under the shipped trees, with two people who may work in it. */
async function setup(visibility: 'internal' | 'restricted' = 'internal') {
  const [ana, li] = [await someone('commander', 'responder'), await someone('responder')]
  const { id } = await ana.does('incidents.declare', { title: 'Outage', severity: 'P1', visibility })
  const { forest } = await shipped()
  await app.db.triageForest.createMany({
    data: [{ hash: forest.hash, body: forest.trees as object[], createdAt: app.clock.now() }],
    skipDuplicates: true,
  })
  await app.db.triageRun.update({ where: { incidentId: id }, data: { forestHash: forest.hash } })
  const lists = async () => (await ana.asks('checklists.ofIncident', { incidentId: id })).lists
  const list = async () => {
    const found = (await lists()).find((one) => one.id === 'provider-fails')
    if (!found) throw new Error('the shipped trees have lost their first checklist')
    return found
  }
  const record = async () =>
    (await ana.asks('incidents.timeline', { id })).entries
      .filter((entry) => entry.kind === 'checklist')
      .map((entry) => ({ what: entry.body.what, by: entry.by }))
      .reverse()
  return { ana, li, id, list, lists, record }
}

const on = (id: string, item: string) => ({ incidentId: id, list: 'provider-fails', item })

test('C-PIN-01 a list is opened once, as it stands; later trees change nothing in it', async () => {
  const { ana, li, id, list, record } = await setup()
  await ana.does('checklists.open', { incidentId: id, list: 'provider-fails' })
  await li.does('checklists.open', { incidentId: id, list: 'provider-fails' })
  const before = await list()
  expect(before).toMatchObject({ openedBy: ana.handle, settled: 0, total: 7, kind: 'do-confirm' })
  expect(before.version).toMatch(/^[0-9a-f]{64}$/)
  const { forest } = await shipped()
  const changed = forest.trees.map(({ name, tree }) => ({
    name,
    tree: {
      ...tree,
      checklists: tree.checklists.map((one) => ({ ...one, title: `${one.title}, edited` })),
    },
  }))
  await app.db.triageForest.create({
    data: { hash: `edited-${id}`, body: changed as object[], createdAt: app.clock.now() },
  })
  await app.db.triageRun.update({ where: { incidentId: id }, data: { forestHash: `edited-${id}` } })
  expect(await list()).toEqual(before)
  await expect(
    ana.does('checklists.tick', { ...on(id, 'commander'), version: 'f'.repeat(64) }),
  ).rejects.toMatchObject({ code: 'conflict' })
  expect(await record()).toEqual([{ what: 'opened', by: ana.handle }])
})

test('C-TICK-02 ticks of two people are one tick with both names, and no conflict; the same one twice is none', async () => {
  const { ana, li, id, list } = await setup()
  const mine = { ...on(id, 'commander'), entryId: randomUUID() }
  expect(await ana.does('checklists.tick', mine)).toMatchObject({ settled: 1, repeated: false })
  expect(await ana.does('checklists.tick', mine)).toMatchObject({ settled: 1, repeated: true })
  expect(await li.does('checklists.tick', on(id, 'commander'))).toMatchObject({ settled: 1, repeated: false })
  const item = (await list()).items.find((one) => one.id === 'commander')
  expect(item?.marks.map(({ by }) => by)).toEqual([ana.handle, li.handle])
  expect(await app.db.checklistEvent.count({ where: { incidentId: id } })).toBe(2)
})

test('C-TICK-05 a tick opens its list where nobody has, and counts from when it was done', async () => {
  const { ana, li, id, list, record } = await setup()
  const doneAt = new Date(app.clock.now().getTime() - 600_000)
  await ana.does('checklists.untick', on(id, 'ticket'))
  await li.does('checklists.tick', { ...on(id, 'ticket'), claimedAt: doneAt.toISOString() })
  const item = (await list()).items.find((one) => one.id === 'ticket')
  expect(item?.marks).toMatchObject([{ by: li.handle, atMs: doneAt.getTime() }])
  // Taking back what is not there writes nothing, so the older tick stands.
  expect(item?.state).toBe('done')
  expect((await record()).map(({ what }) => what)).toEqual(['opened'])
})

test('C-TICK-03 a tick that was done before it was taken back stays taken back, however late it arrives', async () => {
  const { ana, li, id, list } = await setup()
  const earlier = new Date(app.clock.now().getTime() - 600_000).toISOString()
  await ana.does('checklists.tick', on(id, 'ticket'))
  await ana.does('checklists.untick', on(id, 'ticket'))
  await li.does('checklists.tick', { ...on(id, 'ticket'), claimedAt: earlier })
  expect((await list()).items.find((one) => one.id === 'ticket')?.state).toBe('open')
})

test('C-REC-03 the record is told of the list that is opened, what is skipped and why, and that it is done', async () => {
  const { ana, id, list, record } = await setup()
  for (const { id: item } of (await list()).items) {
    const skip = item === 'fallback-on'
    await ana.does('checklists.tick', { ...on(id, item), skip, note: skip ? 'no fallback is paid for' : '' })
  }
  expect(await list()).toMatchObject({ isDone: true, settled: 7, skipped: 1 })
  expect((await record()).map(({ what }) => what)).toEqual(['opened', 'skipped', 'done'])
})

test('C-TICK-04 skipping asks why', async () => {
  const { ana, id } = await setup()
  await expect(ana.does('checklists.tick', { ...on(id, 'ticket'), skip: true })).rejects.toMatchObject({
    code: 'invalid',
  })
})

test('an item or a list that is not there is refused by name', async () => {
  const { ana, id } = await setup()
  await expect(ana.does('checklists.tick', on(id, 'no-such-item'))).rejects.toThrow('no-such-item')
  await expect(ana.does('checklists.open', { incidentId: id, list: 'no-such-list' })).rejects.toThrow(
    'no-such-list',
  )
})

test('C-PIN-02 who may not know of a restricted incident finds no list of it and ticks none', async () => {
  const { id } = await setup('restricted')
  const outsider = await someone('responder', 'commander')
  await expect(outsider.asks('checklists.ofIncident', { incidentId: id })).rejects.toMatchObject({
    code: 'not_found',
  })
  for (const name of ['checklists.tick', 'checklists.untick'] as const)
    await expect(outsider.does(name, on(id, 'ticket'))).rejects.toMatchObject({ code: 'not_found' })
  await expect(
    outsider.does('checklists.open', { incidentId: id, list: 'provider-fails' }),
  ).rejects.toMatchObject({ code: 'not_found' })
})
