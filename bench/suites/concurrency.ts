import { monotonicMs, pause, progress, until } from '../clock'
import { callerOf, declareIncident } from '../commands'
import { type Crew, isReady, startCrew } from '../crew'
import { isMachine, judgeHistory, type StoredEntry, type Verdict } from '../history'
import { type OwnPostgres, startOwnPostgres } from '../own-postgres'
import { atLeast, atMost, spreadOf } from '../report'
import { type Ledger, newLedger, observedOf, respond } from '../responders'
import { type Rig, scenarioPath, startRig } from '../rig'
import { signIn } from '../sign-in'
import { randomFrom } from '../storm-plan'
import type { Measured, Suite } from '../suite'

const CLIENTS = 50
const PEOPLE = ['ana', 'raj'] as const

type Shape = { readonly seconds: number; readonly strikeEverySeconds: number }

/** concurrency lets fifty clients work in one incident while web processes and the database die, and judges the record (bar B6). */
export const concurrency: Suite = {
  name: 'concurrency',
  workload: `${CLIENTS} clients (two people, two web processes) in one incident: half notes, then decisions, pins, changes of title and impact on the version last seen, and reading on from the last entry; whatever gets no answer is sent again under the same idempotency key, to the other process in turn; meanwhile a web process gets kill -9 and the database of the suite's own is ended without a shutdown, in turn`,
  run: async ({ quick, build }) => {
    const postgres = await startOwnPostgres()
    let rig: Rig | undefined
    try {
      rig = await startRig({
        scenario: scenarioPath('calm'),
        agents: 0,
        spares: 0,
        floor: false,
        build,
        postgres: postgres.url,
      })
      const shape = quick ? { seconds: 25, strikeEverySeconds: 6 } : { seconds: 180, strikeEverySeconds: 15 }
      return await measure({ rig, postgres, crew: await startCrew(rig, ['web']), shape })
    } finally {
      await rig?.stop()
      await postgres.stop()
    }
  },
}

async function measure(given: {
  readonly rig: Rig
  readonly postgres: OwnPostgres
  readonly crew: Crew
  readonly shape: Shape
}): Promise<Measured> {
  const { rig, crew, shape } = given
  const cookies = await Promise.all(PEOPLE.map((handle) => signIn(rig.base, handle)))
  const asked = { ...callerOf(rig), cookie: cookies[0] ?? '' }
  const incident = await declareIncident(asked, 'Fifty people in one incident')
  const { length: first } = await entriesOf(rig, incident.id)
  const ledger = newLedger()
  const endMs = monotonicMs() + shape.seconds * 1_000
  const over = (): boolean => monotonicMs() >= endMs
  const work = Array.from({ length: CLIENTS }, (_, number) =>
    respond({
      number,
      bases: crew.bases,
      origin: rig.base,
      cookie: cookies[number % cookies.length] ?? '',
      incident: incident.id,
      ledger,
      random: randomFrom(number + 1),
      over,
    }),
  )
  const [strikes] = await Promise.all([strikeAll(given, over), ...work])
  await until(
    'both web processes serve',
    async () => (await Promise.all(crew.bases.map(isReady))).every(Boolean),
    30_000,
  )
  const entries = await entriesOf(rig, incident.id)
  const verdict = judgeHistory(entries, observedOf(ledger), first + 1)
  return {
    postgres: rig.database.version,
    figures: {
      entries: entries.length,
      machineEntries: entries.filter(isMachine).length,
      acknowledgedAdditions: ledger.written.length,
      acknowledgedChanges: ledger.overwritten.length,
      conflictsShown: ledger.conflicts,
      foundWrittenBefore: ledger.replayed,
      reads: ledger.reads,
      answerMs: spreadOf(ledger.answerMs),
      sentAgain: Object.fromEntries(ledger.failures),
      refusals: ledger.refusals,
      ...strikes,
      verdict,
    },
    bars: barsOf({ verdict, ledger, entries: entries.length, strikes }),
  }
}

type Strikes = { readonly webKills: number; readonly databaseCrashes: number }

async function strikeAll(
  { crew, postgres, shape }: { readonly crew: Crew; readonly postgres: OwnPostgres; readonly shape: Shape },
  over: () => boolean,
): Promise<Strikes> {
  let webKills = 0
  let databaseCrashes = 0
  for (;;) {
    await pause(shape.strikeEverySeconds * 1_000)
    if (over()) return { webKills, databaseCrashes }
    if (webKills > databaseCrashes) {
      databaseCrashes += 1
      const startedMs = monotonicMs()
      await postgres.crash()
      progress(`the database crashed and was back after ${Math.round(monotonicMs() - startedMs)} ms`)
    } else {
      crew.assertAlive()
      webKills += 1
      progress(`killed ${crew.strike()}`)
    }
  }
}

async function entriesOf(rig: Rig, incident: string): Promise<readonly StoredEntry[]> {
  const { rows } = await rig.database.pool.query<StoredEntry>(
    'SELECT seq, id, kind, actor, body FROM timeline_event WHERE incident_id = $1 ORDER BY seq',
    [incident],
  )
  return rows
}

function barsOf(given: {
  readonly verdict: Verdict
  readonly ledger: Ledger
  readonly entries: number
  readonly strikes: Strikes
}): Measured['bars'] {
  const { verdict, ledger, strikes } = given
  const none = (id: string, figure: string, value: number): ReturnType<typeof atMost> =>
    atMost({ id, figure, value, limit: 0, unit: 'rows' })
  return [
    none('B6.a', `places missing or out of order in a record of ${given.entries}`, verdict.gaps),
    none(
      'B6.b',
      `acknowledged writes of ${ledger.written.length + ledger.overwritten.length} that are not there, or elsewhere than told`,
      verdict.missing + verdict.misplaced + verdict.lostChanges,
    ),
    none('B6.c', 'entries that stand twice, or that nobody wrote', verdict.repeated + verdict.foreign),
    none(
      'B6.d',
      'changes that went over another one which their writer had not seen',
      verdict.unseenOverwrites,
    ),
    none('B6.e', `conflicts of ${ledger.conflicts} that did not show both versions`, ledger.halfShown),
    none('B6.f', 'writes given up, or refused for no reason', ledger.refused),
    none('B6.j', 'answers 500: a database that is away is 503', ledger.failures.get('500') ?? 0),
    none('B6.g', `places that a reader missed in ${ledger.reads} reads`, ledger.readGaps),
    atLeast({
      id: 'B6.h',
      figure: 'conflicts that came about',
      value: ledger.conflicts,
      limit: 1,
      unit: 'rows',
    }),
    atLeast({
      id: 'B6.i',
      figure: 'web processes killed and databases crashed, the rarer of both',
      value: Math.min(strikes.webKills, strikes.databaseCrashes),
      limit: 1,
      unit: 'rows',
    }),
  ]
}
