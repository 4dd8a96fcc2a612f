import { createHash } from 'node:crypto'
import type { Db } from '../lib/platform/db'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const DAYS = 90

type State = 'operational' | 'degraded_performance' | 'partial_outage' | 'major_outage' | 'unknown'

/** What the demo's customers use; `spells` are [days ago, hours long, state]. */
const COMPONENTS: readonly {
  readonly name: string
  readonly description: string
  readonly spells: readonly (readonly [number, number, State])[]
}[] = [
  {
    name: 'Video processing, Europe',
    description: 'Transcoding and analysis of uploads in the EU.',
    spells: [
      [73.4, 7, 'partial_outage'],
      [35.2, 5, 'degraded_performance'],
    ],
  },
  {
    name: 'Video processing, US and Asia',
    description: '',
    spells: [[56.6, 3, 'degraded_performance']],
  },
  {
    name: 'API',
    description: 'Requests to api.northlight.example.',
    spells: [
      [73.4, 6, 'degraded_performance'],
      [3.9, 1.4, 'partial_outage'],
    ],
  },
  { name: 'Search and chat', description: '', spells: [[28.3, 4, 'degraded_performance']] },
  {
    name: 'Webhooks',
    description: 'Deliveries to your own addresses.',
    spells: [
      [50, 48, 'unknown'],
      [19.5, 5, 'degraded_performance'],
    ],
  },
]

/** The same name is the same public id in every demo: 12 letters and digits. */
function idOf(name: string): string {
  const digest = createHash('sha256').update(`demo|${name}`).digest('hex').slice(0, 20)
  return BigInt(`0x${digest}`).toString(36).padStart(12, '0').slice(-12)
}

/** seedStatusPage gives the demo a public page with 90 days behind it; a page that lists anything is left alone. */
export async function seedStatusPage(db: Db, now: Date): Promise<boolean> {
  if ((await db.statusComponent.count()) > 0) return false
  const ago = (days: number): Date => new Date(now.getTime() - days * DAY_MS)
  await db.statusPage.update({ where: { id: 1 }, data: { name: 'Northlight', updatedAt: now } })
  await db.statusComponent.createMany({
    data: COMPONENTS.map(({ name, description }, position) => ({
      id: idOf(name),
      name,
      description,
      position,
      createdAt: ago(DAYS + 10),
      updatedAt: now,
    })),
  })
  await db.statusComponentChange.createMany({
    data: COMPONENTS.flatMap(({ name, spells }) =>
      spells.flatMap(([days, hours, to]) => {
        const end = new Date(ago(days).getTime() + hours * HOUR_MS)
        const change = { componentId: idOf(name), cause: 'demo' }
        return [
          { ...change, at: ago(days), from: 'operational', to },
          { ...change, at: end, from: to, to: 'operational' },
        ]
      }),
    ),
  })
  await seedPast(db, ago)
  await seedPlanned(db, now)
  return true
}

const UPDATES = [
  ['investigating', 0, 'Some API requests fail with an error. A retry may succeed. We are looking into it.'],
  [
    'identified',
    0.4,
    'Some API requests still fail. A full disk on one of our gateways is the cause; we are moving its work.',
  ],
  ['monitoring', 1, 'API requests succeed again. We are watching it for a while.'],
  [
    'resolved',
    1.4,
    'API requests succeed. Between the first failures and the end one request in nine failed, for 84 minutes. No data was lost.',
  ],
] as const

async function seedPast(db: Db, ago: (days: number) => Date): Promise<void> {
  const incident = idOf('incident api')
  const at = (hours: number): Date => new Date(ago(3.9).getTime() + hours * HOUR_MS)
  await db.publicIncident.create({
    data: {
      id: incident,
      name: 'Some API requests failed',
      status: 'resolved',
      impact: 'major',
      startedAt: at(0),
      createdAt: at(0.1),
      updatedAt: at(1.4),
      monitoringAt: at(1),
      resolvedAt: at(1.4),
      words: {},
    },
  })
  await db.publicUpdate.createMany({
    data: UPDATES.map(([status, hours, body]) => ({
      id: idOf(`update api ${status}`),
      incidentId: incident,
      status,
      body,
      at: at(Math.max(0.1, hours)),
      components:
        status === 'investigating'
          ? [{ componentId: idOf('API'), name: 'API', from: 'operational', to: 'partial_outage' }]
          : status === 'resolved'
            ? [{ componentId: idOf('API'), name: 'API', from: 'partial_outage', to: 'operational' }]
            : [],
    })),
  })
}

async function seedPlanned(db: Db, now: Date): Promise<void> {
  const id = idOf('maintenance api')
  const day = Math.ceil((now.getTime() + DAY_MS) / DAY_MS) * DAY_MS
  const body = 'A new version of the API goes out. No interruption is expected.'
  await db.maintenance.create({
    data: {
      id,
      name: 'API release',
      body,
      status: 'scheduled',
      scheduledFor: new Date(day + 16 * HOUR_MS),
      scheduledUntil: new Date(day + 16.75 * HOUR_MS),
      componentIds: [idOf('API')],
      createdAt: now,
      createdBy: 'bo',
      updatedAt: now,
    },
  })
  await db.publicUpdate.create({
    data: { id: idOf('maintenance update api'), maintenanceId: id, status: 'scheduled', body, at: now },
  })
}
