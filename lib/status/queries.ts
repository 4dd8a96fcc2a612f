import { z } from 'zod'
import { defineQuery } from '../operation'
import { readExports } from './export-store'
import { freshnessOf } from './page-model'
import { addressOf } from './public-load'
import { readComponents, readMaintenances, readPage } from './store'

const MAINTENANCE_MS = 30 * 86_400_000

/** components gives what the public page lists, in its order, with the state that it shows. */
const components = defineQuery({
  name: 'status.components',
  summary: 'Gives what the public page lists, in its order, with the state that it shows.',
  permission: 'status.read',
  input: z.strictObject({}),
  run: async ({ console }) => {
    const rows = await readComponents(console.db)
    return rows
      .filter(({ retiredAt }) => retiredAt === null)
      .map(({ id, name, description, position, state, version }) => ({
        id,
        name,
        description,
        position,
        state,
        version,
      }))
  },
})

/** page gives what the public page is called, where it lies, how fresh it is, and which incidents it shows as open. */
const page = defineQuery({
  name: 'status.page',
  summary: 'Gives the public page’s name, address and freshness, and the incidents that it shows as open.',
  permission: 'status.read',
  input: z.strictObject({}),
  run: async ({ console, now }) => {
    const row = await readPage(console.db, addressOf(console.env))
    const set = await console.db.statusPage.findUniqueOrThrow({ where: { id: 1 }, select: { url: true } })
    const open = await console.db.publicIncident.findMany({
      where: { resolvedAt: null },
      orderBy: { startedAt: 'desc' },
      take: 50,
      select: { id: true, name: true, status: true, incidentId: true, startedAt: true, nextUpdateAt: true },
    })
    return {
      name: row.name,
      url: set.url,
      address: row.url,
      timeZone: row.timeZone,
      version: row.version,
      sequence: row.sequence,
      confirmedAt: row.confirmedAt,
      freshness: freshnessOf(row.confirmedAt, now),
      open: open.map(({ incidentId, ...one }) => ({ ...one, isOfConsole: incidentId !== null })),
    }
  },
})

/** maintenances gives every window that is to come or goes on, and those of the last 30 days. */
const maintenances = defineQuery({
  name: 'status.maintenances',
  summary: 'Gives every window of planned work that is to come or goes on, and those of the last 30 days.',
  permission: 'status.read',
  input: z.strictObject({}),
  run: async ({ console, now }) => readMaintenances(console.db, new Date(now.getTime() - MAINTENANCE_MS)),
})

/** exports gives the places for copies and how the last copy to each went; never a secret. */
const exports = defineQuery({
  name: 'status.exports',
  summary: 'Gives the places for copies of the public page and how the last copy to each went.',
  permission: 'status.read',
  input: z.strictObject({}),
  run: async ({ console }) =>
    (await readExports(console.db)).map(({ sealed, config, ...row }) => ({
      ...row,
      hasSecret: sealed !== null,
      config: config as Readonly<Record<string, string>>,
    })),
})

/** statusQueries are the queries of this room. */
export const statusQueries = [components, page, maintenances, exports] as const
