import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  COMPONENT_STATES,
  type ComponentState,
  componentStateOf,
  IMPACTS,
  INCIDENT_STATUSES,
  type IncidentRow,
  MAINTENANCE_STATUSES,
  type MaintenanceRow,
  type PublicRows,
} from './model'
import { freshnessOf, LATE_AFTER_MS, LOST_AFTER_MS, OVERDUE_AFTER_MS, pageOf } from './page-model'

const t0 = new Date('2026-11-18T02:30:00.000Z')
const ago = (ms: number): Date => new Date(t0.getTime() - ms)
const IDS = ['api000000000', 'train0000000', 'webhook00000'] as const

type Draft = {
  readonly ageMs: number | null
  readonly listed: number
  readonly incidents: readonly {
    readonly status: IncidentRow['status']
    readonly impact: IncidentRow['impact']
    readonly words: readonly (ComponentState | undefined)[]
    readonly dueMs: number | null
  }[]
  readonly works: readonly { readonly status: MaintenanceRow['status']; readonly touches: number }[]
}

/** Rows as the store leaves them: component states follow from incidents and windows, words end with the incident. */
function rowsOf({ ageMs, listed, incidents, works }: Draft): PublicRows {
  const open = incidents.map((incident, index): IncidentRow => {
    const isOver = incident.status === 'resolved'
    const said = incident.words.flatMap((word, at) => (word === undefined ? [] : [[IDS[at] ?? '', word]]))
    return {
      id: `incident${index}`,
      name: `Trouble ${index}`,
      status: incident.status,
      impact: incident.impact,
      startedAt: ago(3_600_000),
      createdAt: ago(3_500_000),
      updatedAt: ago(60_000),
      monitoringAt: null,
      resolvedAt: isOver ? ago(60_000) : null,
      nextUpdateAt: isOver || incident.dueMs === null ? null : ago(incident.dueMs),
      words: isOver ? {} : Object.fromEntries(said),
    }
  })
  const maintenances = works.map(
    ({ status, touches }, index): MaintenanceRow => ({
      id: `work${index}`,
      name: `Work ${index}`,
      body: '',
      status,
      scheduledFor: ago(600_000),
      scheduledUntil: ago(-600_000),
      componentIds: [IDS[touches] ?? ''],
      startedAt: null,
      completedAt: null,
      createdAt: ago(900_000),
      updatedAt: ago(600_000),
    }),
  )
  const around = {
    open: open.filter(({ resolvedAt }) => resolvedAt === null),
    inProgress: maintenances.filter(({ status }) => status === 'in_progress'),
  }
  return {
    page: {
      name: 'Northlight',
      url: 'https://status.northlight.example',
      timeZone: 'Etc/UTC',
      confirmedAt: ageMs === null ? null : ago(ageMs),
      sequence: 7,
      updatedAt: null,
    },
    components: IDS.slice(0, listed).map((id, position) => ({
      id,
      name: id,
      description: '',
      position,
      state: componentStateOf(id, around),
      createdAt: ago(86_400_000 * 30),
      updatedAt: ago(60_000),
    })),
    changes: [],
    incidents: open,
    updates: [],
    maintenances,
  }
}

const AGES = [
  null,
  -60_001,
  -60_000,
  0,
  LATE_AFTER_MS,
  LATE_AFTER_MS + 1,
  LOST_AFTER_MS,
  LOST_AFTER_MS + 1,
  86_400_000,
]

const drafts: fc.Arbitrary<Draft> = fc.record({
  ageMs: fc.constantFrom(...AGES),
  listed: fc.integer({ min: 0, max: IDS.length }),
  incidents: fc.array(
    fc.record({
      status: fc.constantFrom(...INCIDENT_STATUSES),
      impact: fc.constantFrom(...IMPACTS),
      words: fc.array(fc.option(fc.constantFrom(...COMPONENT_STATES), { nil: undefined }), {
        minLength: 3,
        maxLength: 3,
      }),
      dueMs: fc.constantFrom(null, -60_000, 0, OVERDUE_AFTER_MS - 1, OVERDUE_AFTER_MS),
    }),
    { maxLength: 3 },
  ),
  works: fc.array(
    fc.record({
      status: fc.constantFrom(...MAINTENANCE_STATUSES),
      touches: fc.integer({ min: 0, max: IDS.length - 1 }),
    }),
    { maxLength: 2 },
  ),
})

/** Every state of one component under one incident and one window, at every age: small enough to visit each. */
function* everySmallDraft(): Generator<Draft> {
  const words = [undefined, ...COMPONENT_STATES]
  const incidents = INCIDENT_STATUSES.flatMap((status) =>
    IMPACTS.flatMap((impact) => words.map((word) => [{ status, impact, words: [word], dueMs: null }])),
  )
  const works = MAINTENANCE_STATUSES.map((status) => [{ status, touches: 0 }])
  for (const ageMs of AGES)
    for (const listed of [0, 1])
      for (const some of [[], ...incidents])
        for (const planned of [[], ...works]) yield { ageMs, listed, incidents: some, works: planned }
}

/** What is not honest about the page of these rows; empty when all is. */
function liesOf(draft: Draft): readonly string[] {
  const rows = rowsOf(draft)
  const page = pageOf(rows, t0)
  const isOpen = rows.incidents.some(({ resolvedAt }) => resolvedAt === null)
  const isFresh = freshnessOf(rows.page.confirmedAt, t0) === 'fresh'
  const isGreen =
    page.banner.tone === 'ok' ||
    page.banner.indicator === 'none' ||
    /operational/i.test(`${page.banner.title} ${page.banner.description}`)
  const mayBeGreen =
    isFresh &&
    !isOpen &&
    rows.components.length > 0 &&
    rows.components.every(({ state }) => state === 'operational') &&
    !rows.maintenances.some(({ status }) => status === 'in_progress')
  const lies = []
  if (isGreen !== mayBeGreen) lies.push(mayBeGreen ? 'falsely alarming' : 'falsely green')
  if (!isFresh && page.components.some(({ state }) => state === 'operational'))
    lies.push('old, yet operational')
  if (isOpen && !['minor', 'major', 'critical'].includes(page.banner.indicator))
    lies.push('open, yet nothing')
  return lies
}

describe('the page of every reachable state', () => {
  it('S-GRN-01 S-GRN-02 S-GRN-03 is green exactly where all is well and confirmed, in every small state', () => {
    let visited = 0
    const lies: unknown[] = []
    for (const draft of everySmallDraft()) {
      visited += 1
      if (liesOf(draft).length > 0) lies.push({ draft, lies: liesOf(draft) })
    }
    expect(lies).toEqual([])
    expect(visited).toBe(9 * 2 * 97 * 5)
  })

  it('S-GRN-01 S-GRN-02 S-GRN-03 is never falsely green in any mixture of incidents, windows and ages', () => {
    fc.assert(
      fc.property(drafts, (draft) => liesOf(draft).length === 0),
      { numRuns: 2_000 },
    )
  })
})

const CALM: Draft = { ageMs: 0, listed: 2, incidents: [], works: [] }
const open = (changes: Partial<Draft['incidents'][number]> = {}): Draft => ({
  ...CALM,
  incidents: [
    {
      status: 'investigating',
      impact: 'major',
      words: [undefined, 'partial_outage'],
      dueMs: null,
      ...changes,
    },
  ],
})

describe('freshness', () => {
  it.each([
    [null, 'lost'],
    [0, 'fresh'],
    [LATE_AFTER_MS, 'fresh'],
    [LATE_AFTER_MS + 1, 'late'],
    [LOST_AFTER_MS, 'late'],
    [LOST_AFTER_MS + 1, 'lost'],
  ])('S-GRN-03 a confirmation of age %s is %s', (ageMs, expected) => {
    expect(freshnessOf(ageMs === null ? null : ago(ageMs), t0)).toBe(expected)
  })

  it.each([
    [-60_000, 'fresh'],
    [-60_001, 'lost'],
  ])('S-GRN-05 a confirmation of age %s is %s', (ageMs, expected) => {
    expect(freshnessOf(ago(ageMs), t0)).toBe(expected)
  })

  it('S-GRN-03 what was bad stays said when it is old', () => {
    const page = pageOf(rowsOf({ ...open(), ageMs: LOST_AFTER_MS + 1 }), t0)
    expect(page.components.map(({ state }) => state)).toEqual(['unknown', 'partial_outage'])
    expect(page.banner.sentence).toMatch(/lost contact with our monitoring/)
  })
})

describe('a promise', () => {
  it.each([
    [OVERDUE_AFTER_MS - 1, undefined],
    [OVERDUE_AFTER_MS, 'The team promised an update by 02:20 UTC and has not posted it yet.'],
  ])('S-UPD-04 that is %s ms late is told: %s', (dueMs, line) => {
    expect(pageOf(rowsOf(open({ dueMs })), t0).open[0]?.overdue).toBe(line)
  })

  it('S-UPD-04 of a resolved incident is none', () => {
    expect(pageOf(rowsOf(open({ dueMs: OVERDUE_AFTER_MS, status: 'resolved' })), t0).past[0]?.overdue).toBe(
      undefined,
    )
  })
})
