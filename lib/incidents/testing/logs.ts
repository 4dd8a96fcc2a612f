import fc from 'fast-check'
import { AUDIENCES, type ClockEvent, INCIDENT_ROLES, REACHES, SEVERITIES, STATUSES } from '../model'

/** Starts lie around both changes of the clocks of 2026 in Chicago, around holidays, and anywhere else. */
const start = fc.oneof(
  fc.integer({ min: Date.UTC(2026, 2, 6), max: Date.UTC(2026, 2, 10) }),
  fc.integer({ min: Date.UTC(2026, 9, 30), max: Date.UTC(2026, 10, 3) }),
  fc.integer({ min: Date.UTC(2026, 10, 24), max: Date.UTC(2026, 10, 30) }),
  fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) }),
)

/** Steps between receptions: none, minutes, hours, days, exact limits, and a replica whose clock is behind. */
const step = fc.oneof(
  fc.constantFrom(0, 1, 5 * 60_000, 10 * 60_000, 15 * 60_000, 3_600_000, 14_400_000),
  fc.integer({ min: 0, max: 40 * 60_000 }),
  fc.integer({ min: 0, max: 72 * 3_600_000 }),
  fc.integer({ min: -5 * 60_000, max: 0 }),
)

const handle = fc.constantFrom('ana', 'li', 'bo')
const taskId = fc.constantFrom('a', 'b')

const happening = fc.oneof(
  fc.record({ kind: fc.constant('acknowledged' as const) }),
  fc.record({ kind: fc.constant('severity' as const), to: fc.constantFrom(...SEVERITIES) }),
  fc.record({ kind: fc.constant('status' as const), to: fc.constantFrom(...STATUSES) }),
  fc.record({ kind: fc.constant('visibility' as const), to: fc.constantFrom(...REACHES) }),
  fc.record({
    kind: fc.constant('role' as const),
    role: fc.constantFrom(...INCIDENT_ROLES),
    handle: fc.option(handle, { nil: undefined }),
  }),
  fc.record({ kind: fc.constant('withdrawn' as const), role: fc.constantFrom(...INCIDENT_ROLES) }),
  fc.record({ kind: fc.constant('offered' as const), role: fc.constantFrom(...INCIDENT_ROLES), handle }),
  fc.record({
    kind: fc.constant('update' as const),
    audience: fc.constantFrom(...AUDIENCES),
    status: fc.constantFrom(...STATUSES),
  }),
  fc.record({ kind: fc.constant('task-finished' as const), id: taskId }),
  fc.record({ kind: fc.constant('paused' as const), reason: fc.constantFrom('provider', 'customer') }),
  fc.record({ kind: fc.constant('resumed' as const) }),
)

const task = (id: string) =>
  fc.record({
    kind: fc.constant('task' as const),
    id: fc.constant(id),
    text: fc.constant('drain the host'),
    owner: handle,
    minutes: fc.integer({ min: 1, max: 90 }),
  })

/** randomLog makes a record with a declaration first, and a `now` that may lie before its end. */
export const randomLog: fc.Arbitrary<{ readonly log: readonly ClockEvent[]; readonly nowMs: number }> = fc
  .record({
    start,
    declared: fc.record({
      kind: fc.constant('declared' as const),
      severity: fc.constantFrom(...SEVERITIES),
      visibility: fc.constantFrom(...REACHES),
      speed: fc.constantFrom(1, 1, 1, 4, 60),
    }),
    rest: fc.array(fc.tuple(step, happening), { maxLength: 14 }),
    tasks: fc.tuple(fc.option(task('a')), fc.option(task('b'))),
    places: fc.tuple(fc.nat(), fc.nat()),
    tail: step,
  })
  .map(({ start: startMs, declared, rest, tasks, places, tail }) => {
    const later: (readonly [number, Omit<ClockEvent, 'atMs'>])[] = [...rest]
    for (const [index, one] of tasks.entries()) {
      if (one) later.splice((places[index] ?? 0) % (later.length + 1), 0, [60_000, one])
    }
    let atMs = startMs
    const log = [
      { ...declared, atMs },
      ...later.map(([stepMs, event]) => {
        atMs += stepMs
        return { ...event, atMs } as ClockEvent
      }),
    ]
    return { log, nowMs: atMs + tail }
  })
