import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Role } from '../access/permissions'
import type { Actor } from '../operation'
import { testConsole } from '../platform/testing/database'
import type { CommandInput, CommandName, CommandResult, QueryName, QueryResult } from '../registry'
import { findCommand, findQuery } from '../registry'
import { runCommand, runQuery } from '../run'
import { writePublicUpdate } from './apply-store'

let app: Awaited<ReturnType<typeof testConsole>>

beforeAll(async () => {
  app = await testConsole()
})
afterAll(() => app.close())

function as(...roles: readonly Role[]) {
  const actor: Actor = {
    kind: 'person',
    id: randomUUID(),
    handle: roles.join('-'),
    name: 'X',
    roles,
    sessionId: 's',
    authAt: app.clock.now(),
  }
  const scope = () => ({ console: app, actor, now: app.clock.now(), requestId: randomUUID() })
  return {
    does: async <Name extends CommandName>(name: Name, input: CommandInput<Name>) => {
      app.clock.advanceMs(1_000)
      return (await runCommand(findCommand(name), scope(), input)) as CommandResult<Name>
    },
    asks: async <Name extends QueryName>(name: Name) =>
      (await runQuery(findQuery(name), scope(), {})) as QueryResult<Name>,
  }
}

const names = async () => (await as('viewer').asks('status.components')).map(({ name }) => name)

it('components are added, renamed, put in order and retired, each under its version', async () => {
  const bo = as('comms')
  const { id: api } = await bo.does('status.addComponent', { name: 'API' })
  const { id: search } = await bo.does('status.addComponent', { name: 'Search' })
  expect(await names()).toEqual(['API', 'Search'])
  await bo.does('status.orderComponents', { ids: [search, api] })
  await bo.does('status.changeComponent', { id: api, name: 'Public API', description: 'v2', version: 1 })
  expect(await names()).toEqual(['Search', 'Public API'])
  await expect(
    bo.does('status.changeComponent', { id: api, name: 'Other', description: '', version: 1 }),
  ).rejects.toMatchObject({ code: 'conflict' })
  await expect(bo.does('status.addComponent', { name: 'search' })).rejects.toMatchObject({ code: 'invalid' })
  await expect(bo.does('status.orderComponents', { ids: [api] })).rejects.toMatchObject({ code: 'conflict' })
  await bo.does('status.retireComponent', { id: search, version: 1 })
  expect(await names()).toEqual(['Public API'])
  const actions = (await app.db.auditEntry.findMany({ orderBy: { seq: 'asc' } })).map(({ action }) => action)
  expect(actions).toEqual([
    'status.addComponent',
    'status.addComponent',
    'status.orderComponents',
    'status.changeComponent',
    'status.retireComponent',
  ])
})

it('the page takes a name, an address and a time zone that exists', async () => {
  const raj = as('manager')
  const page = { name: 'Northlight', url: 'https://status.northlight.example/', timeZone: 'Europe/Berlin' }
  await raj.does('status.configurePage', { ...page, version: 0 })
  expect(await raj.asks('status.page')).toMatchObject({
    name: 'Northlight',
    address: 'https://status.northlight.example',
    version: 1,
    freshness: 'lost',
  })
  await expect(
    raj.does('status.configurePage', { ...page, timeZone: 'Mars/Olympus', version: 1 }),
  ).rejects.toMatchObject({ code: 'invalid' })
  await expect(raj.does('status.configurePage', { ...page, version: 0 })).rejects.toMatchObject({
    code: 'conflict',
  })
})

it('S-MNT-01 a person plans, starts and completes a window, or calls it off, and no step is taken twice', async () => {
  const ana = as('commander')
  const [component] = await ana.asks('status.components')
  const at = (hours: number): string => new Date(app.clock.now().getTime() + hours * 3_600_000).toISOString()
  const now = app.clock.now()
  await app.db.channel.create({
    data: {
      id: 'page',
      kind: 'statuspage',
      name: 'page',
      audiences: ['public'],
      config: {},
      createdAt: now,
      updatedAt: now,
    },
  })
  const plan = { name: 'Disks', scheduledFor: at(1), scheduledUntil: at(2), isAutomatic: false }
  const { id } = await ana.does('status.planMaintenance', { ...plan, componentIds: [component?.id ?? ''] })
  await ana.does('status.moveMaintenance', { id, move: 'start' })
  expect(await ana.asks('status.components')).toMatchObject([{ state: 'under_maintenance' }])
  await expect(ana.does('status.moveMaintenance', { id, move: 'start' })).rejects.toMatchObject({
    code: 'conflict',
    current: 'in_progress',
  })
  await ana.does('status.moveMaintenance', { id, move: 'complete' })
  expect(await ana.asks('status.components')).toMatchObject([{ state: 'operational' }])
  const other = await ana.does('status.planMaintenance', plan)
  await ana.does('status.moveMaintenance', { id: other.id, move: 'cancel' })
  const told = await app.db.publicUpdate.findMany({ orderBy: { at: 'asc' } })
  expect(told.map(({ status }) => status)).toEqual([
    'scheduled',
    'in_progress',
    'completed',
    'scheduled',
    'cancelled',
  ])
  const elsewhere = await app.db.delivery.findMany({
    where: { channelId: 'page' },
    orderBy: { createdAt: 'asc' },
  })
  const lanes = new Set(elsewhere.map(({ orderKey }) => orderKey))
  expect([...lanes]).toEqual([`maintenance-${id}:page`, `maintenance-${other.id}:page`])
  expect(elsewhere.filter(({ orderKey }) => orderKey === `maintenance-${id}:page`)).toMatchObject([
    {
      seq: 1,
      payload: {
        status: 'scheduled',
        window: { scheduledFor: plan.scheduledFor, scheduledUntil: plan.scheduledUntil },
      },
    },
    { seq: 2, payload: { status: 'in_progress', components: [{ state: 'under_maintenance' }] } },
    { seq: 3, payload: { status: 'completed', components: [{ state: 'operational' }] } },
  ])
  for (const wrong of [
    { ...plan, scheduledUntil: plan.scheduledFor },
    { ...plan, scheduledFor: at(-3), scheduledUntil: at(-2) },
    { ...plan, componentIds: ['nothere00000'] },
  ])
    await expect(ana.does('status.planMaintenance', wrong)).rejects.toMatchObject({ code: 'invalid' })
})

it('a bucket’s secret is sealed, kept when left out, and never told', async () => {
  const sam = as('admin')
  const config = { endpoint: 'https://s3.example', bucket: 'status', accessKeyId: 'AK' }
  const bucket = { id: 'r2', name: 'R2', config }
  await expect(sam.does('status.setBucket', { ...bucket, version: 0 })).rejects.toMatchObject({
    code: 'invalid',
  })
  await sam.does('status.setBucket', { ...bucket, secret: 'top secret of a bucket', version: 0 })
  const held = await app.db.statusExport.findUniqueOrThrow({ where: { id: 'r2' } })
  await sam.does('status.setBucket', { ...bucket, name: 'Cloudflare', version: 1 })
  expect(await app.db.statusExport.findUniqueOrThrow({ where: { id: 'r2' } })).toMatchObject({
    name: 'Cloudflare',
    sealed: held.sealed,
  })
  const listed = await sam.asks('status.exports')
  expect(listed.map(({ id, hasSecret }) => [id, hasSecret])).toEqual([
    ['folder', false],
    ['r2', true],
  ])
  const told = JSON.stringify([
    listed,
    await app.db.auditEntry.findMany({ select: { detail: true } }),
    held.sealed,
  ])
  expect(told).not.toContain('top secret')
  await sam.does('status.switchExport', { id: 'folder', isOn: false })
  await sam.does('status.removeBucket', { id: 'r2' })
  await expect(sam.does('status.removeBucket', { id: 'folder' })).rejects.toMatchObject({ code: 'conflict' })
})

it('a notice of an emergency is ended here, one of an incident is not', async () => {
  const write = (publicId: string, incidentId: string | null) =>
    app.db.$transaction((tx) =>
      writePublicUpdate(tx, {
        incidentId,
        severity: 'P1',
        status: 'investigating',
        title: 'Down',
        body: 'It is down.',
        nextUpdateAt: null,
        components: [],
        publicId,
        updateId: `u${publicId.slice(1)}`,
        publicationId: null,
        correctsId: null,
        startedAt: null,
        isEmergency: incidentId === null,
        now: app.clock.now(),
      }),
    )
  await write('emergency000', null)
  await write('ofconsole000', randomUUID())
  const bo = as('comms')
  expect((await bo.asks('status.page')).open.map(({ id, isOfConsole }) => [id, isOfConsole]).sort()).toEqual([
    ['emergency000', false],
    ['ofconsole000', true],
  ])
  await bo.does('status.endNotice', { id: 'emergency000', body: 'Everything works again since 03:00 UTC.' })
  await expect(
    bo.does('status.endNotice', { id: 'ofconsole000', body: 'Everything works again.' }),
  ).rejects.toMatchObject({ code: 'conflict' })
  expect((await bo.asks('status.page')).open.map(({ id }) => id)).toEqual(['ofconsole000'])
})
