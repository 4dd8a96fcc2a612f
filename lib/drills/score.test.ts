import { expect, test } from 'vitest'
import { type Item, type Played, scoreOf } from './score'
import type { Told } from './story'

const T0 = Date.parse('2026-11-21T09:00:00Z')
const at = (seconds: number): number => T0 + seconds * 1000

const card: Told = {
  leaf: 'gpu.fell-off-bus',
  state: 'certain',
  explainedBy: null,
  may: false,
  fromAtMs: at(60),
  untilAtMs: null,
  sufficientAtMs: at(90),
}
const echo: Told = { ...card, leaf: 'telemetry.blind', may: true }

const best: Played = {
  speed: 1,
  endedAtMs: at(1_800),
  truth: [card, echo],
  declaredBy: 'people',
  declaredAtMs: at(120),
  answered: { atMs: at(150), dueAtMs: at(420) },
  claims: [{ leaf: 'gpu.fell-off-bus', atMs: at(100), by: 'tree', state: 'certain' }],
  updates: [{ isKept: true }, { isKept: true }],
  actions: [{ id: 'instance.drain', atMs: at(300) }],
  rightActions: ['instance.drain', 'instance.replace'],
  dangerousActions: ['instance.reboot'],
  checklists: { settled: 6, total: 6 },
  roles: ['commander', 'communications', 'scribe'],
}

const pointsOf = (played: Partial<Played>, id: Item['id']): number | null | undefined =>
  scoreOf({ ...best, ...played }).items.find((item) => item.id === id)?.points

test('D-SCO-01 everything right and in time is the whole score, and nothing at all is next to none', () => {
  expect(scoreOf(best).percent).toBe(100)
  const idle = scoreOf({
    ...best,
    declaredAtMs: null,
    answered: { atMs: null, dueAtMs: null },
    claims: [],
    updates: [{ isKept: false }],
    actions: [],
    checklists: { settled: 0, total: 0 },
    roles: [],
  })
  expect(idle.percent).toBe(15)
})

test.each<[string, Partial<Played>, Item['id'], number | null]>([
  ['D-SCO-02 a declaration within five minutes', { declaredAtMs: at(360) }, 'declared', 10],
  ['D-SCO-02 a declaration after ten', { declaredAtMs: at(660) }, 'declared', 5],
  ['D-SCO-02 a declaration after fifteen', { declaredAtMs: at(960) }, 'declared', 0],
  ['D-SCO-02 six minutes at ten times the speed', { declaredAtMs: at(420), speed: 10 }, 'declared', 0],
  ['D-SCO-02 a drill that declares itself', { declaredBy: 'drill' }, 'declared', null],
  ['D-SCO-03 an answer that is late', { answered: { atMs: at(500), dueAtMs: at(420) } }, 'answered', 5],
  ['D-SCO-03 no answer', { answered: { atMs: null, dueAtMs: at(420) } }, 'answered', 0],
  ['D-SCO-04 a cause that nobody found', { claims: [] }, 'causes', 0],
  [
    'D-SCO-04 a cause named late by people',
    { claims: [{ leaf: 'gpu.fell-off-bus', atMs: at(600), by: 'people', state: 'named' }] },
    'causes',
    15,
  ],
  [
    'D-SCO-04 a cause claimed before it was so',
    { claims: [{ leaf: 'gpu.fell-off-bus', atMs: at(10), by: 'people', state: 'named' }] },
    'causes',
    0,
  ],
  [
    'D-SCO-04 a drill that ends before anything could be known',
    { endedAtMs: at(80), claims: [] },
    'causes',
    null,
  ],
  [
    'D-SCO-04 a cause found before it had to be',
    {
      endedAtMs: at(80),
      claims: [{ leaf: 'gpu.fell-off-bus', atMs: at(70), by: 'tree', state: 'certain' }],
    },
    'causes',
    30,
  ],
  [
    'D-SCO-05 a wrong certain claim',
    { claims: [...best.claims, { leaf: 'host.offline', atMs: at(200), by: 'people', state: 'named' }] },
    'claims',
    10,
  ],
  [
    'D-SCO-05 a wrong guess of the tree that is only likely',
    { claims: [...best.claims, { leaf: 'host.offline', atMs: at(200), by: 'tree', state: 'likely' }] },
    'claims',
    15,
  ],
  [
    'D-SCO-05 what may be found as well',
    { claims: [...best.claims, { leaf: 'telemetry.blind', atMs: at(200), by: 'tree', state: 'certain' }] },
    'claims',
    15,
  ],
  ['D-SCO-06 one update of two', { updates: [{ isKept: true }, { isKept: false }] }, 'updates', 8],
  ['D-SCO-06 no update due', { updates: [] }, 'updates', null],
  ['D-SCO-07 no action', { actions: [] }, 'actions', 0],
  [
    'D-SCO-07 an action beside the point',
    { actions: [...best.actions, { id: 'fallback.on', atMs: at(1) }] },
    'actions',
    7,
  ],
  [
    'D-SCO-07 a dangerous action',
    { actions: [...best.actions, { id: 'instance.reboot', atMs: at(1) }] },
    'actions',
    0,
  ],
  ['D-SCO-08 half a checklist', { checklists: { settled: 3, total: 6 } }, 'checklists', 3],
  ['D-SCO-08 one role of three', { roles: ['commander'] }, 'roles', 2],
])('%s', (_name, played, id, points) => {
  expect(pointsOf(played, id)).toBe(points)
})

test('D-SCO-09 whatever is played, no part leaves its bounds, the same gives the same, and one more wrong claim never helps', () => {
  let seed = 7
  const random = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed / 2_147_483_648
  }
  const maybe = <T>(value: T): T | null => (random() < 0.3 ? null : value)
  for (let round = 0; round < 500; round += 1) {
    const played: Played = {
      ...best,
      speed: 1 + Math.floor(random() * 60),
      endedAtMs: at(random() * 3_000),
      declaredBy: random() < 0.5 ? 'drill' : 'people',
      declaredAtMs: maybe(at(random() * 3_000)),
      answered: { atMs: maybe(at(random() * 3_000)), dueAtMs: maybe(at(random() * 3_000)) },
      claims: Array.from({ length: Math.floor(random() * 6) }, () => ({
        leaf: random() < 0.5 ? 'gpu.fell-off-bus' : `leaf.${Math.floor(random() * 4)}`,
        atMs: at(random() * 3_000),
        by: random() < 0.5 ? ('tree' as const) : ('people' as const),
        state: random() < 0.5 ? 'certain' : 'likely',
      })),
      updates: Array.from({ length: Math.floor(random() * 4) }, () => ({ isKept: random() < 0.5 })),
      checklists: { settled: 2, total: 2 + Math.floor(random() * 8) },
      roles: random() < 0.5 ? ['commander'] : [],
    }
    const score = scoreOf(played)
    expect(scoreOf(played)).toEqual(score)
    expect(score.percent).toBeGreaterThanOrEqual(0)
    expect(score.percent).toBeLessThanOrEqual(100)
    for (const { points, of } of score.items) {
      expect(points ?? 0).toBeGreaterThanOrEqual(0)
      expect(points ?? 0).toBeLessThanOrEqual(of)
    }
    const worse = {
      ...played,
      claims: [...played.claims, { leaf: 'leaf.wrong', atMs: at(10), by: 'people', state: 'named' } as const],
    }
    expect(scoreOf(worse).percent).toBeLessThanOrEqual(score.percent)
  }
})
