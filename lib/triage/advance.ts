import type pg from 'pg'
import type { HealthPolicy } from '../health/policy'
import type { RatedScene } from '../health/scene'
import type { Clock } from '../platform/clock'
import type { Log } from '../platform/log'
import { createRounds } from '../platform/rounds'
import { inSql, type Sql, sqlOf } from '../platform/sql'
import type { Answer } from '../sources/source'
import { lookWords } from './ask'
import { diagnose } from './diagnose'
import type { Forest } from './forest'
import { looksAt, type SharedSight } from './looks'
import { newestRollout } from './looks-cluster'
import type { Asked, Diagnosis, Looks, Memory } from './model'
import { createMomentBook } from './moment-store'
import type { Taken, TriagePorts } from './ports'
import {
  activeRuns,
  type Change,
  insertRun,
  pinForest,
  type RunAnswer,
  type RunHead,
  readAnswers,
  readForest,
  type Told,
  takeUntold,
  type UntoldOverride,
  writeAnswer,
} from './run-store'
import { NOTHING_SEEN, rememberSight, type Sight } from './sight'
import { BOARD_RUN } from './store'
import { firmOf } from './view'

/** Telling is what an incident's record is told of its triage. */
export type Telling = {
  readonly incidentId: string
  readonly causes:
    | readonly {
        readonly leaf: string
        readonly title: string
        readonly state: string
        readonly evidence: string
      }[]
    | undefined
  readonly overrides: readonly (UntoldOverride & { readonly ask: string })[]
  readonly now: Date
}

/** TriageOptions are what the engine works with; `tell` writes into an incident's record, gives the last entry's number and tells open consoles of it; `hint` tells them of the run; both in the same transaction. */
export type TriageOptions = {
  readonly pool: pg.Pool
  readonly clock: Clock
  readonly log: Log
  readonly forest: () => Forest
  readonly ports: TriagePorts
  readonly held: () => boolean
  readonly tell: (sql: Sql, telling: Telling) => Promise<void>
  readonly hint: (sql: Sql, ref: string, now: Date) => Promise<void>
  readonly told: () => void
}

/** Triage answers every active run from what the collector sees, and takes the looks that nobody else takes. */
export type Triage = {
  readonly onScene: (scene: RatedScene, policy: HealthPolicy, now: Date) => void
  /** wake answers at once: a run began or a person answered. */
  readonly wake: () => void
  readonly stop: () => Promise<void>
}

const ASK_MS = 15_000
const REFRESH_MS = 10_000
const TELL_GAP_MS = 15_000

type Run = RunHead & RunAnswer
type Seen = { readonly scene: RatedScene; readonly policy: HealthPolicy; readonly at: Date }

/** startTriage begins to answer; one evaluation at a time, and one reader however many look. */
export function startTriage(options: TriageOptions): Triage {
  const { pool, clock, log, ports } = options
  const sql = sqlOf(pool)
  let seen: Seen | undefined
  let memory = NOTHING_SEEN
  let metrics: Sight['metrics'] = ports.metrics ? {} : undefined
  let comparison: Sight['comparison'] = ports.metrics ? {} : undefined
  let cluster: Sight['cluster'] = ports.cluster ? {} : undefined
  const forests = new Map<string, Forest | undefined>()
  /** What this engine answered last, or found when it took the run up: nobody else writes it. */
  let answers: ReadonlyMap<string, RunAnswer> = new Map()
  const asking = new Set<Promise<void>>()
  /** What the machine saw when the runs were last answered: the same again changes nothing but ages. */
  let answered = { words: '', atMs: -Infinity }
  let isWoken = true
  const moments = createMomentBook()

  async function forestOf(run: RunHead): Promise<Forest | undefined> {
    const current = options.forest()
    if (run.id === BOARD_RUN || run.forestHash === '' || run.forestHash === current.hash) return current
    if (!forests.has(run.forestHash)) forests.set(run.forestHash, await readForest(sql, run.forestHash))
    return forests.get(run.forestHash)
  }

  function sharedSight({ scene, policy }: Seen, now: Date): SharedSight {
    return {
      nowMs: now.getTime(),
      rated: scene.rated,
      planes: scene.planes,
      policy,
      metrics,
      comparison,
      cluster,
      memory,
    }
  }

  async function answer(run: Run, lookFor: ReturnType<typeof looksAt>, now: Date): Promise<void> {
    const forest = await forestOf(run)
    if (!forest || forest.roots.length === 0) return
    const looks = lookFor(firstSymptomMs(run, forest))
    const next = diagnose({
      forest,
      looks,
      overrides: run.overrides,
      memory: run.memory,
      nowMs: now.getTime(),
    })
    const changes = changesBetween(run.diagnosis, next.diagnosis)
    const isNews =
      changes.length > 0 || !run.diagnosis || firmOf(run.diagnosis).join() !== firmOf(next.diagnosis).join()
    const ageMs = run.diagnosedAt ? now.getTime() - run.diagnosedAt.getTime() : Infinity
    if (!isNews && ageMs < REFRESH_MS) return
    await keep({ run, forest, looks, ...next, changes, isNews, now })
  }

  async function keep(next: {
    readonly run: Run
    readonly forest: Forest
    readonly looks: Looks
    readonly diagnosis: Diagnosis
    readonly memory: Memory
    readonly changes: readonly Change[]
    readonly isNews: boolean
    readonly now: Date
  }): Promise<void> {
    const { run, forest, diagnosis, changes, now } = next
    const told = tellingOf(run, diagnosis, now)
    const answer: RunAnswer = {
      diagnosis,
      memory: next.memory,
      told: told ?? run.told,
      diagnosedAt: now,
      firstAt: run.firstAt ?? now,
    }
    const kept = await inSql(pool, async (tx) => {
      const overrides = run.incidentId === null ? [] : await takeUntold(tx, run.id, now)
      if (run.forestHash !== forest.hash) await pinForest(tx, forest, now)
      await writeAnswer(tx, run.id, { answer, changes, forestHash: forest.hash, now })
      if (run.incidentId !== null && (told || overrides.length > 0)) {
        await options.tell(tx, {
          incidentId: run.incidentId,
          causes: told ? toldCauses(forest, diagnosis) : undefined,
          overrides: overrides.map((it) => ({
            ...it,
            ask: forest.questions.get(it.question)?.ask ?? it.question,
          })),
          now,
        })
      }
      if (next.isNews) await options.hint(tx, run.incidentId ?? 'board', now)
      if (run.incidentId === null) return undefined
      const moment = {
        atMs: now.getTime(),
        looks: next.looks,
        overrides: run.overrides,
        memory: run.memory,
      }
      return moments.write(tx, run.id, { ...moment, isNews: next.isNews })
    })
    kept?.()
    answers = new Map(answers).set(run.id, answer)
    if (next.isNews) options.told()
  }

  async function evaluate(): Promise<void> {
    if (!options.held()) {
      answers = new Map()
      isWoken = true
    }
    if (!seen || !options.held()) return
    const now = clock.now()
    memory = rememberSight(memory, seen.scene.rated, now.getTime())
    const lookFor = looksAt(sharedSight(seen, now))
    const nowMs = now.getTime()
    const words = lookWords({ forest: options.forest(), looks: lookFor(null), nowMs })
    if (!isWoken && words === answered.words && nowMs - answered.atMs < REFRESH_MS) return
    isWoken = false
    answered = { words, atMs: nowMs }
    const runs = await runsNow(now)
    moments.keepOnly(new Set(runs.map((run) => run.id)))
    for (const run of runs) {
      // One run that cannot be kept must not keep the others from being answered.
      await answer(run, lookFor, now).catch((error: unknown) =>
        log.warn({ err: error, run: run.id }, 'triage not kept'),
      )
    }
  }

  async function runsNow(now: Date): Promise<readonly Run[]> {
    let heads = await activeRuns(sql)
    if (!heads.some(({ id }) => id === BOARD_RUN)) {
      await insertRun(sql, { id: BOARD_RUN, incidentId: null, by: 'watchfloor', now })
      heads = await activeRuns(sql)
    }
    const unknown = heads.filter(({ id }) => !answers.has(id)).map(({ id }) => id)
    const found = unknown.length === 0 ? [] : await readAnswers(sql, unknown)
    const known = new Map([...answers, ...found.map((it) => [it.id, it] as const)])
    answers = new Map(heads.flatMap(({ id }) => (known.has(id) ? [[id, known.get(id) as RunAnswer]] : [])))
    return heads.flatMap((head) => {
      const answer = answers.get(head.id)
      return answer ? [{ ...head, ...answer }] : []
    })
  }

  const rounds = createRounds(evaluate, (error) => log.warn({ err: error }, 'triage could not be answered'))
  const soon = (): void => void rounds.ask()

  async function askMetrics(): Promise<void> {
    if (!ports.metrics) return
    const isFirst = metrics?.value === undefined
    metrics = taken(metrics, await ports.metrics.ask(), clock.now())
    if (isFirst) soon()
  }

  async function lookAtCluster(): Promise<void> {
    if (!ports.cluster) return
    const isFirst = cluster?.value === undefined
    cluster = taken(cluster, await ports.cluster.look(), clock.now())
    if (isFirst) soon()
    const rollout = seen ? newestRollout({ ...sharedSight(seen, clock.now()), symptomAtMs: null }) : undefined
    if (!rollout || !ports.metrics) return
    comparison = taken(
      comparison,
      await ports.metrics.compare(new Date(rollout.getTime() - 60_000)),
      clock.now(),
    )
  }

  function ask(): void {
    for (const look of [askMetrics, lookAtCluster]) {
      const one: Promise<void> = look()
        .catch((error: unknown) => log.warn({ err: error }, 'a look of triage failed'))
        .finally(() => asking.delete(one))
      asking.add(one)
    }
  }

  const timer = setInterval(() => {
    if (asking.size === 0) ask()
  }, ASK_MS)
  ask()
  return {
    onScene: (scene, policy, at) => {
      seen = { scene, policy, at }
      soon()
    },
    wake: () => {
      isWoken = true
      soon()
    },
    stop: async () => {
      clearInterval(timer)
      await Promise.allSettled([rounds.stop(), ...asking])
    },
  }
}

/** When the first symptom that still holds was seen; null while there is none. */
function firstSymptomMs(run: Pick<RunAnswer, 'memory'>, forest: Forest): number | null {
  const since = [...forest.questions.values()].flatMap(({ id, symptom }) =>
    symptom && run.memory[id]?.answer === 'yes' ? [run.memory[id]?.sinceMs ?? 0] : [],
  )
  return since.length === 0 ? null : Math.min(...since)
}

/** taken folds one answer of a look into what was taken before. */
export function taken<T>(before: Taken<T> | undefined, answer: Answer<T>, now: Date): Taken<T> {
  if (answer.ok) return { value: { of: answer.value, atMs: now.getTime(), latencyMs: answer.latencyMs } }
  const failure = { why: answer.why, detail: answer.detail, atMs: now.getTime() }
  return before?.value ? { value: before.value, failure } : { failure }
}

function changesBetween(before: Diagnosis | null, after: Diagnosis): readonly Change[] {
  const known = new Map(before?.asked.map((it) => [it.id, it]))
  return after.asked.flatMap((it) => {
    const was = known.get(it.id)
    const isSame =
      was !== undefined && was.answer === it.answer && (was.override === null) === (it.override === null)
    const isFirst = was === undefined && (it.answer !== 'yes' || after.reach[it.id] === undefined)
    if (isSame || isFirst) return []
    const by = it.override ? it.override.by : 'machine'
    return [{ question: it.id, before: was?.answer ?? '', after: it.answer, by, detail: detailOf(it) }]
  })
}

function detailOf({ override, evidence }: Asked): string {
  if (override) return override.reason
  return `${evidence.value}${evidence.predicate === '' ? '' : ` ${evidence.predicate}`}${evidence.why === '' ? '' : ` (${evidence.why})`}`
    .slice(0, 300)
    .replace(/\p{Surrogate}/gu, '\uFFFD')
}

// A record is told when the firm causes changed, at most every 15 s: what flaps is told as it stands then.
function tellingOf(run: Run, diagnosis: Diagnosis, now: Date): Told | undefined {
  if (run.incidentId === null) return undefined
  const firm = firmOf(diagnosis)
  if (run.told.firm && run.told.firm.join() === firm.join()) return undefined
  if (now.getTime() - (run.told.atMs ?? -Infinity) < TELL_GAP_MS) return undefined
  return { firm, atMs: now.getTime() }
}

function toldCauses(forest: Forest, diagnosis: Diagnosis): NonNullable<Telling['causes']> {
  const asked = new Map(diagnosis.asked.map((it) => [it.id, it]))
  return diagnosis.causes
    .filter((cause) => cause.state === 'certain' || cause.state === 'likely')
    .slice(0, 5)
    .map((cause) => {
      const first = cause.for.map((id) => asked.get(id)).find((it) => it && it.evidence.value !== '')
      return {
        leaf: cause.leaf,
        title: forest.leaves.get(cause.leaf)?.title ?? cause.leaf,
        state: cause.state,
        evidence: first ? `${first.evidence.value} ${first.evidence.predicate}`.trim() : '',
      }
    })
}
