import { atMost, type Bar } from '@/bench/report'
import { createApiFold } from '@/lib/health/api-minutes'
import type { HealthPolicy } from '@/lib/health/policy'
import type { HealthEventRow } from '@/lib/health/records'
import type { EntryView } from '@/lib/incidents/view'
import type { Gathered } from '@/lib/postmortems/gathered'
import type { PostmortemRecord } from '@/lib/postmortems/model'
import { recordOf } from '@/lib/postmortems/record'
import { diagnose } from '@/lib/triage/diagnose'
import type { Forest } from '@/lib/triage/forest'
import { looksOf } from '@/lib/triage/looks'
import type { Diagnosis, Memory } from '@/lib/triage/model'
import type { Sight } from '@/lib/triage/sight'
import { causeView, isFirm } from '@/lib/triage/view'
import type { Scenario } from '@/simulator/scenario'
import { createSimulator } from '@/simulator/simulator'
import { openEyes } from './eyes'
import { createVirtualTime } from './virtual-time'

const T0_MS = Date.parse('2026-11-21T09:00:00Z')
const SECOND_MS = 1_000
const DECLARED_AFTER_MS = 60_000
const ANSWERED_AFTER_MS = 90_000
const CALM_BEFORE_END_MS = 20_000
const AFTER_MS = 60_000
const TELL_GAP_MS = 15_000

/** Shown is one thing that a source showed, as an onlooker saw it second by second: what changed, to what, from when. */
type Shown = { readonly key: string; readonly after: string; readonly atMs: number }

/** DraftResult is what a draft of a played scenario holds against what was shown. */
export type DraftResult = {
  readonly scenario: string
  readonly ok: boolean
  /** shown counts what any source showed, each of which must stand in the timeline; truths those of the scenario's truth. */
  readonly shown: number
  readonly truths: number
  readonly gaps: number
  readonly rows: number
  readonly missing: readonly string[]
  readonly disordered: readonly string[]
  readonly durations: readonly string[]
  readonly unmarked: readonly string[]
}

/** draftOf plays a scenario, lets a script declare, answer, calm and resolve it, drafts it, and holds the draft against what was shown. */
export async function draftOf(
  scenario: Scenario,
  around: { readonly forest: Forest; readonly policy: HealthPolicy },
): Promise<DraftResult> {
  const { gathered, shown, silences, told, script } = await play(scenario, around)
  const record = recordOf(gathered)
  const missing = [...missingRows(record, shown), ...missingTruths(record, told)]
  const disordered = disorderedRows(record)
  const durations = wrongDurations(record, script)
  const unmarked = unmarkedGaps(record, silences)
  return {
    scenario: scenario.id,
    ok: missing.length + disordered.length + durations.length + unmarked.length === 0,
    shown: shown.length,
    truths: told.length,
    gaps: silences.length,
    rows: record.timeline.length,
    missing,
    disordered,
    durations,
    unmarked,
  }
}

/** Script is what the people of the drill do, as offsets that a hand counts with. */
type Script = {
  readonly impactMs: number
  readonly declaredMs: number
  readonly answeredMs: number
  readonly calmMs: number
  readonly resolvedMs: number
}

function scriptOf(scenario: Scenario): Script {
  const wanted = scenario.truth.filter((one) => !one.may)
  const impactMs = Math.min(...(wanted.length === 0 ? [0] : wanted.map((one) => one.from)))
  const known = Math.max(...(wanted.length === 0 ? [0] : wanted.map((one) => one.sufficientAt ?? one.from)))
  const resolvedMs = known + AFTER_MS + ANSWERED_AFTER_MS
  return {
    impactMs,
    declaredMs: impactMs + DECLARED_AFTER_MS,
    answeredMs: impactMs + ANSWERED_AFTER_MS,
    calmMs: resolvedMs - CALM_BEFORE_END_MS,
    resolvedMs,
  }
}

type Told = { readonly leaf: string; readonly title: string; readonly atMs: number }

async function play(
  scenario: Scenario,
  { forest, policy }: { readonly forest: Forest; readonly policy: HealthPolicy },
) {
  const script = scriptOf(scenario)
  const startMs = scenario.start === undefined ? T0_MS : Date.parse(scenario.start)
  const time = createVirtualTime(startMs)
  const simulator = createSimulator({ scenario, startMs, speed: 1, wallMs: time.offsetMs })
  const { grpc } = await simulator.listen({ http: 0, grpc: 0 })
  const events: HealthEventRow[] = []
  const api = createApiFold()
  const eyes = openEyes({
    scenario,
    simulator,
    grpcPort: grpc,
    time,
    policy,
    onEvent: (event) => events.push(event),
    onApi: api.note,
  })
  const onlooker = createOnlooker()
  const entries: EntryView[] = []
  const write = (atMs: number, kind: string, body: EntryView['body']): void => {
    entries.push(entryOf(entries.length + 1, { atMs: startMs + atMs, kind, body }))
  }
  const told: Told[] = []
  let memory: Memory = {}
  let diagnosis: Diagnosis | undefined
  let firm = ''
  let toldAtMs = -TELL_GAP_MS
  try {
    for (let atMs = 0; atMs <= script.resolvedMs; atMs += SECOND_MS) {
      await time.runUntil(atMs)
      const sight = eyes.sight(forest, memory)
      onlooker.look(sight, startMs + atMs)
      const next = diagnose({ forest, looks: looksOf(sight), overrides: {}, memory, nowMs: startMs + atMs })
      memory = next.memory
      diagnosis = next.diagnosis
      for (const [at, kind, body] of deeds(scenario, script)) if (at === atMs) write(at, kind, body)
      const now = next.diagnosis.causes.filter(isFirm)
      const words = now.map(({ leaf, state }) => `${leaf} ${state}`).join()
      if (atMs <= script.declaredMs || words === firm || atMs - toldAtMs < TELL_GAP_MS) continue
      firm = words
      toldAtMs = atMs
      const causes = now
        .slice(0, 5)
        .map((cause) => ({ title: causeView(forest, cause).title, state: cause.state, leaf: cause.leaf }))
      write(atMs, 'triage', { causes })
      for (const { leaf, title } of causes)
        if (
          scenario.truth.some((one) => one.leaf === leaf && !one.may) &&
          !told.some((one) => one.leaf === leaf)
        )
          told.push({ leaf, title, atMs: startMs + atMs })
    }
  } finally {
    await eyes.close()
    await simulator.close()
  }
  const minutes = api.ended(new Date(startMs + script.resolvedMs + 120_000))
  const gathered = gatheredOf({
    scenario,
    script,
    startMs,
    entries,
    events,
    minutes,
    diagnosis,
    forest,
    policy,
  })
  return {
    gathered,
    shown: onlooker.shown(),
    silences: onlooker.silences(),
    told,
    script: shifted(script, startMs),
  }
}

function shifted(script: Script, startMs: number): Script {
  return Object.fromEntries(Object.entries(script).map(([key, at]) => [key, at + startMs])) as Script
}

type Deed = readonly [number, string, EntryView['body']]

function deeds(scenario: Scenario, script: Script): readonly Deed[] {
  return [
    [
      script.declaredMs,
      'declared',
      { severity: 'P2', title: scenario.title, reason: '', visibility: 'internal' },
    ],
    [script.answeredMs, 'acknowledged', {}],
    [script.calmMs, 'status', { from: 'investigating', to: 'monitoring' }],
    [script.resolvedMs, 'status', { from: 'monitoring', to: 'resolved' }],
  ]
}

function entryOf(
  seq: number,
  { atMs, kind, body }: { readonly atMs: number; readonly kind: string; readonly body: EntryView['body'] },
): EntryView {
  return {
    seq,
    id: String(seq),
    kind,
    source: kind === 'triage' ? 'machine' : 'human',
    by: kind === 'triage' ? 'watchfloor' : 'script',
    atMs,
    receivedAtMs: atMs,
    claimed: null,
    doubt: null,
    skewMs: 0,
    body,
  }
}

function gatheredOf(played: {
  readonly scenario: Scenario
  readonly script: Script
  readonly startMs: number
  readonly entries: readonly EntryView[]
  readonly events: readonly HealthEventRow[]
  readonly minutes: ReturnType<ReturnType<typeof createApiFold>['ended']>
  readonly diagnosis: Diagnosis | undefined
  readonly forest: Forest
  readonly policy: HealthPolicy
}): Gathered {
  const { scenario, startMs, events, diagnosis, forest, policy } = played
  const script = shifted(played.script, startMs)
  return {
    incident: {
      id: scenario.id,
      name: 'DRILL-0001',
      title: scenario.title,
      impact: '',
      severity: 'P2',
      visibility: 'internal',
      isDrill: true,
      declaredAtMs: script.declaredMs,
      declaredBy: 'script',
      impactStartedAtMs: script.impactMs,
      acknowledgedAtMs: script.answeredMs,
      acknowledgedBy: 'script',
      resolvedAtMs: script.resolvedMs,
    },
    entries: played.entries,
    entriesLeftOut: 0,
    roles: [],
    alerts: [],
    events: events.map((event, place) => ({ ...event, id: String(place + 1), atMs: event.at.getTime() })),
    eventsLeftOut: 0,
    sourceChanges: events
      .filter((event) => event.kind === 'source')
      .map(({ at, subject, after, reason }) => ({ atMs: at.getTime(), source: subject, after, reason })),
    triage: {
      path: [],
      causes: (diagnosis?.causes ?? []).map((cause) => ({
        leaf: cause.leaf,
        title: causeView(forest, cause).title,
        state: cause.state,
        explainedBy: cause.explainedBy,
      })),
      unanswered: [],
      note: '',
    },
    firstSymptomAtMs: null,
    actions: [],
    messages: [],
    components: [],
    hosts: [],
    api: played.minutes.map(({ minuteMs, worst }) => ({
      atMs: minuteMs,
      serverErrors: worst.serverErrors ?? null,
      errorRatio: worst.errorRatio ?? null,
      p95: worst.p95 ?? null,
      p99: worst.p99 ?? null,
    })),
    queues: [],
    fleet: [],
    fleetStepMs: 60_000,
    limits: { errorRatioPercent: policy.api.errorRatioBreachPercent, p99Ms: policy.api.p99BreachMs },
    formulas: { users: null, revenueUsd: null },
    fromMs: startMs,
    toMs: script.resolvedMs,
    nowMs: script.resolvedMs,
  }
}

type Rated = { readonly rating: string }

/** createOnlooker notes by itself, second by second, what turned to trouble and which source fell silent. */
function createOnlooker() {
  const before = new Map<string, string>()
  const found: Shown[] = []
  const silent: { readonly source: string; readonly fromMs: number }[] = []
  const note = (key: string, rating: string, atMs: number): void => {
    const was = before.get(key)
    before.set(key, rating)
    if (was === undefined || was === rating) return
    if (rating === 'breach' || rating === 'warning') found.push({ key, after: rating, atMs })
  }
  return {
    look: ({ rated }: Sight, atMs: number): void => {
      const all: readonly (readonly [string, ReadonlyMap<string, Rated>])[] = [
        ['gpu', rated.gpus],
        ['instance', rated.instances],
      ]
      for (const [kind, verdicts] of all)
        for (const [id, verdict] of verdicts) note(`${kind} ${id}`, verdict.rating, atMs)
      for (const [id, { verdict }] of rated.queues) note(`queue ${id}`, verdict.rating, atMs)
      for (const [id, { verdict }] of rated.services) note(`service ${id}`, verdict.rating, atMs)
      for (const [id, verdict] of Object.entries(rated.api.figures)) note(`api ${id}`, verdict.rating, atMs)
      note('page provider', rated.page.rating, atMs)
      for (const { id, state } of rated.world.sources.values()) {
        const is =
          state === 'live' || state === 'late' || state === 'waiting' || state === 'off' ? 'told' : 'silent'
        const was = before.get(`source ${id}`)
        before.set(`source ${id}`, is)
        if (was === 'told' && is === 'silent') silent.push({ source: id, fromMs: atMs })
      }
    },
    shown: (): readonly Shown[] => found,
    silences: (): typeof silent => silent,
  }
}

const NAMES: Readonly<Record<string, string>> = {
  serverErrors: '5xx answers',
  authErrors: '401 and 403 answers',
  rateLimited: '429 answers',
  errorRatio: 'Error ratio',
  p95: 'p95 latency',
  p99: 'p99 latency',
}
const SLACK_MS = 10_000

// A row of many names five of them and counts the rest: the count must have room for each.
function missingRows(record: PostmortemRecord, shown: readonly Shown[]): readonly string[] {
  const rows = record.timeline.filter((row) => row.id.startsWith('health:'))
  const room = new Map(
    rows.map((row) => [row.id, Number(/^(\d+) (?:GPUs|instances) /.exec(row.text)?.[1] ?? 1)]),
  )
  return shown.flatMap(({ key, after, atMs }) => {
    const [kind = '', subject = ''] = key.split(/ (.*)/s)
    const fits = rows.find((row) => {
      const isNear =
        Math.abs(row.eventAtMs - atMs) <=
        (kind === 'gpu' || kind === 'instance' ? 60_000 + SLACK_MS : SLACK_MS)
      if (!isNear || !row.text.includes(`→ ${after}`) || (room.get(row.id) ?? 0) < 1) return false
      if (kind === 'api') return row.text.startsWith(NAMES[subject] ?? subject)
      if (kind === 'page') return row.source === 'provider'
      if (row.text.includes(subject)) return true
      return / and \d+ more\)/.test(row.text) && row.text.includes(kind === 'gpu' ? 'GPUs (' : 'instances (')
    })
    if (fits === undefined)
      return [`${key} → ${after} at ${(atMs - record.meta.startedAtMs) / 1000} s stands nowhere`]
    room.set(fits.id, (room.get(fits.id) ?? 1) - 1)
    return []
  })
}

function missingTruths(record: PostmortemRecord, told: readonly Told[]): readonly string[] {
  return told
    .filter(
      ({ title, atMs }) =>
        !record.timeline.some(
          (row) => row.eventAtMs === atMs && row.source === 'triage' && row.text.includes(title),
        ),
    )
    .map(({ leaf }) => `${leaf} was told and stands nowhere`)
}

function disorderedRows({ timeline }: PostmortemRecord): readonly string[] {
  return timeline.flatMap((row, place) => {
    const before = timeline[place - 1]
    return before !== undefined && before.eventAtMs > row.eventAtMs
      ? [`${row.id} stands after ${before.id}`]
      : []
  })
}

function wrongDurations(record: PostmortemRecord, script: Script): readonly string[] {
  const at = (key: string): number | null => record.milestones.find((one) => one.key === key)?.atMs ?? null
  const wanted = [
    ['impact', script.impactMs],
    ['declared', script.declaredMs],
    ['acknowledged', script.answeredMs],
    ['mitigated', script.calmMs],
    ['resolved', script.resolvedMs],
  ] as const
  const wrong = wanted.filter(([key, atMs]) => at(key) !== atMs).map(([key]) => `${key} is not when it was`)
  const lasted = script.resolvedMs - script.impactMs
  return record.meta.durationMs === lasted
    ? wrong
    : [...wrong, `lasted ${record.meta.durationMs} ms, by hand ${lasted} ms`]
}

function unmarkedGaps(
  record: PostmortemRecord,
  silences: readonly { readonly source: string; readonly fromMs: number }[],
): readonly string[] {
  const gaps = record.timeline.filter((row) => row.kind === 'gap')
  return silences
    .filter(
      ({ source, fromMs }) =>
        !gaps.some(
          (gap) =>
            gap.sourceName === source &&
            gap.eventAtMs <= fromMs + SLACK_MS &&
            (gap.toMs === null || gap.toMs >= fromMs - SLACK_MS),
        ),
    )
    .map(
      ({ source, fromMs }) =>
        `${source} fell silent at ${(fromMs - record.meta.startedAtMs) / 1000} s and no gap says so`,
    )
}

/** draftBars judges all drafts together (bar D1). */
export function draftBars(results: readonly DraftResult[]): readonly Bar[] {
  const sum = (of: (result: DraftResult) => number): number => results.reduce((all, one) => all + of(one), 0)
  const shown = sum((one) => one.shown + one.truths)
  return [
    atMost({
      id: 'D1.a',
      figure: `of ${shown} events that a source showed, not in the timeline`,
      value: sum((one) => one.missing.length),
      limit: 0,
      unit: 'events',
    }),
    atMost({
      id: 'D1.b',
      figure: 'rows out of order',
      value: sum((one) => one.disordered.length),
      limit: 0,
      unit: 'rows',
    }),
    atMost({
      id: 'D1.c',
      figure: 'durations and milestones unlike a hand count',
      value: sum((one) => one.durations.length),
      limit: 0,
      unit: 'figures',
    }),
    atMost({
      id: 'D1.d',
      figure: `of ${sum((one) => one.gaps)} silences, not marked as a gap`,
      value: sum((one) => one.unmarked.length),
      limit: 0,
      unit: 'gaps',
    }),
  ]
}
