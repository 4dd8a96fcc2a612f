import { describe, expect, it } from 'vitest'
import { systemClock } from '../platform/clock'
import { createHttp } from '../platform/http'
import { startLocalServer } from '../platform/testing/local-server'
import { createStatusPage } from '../sources/statuspage/statuspage'
import { documentsOf } from './bundle'
import type { PublicRows } from './model'
import { LATE_AFTER_MS, pageOf } from './page-model'

const t0 = new Date('2026-09-21T09:30:00.000Z')
const at = (clock: string): Date => new Date(`2026-09-21T${clock}Z`)

/** The incident of the recorded sample, as our rows would hold it. */
const ROWS: PublicRows = {
  page: {
    name: 'Acme GPU',
    url: 'https://status.acme.example',
    timeZone: 'Etc/UTC',
    confirmedAt: at('09:29:52.000'),
    sequence: 9,
    updatedAt: at('09:29:03.405'),
  },
  components: [
    {
      id: 'rhznvxg4v7yh',
      name: 'Training',
      description: '',
      position: 0,
      state: 'partial_outage',
      createdAt: new Date('2026-01-30T18:55:43.739Z'),
      updatedAt: at('09:14:55.150'),
    },
  ],
  changes: [],
  incidents: [
    {
      id: 'n4njzfn1mqy0',
      name: 'Training jobs stopping',
      status: 'investigating',
      impact: 'major',
      startedAt: at('09:12:00.000'),
      createdAt: at('09:14:17.744'),
      updatedAt: at('09:29:03.404'),
      monitoringAt: null,
      resolvedAt: null,
      nextUpdateAt: at('09:45:00.000'),
      words: { rhznvxg4v7yh: 'partial_outage' },
    },
  ],
  updates: [
    {
      id: 'g93t2s4f10jh',
      incidentId: 'n4njzfn1mqy0',
      maintenanceId: null,
      status: 'investigating',
      body: '…',
      components: [
        { componentId: 'rhznvxg4v7yh', name: 'Training', from: 'operational', to: 'partial_outage' },
      ],
      corrects: null,
      at: at('09:14:17.849'),
      isEmergency: false,
    },
  ],
  maintenances: [
    {
      id: 'disks0000000',
      name: 'Disks',
      body: '',
      status: 'scheduled',
      scheduledFor: at('18:00:00.000'),
      scheduledUntil: at('19:00:00.000'),
      componentIds: ['rhznvxg4v7yh'],
      startedAt: null,
      completedAt: null,
      createdAt: at('08:00:00.000'),
      updatedAt: at('08:00:00.000'),
    },
  ],
}

function read(path: string, rows = ROWS, now = t0) {
  const file = documentsOf(pageOf(rows, now), 'srhpyqt94yxb').find((one) => one.path === `api/v2/${path}`)
  return JSON.parse(file?.body ?? 'null')
}

const SHORTLINK = 'https://status.acme.example/incidents/n4njzfn1mqy0.html'

describe('the documents', () => {
  it('S-API-01 hold a component with every key of the original', () => {
    expect(read('components.json').components).toEqual([
      {
        id: 'rhznvxg4v7yh',
        name: 'Training',
        status: 'partial_outage',
        created_at: '2026-01-30T18:55:43.739Z',
        updated_at: '2026-09-21T09:14:55.150Z',
        position: 1,
        description: null,
        showcase: true,
        start_date: '2026-01-30',
        group_id: null,
        page_id: 'srhpyqt94yxb',
        group: false,
        only_show_if_degraded: false,
      },
    ])
  })

  it('S-API-01 hold an incident with every key of the original', () => {
    const [incident] = read('summary.json').incidents
    expect(incident).toMatchObject({
      id: 'n4njzfn1mqy0',
      status: 'investigating',
      created_at: '2026-09-21T09:14:17.744Z',
      monitoring_at: null,
      resolved_at: null,
      impact: 'major',
      shortlink: SHORTLINK,
      started_at: '2026-09-21T09:12:00.000Z',
      page_id: 'srhpyqt94yxb',
    })
    expect(incident.incident_updates).toEqual([
      {
        id: 'g93t2s4f10jh',
        status: 'investigating',
        body: '…',
        incident_id: 'n4njzfn1mqy0',
        created_at: '2026-09-21T09:14:17.849Z',
        updated_at: '2026-09-21T09:14:17.849Z',
        display_at: '2026-09-21T09:14:17.849Z',
        affected_components: [
          {
            code: 'rhznvxg4v7yh',
            name: 'Training',
            old_status: 'operational',
            new_status: 'partial_outage',
          },
        ],
        deliver_notifications: true,
        custom_tweet: null,
        tweet_id: null,
      },
    ])
  })

  it.each([
    ['summary.json', ['page', 'components', 'incidents', 'scheduled_maintenances', 'status', 'x_console']],
    ['status.json', ['page', 'status', 'x_console']],
    ['components.json', ['page', 'components']],
    ['incidents.json', ['page', 'incidents']],
    ['incidents/unresolved.json', ['page', 'incidents']],
    ['scheduled-maintenances.json', ['page', 'scheduled_maintenances']],
    ['scheduled-maintenances/active.json', ['page', 'scheduled_maintenances']],
    ['scheduled-maintenances/upcoming.json', ['page', 'scheduled_maintenances']],
  ])('S-API-01 %s has its keys', (path, keys) => {
    expect(Object.keys(read(path))).toEqual(keys)
  })

  it('S-API-01 a window is an incident with its times', () => {
    expect(read('scheduled-maintenances/upcoming.json').scheduled_maintenances).toMatchObject([
      {
        id: 'disks0000000',
        status: 'scheduled',
        impact: 'maintenance',
        scheduled_for: '2026-09-21T18:00:00.000Z',
        scheduled_until: '2026-09-21T19:00:00.000Z',
        incident_updates: [],
      },
    ])
    expect(read('scheduled-maintenances/active.json').scheduled_maintenances).toEqual([])
  })

  it('S-API-02 never call what is not confirmed operational', () => {
    const calm: PublicRows = {
      ...ROWS,
      incidents: [],
      components: ROWS.components.map((one) => ({ ...one, state: 'operational' })),
    }
    expect(read('summary.json', calm).status.indicator).toBe('none')
    const late = new Date(at('09:29:52.000').getTime() + LATE_AFTER_MS + 1)
    const summary = read('summary.json', calm, late)
    expect(summary.components[0].status).toBe('')
    expect(summary.status).toEqual({
      indicator: 'minor',
      description: 'Status unknown since 2026-09-21T09:29:52.000Z',
    })
  })
})

async function lookAt(bodies: Readonly<Record<string, string>>) {
  const server = await startLocalServer((request, response) => {
    const body = bodies[request.url ?? '']
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(body ?? '')
  })
  const http = createHttp({ allow: [{ cidr: '127.0.0.0/8' }], clock: systemClock })
  const answer = await createStatusPage({ http, url: server.url, format: 'statuspage' }).look(t0)
  await http.close()
  await server.close()
  return answer
}

describe('our own reader of vendors’ pages', () => {
  it('S-API-01 reads our summary as it reads a vendor’s', async () => {
    const answer = await lookAt({ '/api/v2/summary.json': JSON.stringify(read('summary.json')) })
    expect(answer).toMatchObject({
      ok: true,
      drift: [],
      value: {
        indicator: { kind: 'known', value: 'major' },
        incidents: [{ id: 'n4njzfn1mqy0', status: 'investigating', impact: 'major' }],
        maintenances: [{ id: 'disks0000000' }],
        components: [{ name: 'Training', status: 'partial_outage' }],
      },
    })
  })
})
