import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Somebody, somebodyIn } from '../access/testing/somebody'
import type { Console } from '../console'
import { loadDeployRules } from '../deployments/load-rules'
import type { Plan } from '../deployments/model'
import { sqlOf } from '../platform/sql'
import { t0, testConsole } from '../platform/testing/database'
import { newDenies } from './follow-dispatch'

let app: Console
let ana: Somebody

beforeAll(async () => {
  app = await testConsole()
  ana = await somebodyIn(app, ['commander', 'admin'])
})
afterAll(() => app.close())

async function denied(service: string): Promise<readonly string[]> {
  const now = app.clock.now()
  const row = {
    service,
    environment: 'production' as const,
    isDrill: false,
    startedAt: new Date(t0.getTime() - 60_000),
    plan: { about: {} } as Plan,
  }
  const denies = await newDenies(sqlOf(app.hot), row, { rules: await loadDeployRules(app, now), now })
  return denies.map(({ words }) => words)
}

it('R-DENY-01 an incident that is declared meanwhile holds whom it concerns: all while it names nothing', async () => {
  const { id, name } = await ana.does('incidents.declare', { title: 'Search is slow', severity: 'P2' })
  const words = `P2 incident ${name} is open`
  expect(await denied('rag-mcp')).toEqual([words])
  expect(await denied('vastai-integration')).toEqual([words])
  const at = { createdAt: app.clock.now(), updatedAt: app.clock.now() }
  await app.db.statusComponent.create({
    data: { id: 'component000', name: 'Search and chat', position: 0, ...at },
  })
  await app.db.publicIncident.create({
    data: {
      id: 'publicid0001',
      incidentId: id,
      name: 'Search is slow',
      status: 'investigating',
      impact: 'minor',
      startedAt: app.clock.now(),
      words: { component000: 'degraded_performance' },
      ...at,
    },
  })
  expect(await denied('rag-mcp')).toEqual([words])
  expect(await denied('vastai-integration')).toEqual([])
})

it('R-DENY-02 one of lesser severity holds nobody, and a restricted one everybody without its number', async () => {
  await app.db.incident.updateMany({ data: { severity: 'P3' } })
  expect(await denied('rag-mcp')).toEqual([])
  await app.db.incident.updateMany({ data: { severity: 'P1', visibility: 'restricted' } })
  expect(await denied('vastai-integration')).toEqual(['a P1 incident is open'])
})
