import { randomUUID } from 'node:crypto'
import type { Role } from '../lib/access/permissions'
import { rolesOf } from '../lib/access/permissions'
import { type Console, createConsole } from '../lib/console'
import type { Actor } from '../lib/operation'
import {
  type CommandInput,
  type CommandName,
  type CommandResult,
  findCommand,
  findQuery,
  type QueryResult,
} from '../lib/registry'
import { runCommand, runQuery } from '../lib/run'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const TICK_MS = 15_000
const STORED_TYPES = [
  { name: 'render_jobs', records: 4_812 },
  { name: 'render_outputs', records: 9_377 },
]

type Play = {
  readonly does: <Name extends CommandName>(
    who: string,
    name: Name,
    input: CommandInput<Name>,
  ) => Promise<CommandResult<Name>>
  readonly see: (number: number) => Promise<QueryResult<'migrations.one'>>
  /** at moves the play to so many days before now. */
  readonly at: (daysAgo: number) => void
  readonly instant: () => Date
  readonly idOf: (handle: string) => string
}

async function playIn(app: Console, now: Date): Promise<Play> {
  const rows = await app.db.person.findMany({ where: { handle: { in: ['ana', 'li', 'raj'] } } })
  const people = new Map(rows.map((row) => [row.handle, row]))
  let moment = now
  const personOf = (handle: string) => {
    const person = people.get(handle)
    if (!person) throw new Error(`the demo has lost @${handle}`)
    return person
  }
  const scopeOf = (handle: string) => {
    const person = personOf(handle)
    const roles: readonly Role[] = rolesOf(person.roles)
    const { id, name } = person
    const actor: Actor = { kind: 'person', id, handle, name, roles, sessionId: 'seed', authAt: moment }
    return { console: app, actor, now: moment, requestId: randomUUID() }
  }
  return {
    does: async <Name extends CommandName>(who: string, name: Name, input: CommandInput<Name>) =>
      (await runCommand(findCommand(name), scopeOf(who), input)) as CommandResult<Name>,
    see: async (number) =>
      (await runQuery(findQuery('migrations.one'), scopeOf('ana'), {
        number,
      })) as QueryResult<'migrations.one'>,
    at: (daysAgo) => {
      moment = new Date(now.getTime() - daysAgo * DAY_MS)
    },
    instant: () => moment,
    idOf: (handle) => personOf(handle).id,
  }
}

async function step({ does, see }: Play, number: number): Promise<void> {
  await does('ana', 'migrations.advance', { number, version: (await see(number)).version })
}

async function tickAll(play: Play, number: number, phase: string): Promise<void> {
  const found = (await play.see(number)).phases.find((one) => one.phase === phase)
  for (const { id } of found?.items ?? [])
    await play.does('li', 'migrations.tick', { number, item: id, evidence: 'seen in the review of the week' })
}

async function traffic(
  { does, instant }: Play,
  number: number,
  windows: readonly Omit<CommandInput<'migrations.reportTraffic'>['windows'][number], 'at'>[],
): Promise<void> {
  const at = instant().toISOString()
  await does('li', 'migrations.reportTraffic', {
    number,
    reporter: 'facade-1',
    windows: windows.map((window) => ({ ...window, at })),
  })
}

async function approve(
  { does, see }: Play,
  number: number,
  gate: 'assessment' | 'validation',
): Promise<void> {
  const subject = (await see(number)).gates.find((one) => one.gate === gate)?.subject ?? ''
  const about = { number, gate, subject } as const
  if (gate === 'validation') await does('li', 'migrations.approve', { ...about, slot: 'engineer' })
  await does('raj', 'migrations.approve', { ...about, slot: 'manager', comment: 'Figures read.' })
}

async function assess(play: Play): Promise<number> {
  const { does } = play
  play.at(41)
  const { number } = await does('ana', 'migrations.create', {
    title: 'Render jobs to the second GPU provider',
    kind: 'competitor',
    fromProvider: 'Vast.ai',
    toProvider: 'RunPod',
    flagKey: 'render-jobs-new-provider',
  })
  await does('ana', 'migrations.plan', {
    number,
    version: 1,
    plan: {
      startsOn: play.instant().toISOString().slice(0, 10),
      owners: {
        setup: play.idOf('li'),
        adapter: play.idOf('li'),
        data: play.idOf('raj'),
        traffic: play.idOf('ana'),
      },
    },
  })
  await does('li', 'migrations.saveInventory', {
    number,
    inventory: {
      root: 'renderer',
      files: { seen: 412, read: 371, tooLarge: 0, withUsage: 23 },
      seconds: 0.3,
      providers: [
        {
          id: 'vast',
          name: 'Vast.ai',
          findings: 61,
          files: 23,
          integrationPoints: 34,
          dependencies: ['vastai'],
          credentials: ['VAST_API_KEY'],
          customisations: ['VASTAI_FALLBACK', 'vastai/pytorch:2.4'],
        },
      ],
      dataTypes: STORED_TYPES,
    },
  })
  play.at(40)
  await approve(play, number, 'assessment')
  await step(play, number)
  return number
}

async function moveData(play: Play, number: number): Promise<void> {
  const { does } = play
  for (const { name, records } of STORED_TYPES) {
    await does('li', 'migrations.openPart', { number, part: name, expectedRows: records })
    const count = Math.ceil(records / 100)
    const batches = Array.from({ length: count }, (_, at) => {
      const rows = Math.min(100, records - at * 100)
      const isOdd = name === 'render_outputs' && at === 60
      const bad = isOdd ? [{ key: '6017', class: 'data' as const, reason: 'no job belongs to it' }] : []
      return { seq: at + 1, cursorTo: String(at * 100 + rows), good: rows - bad.length, bad }
    })
    await does('li', 'migrations.reportBatches', { number, part: name, batches, isDone: true })
  }
  await does('ana', 'migrations.settleRows', {
    number,
    part: 'render_outputs',
    keys: ['6017'],
    to: 'waived',
    reason: 'Left over from a load test in spring.',
  })
}

function countsOf(name: string, records: number, waived: number) {
  const sum = `${name.length}f${records.toString(16)}`
  const counts = { oldCount: records, newCount: records - waived, oldChecksum: sum, newChecksum: sum }
  return { kind: 'counts' as const, part: name, body: { ...counts, sampled: 500, differing: 0 } }
}

async function validate(play: Play, number: number): Promise<void> {
  const side = { requests: 20_000, errors: 31, p50Ms: 84, p95Ms: 310, p99Ms: 702 }
  await play.does('li', 'migrations.reportFigures', {
    number,
    figures: [
      ...STORED_TYPES.map(({ name, records }) => countsOf(name, records, name === 'render_outputs' ? 1 : 0)),
      { kind: 'performance', body: { old: side, new: { ...side, p50Ms: 79, p95Ms: 322, p99Ms: 690 } } },
    ],
  })
  await play.does('li', 'migrations.validate', { number })
  await approve(play, number, 'validation')
}

/** Goes from the assessment to 5 % of the traffic by the deeds of people and programs, each at its own day. */
async function play(part: Play): Promise<void> {
  const number = await assess(part)
  part.at(27)
  for (const phase of ['setup', 'adapter']) await tickAll(part, number, phase)
  const contract = { kind: 'contract', body: { passed: 48, failed: 0 } } as const
  await part.does('li', 'migrations.reportFigures', { number, figures: [contract] })
  await step(part, number)
  part.at(26.9)
  await traffic(part, number, [{ track: 'writes', requests: 3_204 }])
  part.at(25)
  await traffic(part, number, [{ track: 'writes', requests: 9_118 }])
  await step(part, number)
  part.at(20)
  await tickAll(part, number, 'data')
  await moveData(part, number)
  part.at(19)
  await step(part, number)
  await validate(part, number)
  part.at(13)
  await step(part, number)
  part.at(12)
  await tickAll(part, number, 'traffic')
  await traffic(part, number, [
    { track: 'noise', requests: 12_000, mismatches: 11 },
    { track: 'compare', requests: 48_000, mismatches: 52 },
  ])
  part.at(2)
  await step(part, number)
  const shiftedMs = part.instant().getTime()
  part.at(2 - (41 * TICK_MS) / DAY_MS)
  const ticks = Array.from({ length: 41 }, (_, tick) =>
    new Date(shiftedMs + (tick + 1) * TICK_MS).toISOString(),
  )
  await part.does('li', 'migrations.reportTraffic', {
    number,
    reporter: 'facade-1',
    windows: ticks.flatMap((at) => [
      { track: 'new' as const, at, requests: 12, p50Ms: 81, p95Ms: 320, p99Ms: 640 },
      { track: 'compare' as const, at, requests: 40 },
    ]),
  })
  await step(part, number)
}

/** seedMigration leaves one migration under way in the demo, unless there is one. */
export async function seedMigration(now: Date): Promise<void> {
  const app = createConsole({ name: 'seed', dbConnections: 2 })
  try {
    if ((await app.db.migration.count()) > 0) return
    await play(await playIn(app, now))
  } finally {
    await app.close()
  }
}
