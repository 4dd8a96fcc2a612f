import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../platform/clock'
import { createHttp } from '../../platform/http'
import type { Http } from '../../platform/http-types'
import { json, type LocalServer, plain, startLocalServer } from '../../platform/testing/local-server'
import { createStatusPage } from './statuspage'
import type { PageFormat, PageLook } from './types'

const t0 = new Date('2026-11-21T10:00:00Z')
let server: LocalServer
let http: Http

beforeAll(async () => {
  server = await startLocalServer()
  http = createHttp({ allow: [{ cidr: '127.0.0.0/8' }], clock: systemClock })
})
afterAll(async () => {
  await http.close()
  await server.close()
})

async function look(
  format: PageFormat,
  body: unknown,
): Promise<PageLook & { readonly drift: readonly string[] }> {
  server.answer(json(body))
  const answer = await createStatusPage({ http, url: server.url, format }).look(t0)
  if (!answer.ok) throw new Error(answer.detail)
  return { ...answer.value, drift: answer.drift }
}

const brief = ({ indicator }: PageLook): unknown =>
  indicator.kind === 'known' ? indicator.value : indicator.why

const SUMMARY = {
  page: { id: 'srhpyqt94yxb', name: 'Acme GPU', updated_at: '2026-11-21T03:29:03.405-06:00' },
  components: [
    { id: 'g', name: 'Group', status: 'operational', group: true },
    { id: 'c', name: 'Training', status: 'partial_outage', group: false },
  ],
  incidents: [
    {
      id: 'i1',
      name: 'Jobs stopping',
      status: 'investigating',
      impact: 'major',
      updated_at: '2026-11-21T09:29:03.404Z',
    },
    { id: 'i0', name: 'Old one', status: 'postmortem', impact: 'minor', updated_at: null },
  ],
  scheduled_maintenances: [{ id: 'm1', name: 'Disks', status: 'scheduled', impact: 'maintenance' }],
  status: { indicator: 'major', description: 'Partial System Outage' },
}

describe('statuspage', () => {
  it('is read with its own time, open incidents and maintenances', async () => {
    const page = await look('statuspage', SUMMARY)
    expect(page).toMatchObject({
      indicator: { kind: 'known', value: 'major' },
      machineReadable: true,
      pageUpdatedAt: new Date('2026-11-21T09:29:03.405Z'),
      incidents: [{ id: 'i1', status: 'investigating', impact: 'major' }],
      maintenances: [{ id: 'm1' }],
      components: [{ name: 'Training', status: 'partial_outage' }],
    })
    expect(server.requests.at(-1)?.path).toBe('/api/v2/summary.json')
  })

  it.each(['none', 'minor', 'major', 'critical', 'maintenance'])(
    'knows the indicator %s',
    async (indicator) => {
      expect(brief(await look('statuspage', { ...SUMMARY, status: { indicator } }))).toBe(indicator)
    },
  )

  it.each(['wobbly', '', 'constructor', 'toString'])(
    'carries the unknown indicator %j as text, never as "none"',
    async (indicator) => {
      const page = await look('statuspage', { ...SUMMARY, status: { indicator } })
      expect(page.indicator).toMatchObject({ kind: 'unknown', why: 'schema_mismatch' })
      expect(page.drift).toEqual(['statuspage.indicator'])
    },
  )

  it.each(['page', 'components', 'incidents', 'scheduled_maintenances'])(
    'is read without %s',
    async (key) => {
      for (const value of [null, undefined, 'x', {}, [null, 1, {}]])
        expect(brief(await look('statuspage', { ...SUMMARY, [key]: value }))).toBe('major')
    },
  )

  it('has no age when the page’s time is no instant', async () => {
    expect(
      (await look('statuspage', { ...SUMMARY, page: { updated_at: '2026-02-30T00:00:00Z' } })).pageUpdatedAt,
    ).toBeUndefined()
  })
})

describe('betterstack', () => {
  const body = (state: unknown) => ({
    data: {
      id: '1',
      type: 'status_page',
      attributes: { company_name: 'Acme', aggregate_state: state, updated_at: '2026-11-21T09:00:00.000Z' },
    },
    included: [
      { id: '9', type: 'status_page_resource', attributes: { public_name: 'API', status: 'degraded' } },
      {
        id: '5',
        type: 'status_report',
        attributes: {
          title: 'Slow API',
          report_type: 'manual',
          starts_at: '2026-11-21T08:00:00.000Z',
          ends_at: null,
          aggregate_state: 'degraded',
        },
      },
      {
        id: '4',
        type: 'status_report',
        attributes: {
          title: 'Past',
          report_type: 'manual',
          starts_at: '2026-11-20T08:00:00.000Z',
          ends_at: '2026-11-20T09:00:00.000Z',
          aggregate_state: 'downtime',
        },
      },
      {
        id: '3',
        type: 'status_report',
        attributes: {
          title: 'Disks',
          report_type: 'maintenance',
          starts_at: '2026-11-21T08:00:00.000Z',
          aggregate_state: 'maintenance',
        },
      },
    ],
  })

  it.each([
    ['operational', 'none'],
    ['degraded', 'minor'],
    ['downtime', 'critical'],
    ['maintenance', 'maintenance'],
    ['odd', 'schema_mismatch'],
    [null, 'schema_mismatch'],
  ])('says %s for %s', async (state, expected) => {
    expect(brief(await look('betterstack', body(state)))).toBe(expected)
  })

  it('lists what is open now', async () => {
    const page = await look('betterstack', body('degraded'))
    expect(page.incidents.map(({ name }) => name)).toEqual(['Slow API'])
    expect(page.maintenances.map(({ name }) => name)).toEqual(['Disks'])
    expect(page.components).toEqual([{ name: 'API', status: 'degraded' }])
  })
})

describe('instatus', () => {
  it.each([
    ['UP', [], 'none'],
    ['HASISSUES', [], 'minor'],
    ['HASISSUES', ['PARTIALOUTAGE'], 'major'],
    ['HASISSUES', ['MINOROUTAGE', 'MAJOROUTAGE'], 'critical'],
    ['UNDERMAINTENANCE', [], 'maintenance'],
    ['ODD', [], 'schema_mismatch'],
  ])('%s with %j is %s', async (status, impacts, expected) => {
    const activeIncidents = impacts.map((impact) => ({
      name: impact,
      started: '2026-11-21T09:00:00.000Z',
      status: 'INVESTIGATING',
      impact,
      url: 'https://x',
    }))
    expect(brief(await look('instatus', { page: { name: 'Acme', status }, activeIncidents }))).toBe(expected)
  })
})

describe('reachability', () => {
  it('says that the page answers and nothing about its health', async () => {
    server.answer(plain('<title>$title</title>', 200, { 'content-type': 'text/html' }))
    const answer = await createStatusPage({ http, url: server.url, format: 'reachability' }).look(t0)
    expect(answer).toMatchObject({
      ok: true,
      value: { machineReadable: false, indicator: { kind: 'unknown', why: 'not_supported' } },
    })
  })

  it('is a failure when the page does not answer', async () => {
    server.answer(plain('', 500))
    expect(await createStatusPage({ http, url: server.url, format: 'reachability' }).look(t0)).toMatchObject({
      ok: false,
    })
  })
})

it('"test now" advises another format when the page is a template', async () => {
  server.answer(plain('<title>$title</title>', 200, { 'content-type': 'text/html' }))
  const verdict = await createStatusPage({ http, url: server.url, format: 'statuspage' }).test(t0)
  expect(verdict).toMatchObject({ ok: false, repair: expect.stringContaining('reachability only') })
})
