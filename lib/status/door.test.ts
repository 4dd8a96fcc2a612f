import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Statuspage } from 'statuspage.io'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { setConsole } from '../console'
import { PLAIN_DOORS } from '../plain-doors'
import { createHttp } from '../platform/http'
import { openPlainDoors } from '../platform/plain-doors'
import { testConsole } from '../platform/testing/database'
import { createStatusPage } from '../sources/statuspage/statuspage'
import { applyPublicUpdate } from './apply-store'

let app: Awaited<ReturnType<typeof testConsole>>
let server: Server
let base = ''

beforeAll(async () => {
  app = await testConsole()
  setConsole(app)
  const at = app.clock.now()
  await app.db.statusComponent.create({
    data: { id: 'api000000000', name: 'API', position: 0, createdAt: at, updatedAt: at },
  })
  await app.db.statusPage.update({ where: { id: 1 }, data: { confirmedAt: at, name: 'Northlight' } })
  openPlainDoors(PLAIN_DOORS)
  server = createServer((_request, response) => response.writeHead(418).end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(async () => {
  await new Promise((resolve) => {
    server.close(resolve)
    server.closeAllConnections()
  })
  await app.close()
})

it.each([
  ['/status', 'text/html'],
  ['/status/history', 'text/html'],
  ['/status/history.html', 'text/html'],
  ['/status/feed.atom', 'application/atom+xml'],
  ['/status/feed.rss', 'application/rss+xml'],
  ['/status/badge.svg', 'image/svg+xml'],
  ['/status/api/v2/summary.json', 'application/json'],
  ['/api/v2/summary.json', 'application/json'],
  ['/api/v2/incidents/unresolved.json', 'application/json'],
  ['/api/v2/scheduled-maintenances/upcoming.json', 'application/json'],
])('S-API-03 %s is answered to anybody, from any origin, with an ETag', async (path, type) => {
  const answer = await fetch(`${base}${path}`)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toContain(type)
  expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  expect(answer.headers.get('cache-control')).toBe(
    'public, max-age=30, stale-while-revalidate=60, stale-if-error=86400',
  )
  const etag = answer.headers.get('etag') ?? ''
  const again = await fetch(`${base}${path}`, { headers: { 'if-none-match': etag } })
  expect(again.status).toBe(304)
  const head = await fetch(`${base}${path}`, { method: 'HEAD' })
  expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, etag, ''])
})

it.each(['/status/incidents/nothere00000', '/api/v2/nothing.json', '/status/maintenance/x.html'])(
  '%s is nothing, and says so',
  async (path) => {
    const answer = await fetch(`${base}${path}`)
    expect(answer.status).toBe(404)
    expect(await answer.text()).toContain('There is nothing at this address')
  },
)

it('what lies beside the page is left to others', async () => {
  expect((await fetch(`${base}/status/subscribe`)).status).toBe(418)
  expect((await fetch(`${base}/status`, { method: 'POST' })).status).toBe(418)
})

it('S-API-01 our reader of vendors’ pages reads ours over HTTP', async () => {
  const http = createHttp({ allow: [{ cidr: '127.0.0.0/8' }], clock: app.clock })
  for (const url of [base, `${base}/status`]) {
    const answer = await createStatusPage({ http, url, format: 'statuspage' }).look(app.clock.now())
    expect(answer).toMatchObject({
      ok: true,
      drift: [],
      value: {
        indicator: { kind: 'known', value: 'none' },
        components: [{ name: 'API', status: 'operational' }],
      },
    })
  }
  await http.close()
})

it('S-API-01 a Statuspage client made by others reads our page unmodified, with an incident open and then over', async () => {
  const incidentId = randomUUID()
  const say = async (status: 'investigating' | 'resolved', to: 'partial_outage' | 'operational') => {
    app.clock.advanceMs(1_000)
    const now = app.clock.now()
    const publication = {
      id: randomUUID(),
      incidentId,
      kind: 'update',
      audience: 'public',
      severity: 'P2',
      status,
      title: 'Calls fail',
      body: 'Some calls fail.',
      nextUpdateAt: null,
      components: [{ componentId: 'api000000000', name: 'API', from: 'operational', to }],
      corrects: null,
      drill: false,
    } as const
    await app.db.$transaction((tx) => applyPublicUpdate({ tx, publication, now }))
    await app.db.statusPage.update({ where: { id: 1 }, data: { confirmedAt: now } })
  }
  const client = new Statuspage('northlight')
  client.setApiUrl(base)
  const { api } = client

  await say('investigating', 'partial_outage')
  await expect.poll(async () => (await api.getStatus()).status.indicator, { timeout: 10_000 }).toBe('major')
  const during = await api.getSummary()
  expect(during).toMatchObject({
    page: { name: 'Northlight', time_zone: 'Etc/UTC' },
    status: { indicator: 'major' },
    components: [{ name: 'API', status: 'partial_outage', group: false, group_id: null }],
    incidents: [{ name: 'Calls fail', status: 'investigating', resolved_at: null }],
    scheduled_maintenances: [],
  })
  const { incidents } = await api.incidents.getUnresolved()
  expect(incidents).toEqual(during.incidents)
  expect(incidents[0]?.incident_updates[0]).toMatchObject({
    body: 'Some calls fail.',
    status: 'investigating',
    incident_id: incidents[0]?.id,
  })
  expect((await api.getComponents()).components).toEqual(during.components)

  await say('resolved', 'operational')
  await expect.poll(async () => (await api.getStatus()).status.indicator, { timeout: 10_000 }).toBe('none')
  expect((await api.incidents.getUnresolved()).incidents).toEqual([])
  expect((await api.incidents.getAll()).incidents[0]?.resolved_at).toMatch(/^\d{4}-/)
  expect((await api.scheduledMaintenances.getAll()).scheduled_maintenances).toEqual([])
})
