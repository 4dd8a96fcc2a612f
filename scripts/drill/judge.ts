import type { Scenario } from '@/simulator/scenario'

/** Moment is what triage held certain or likely at one offset. */
export type Moment = {
  readonly atMs: number
  readonly causes: readonly {
    readonly leaf: string
    readonly state: string
    readonly explainedBy: string | null
  }[]
  readonly possible: readonly string[]
}

/** Verdict is how a drill went against its truth. */
export type Verdict = {
  readonly problems: readonly string[]
  readonly firstSymptomMs: number | null
  readonly secondsToDiagnosis: number | null
  readonly found: readonly {
    readonly leaf: string
    readonly sufficientSeconds: number
    readonly foundSeconds: number | null
  }[]
}

const LIMIT_MS = 30_000
/** What has ended goes on for a while in rates over minutes. */
const ECHO_MS = 330_000
const RANK: Readonly<Record<string, number>> = { possible: 0, likely: 1, certain: 2 }

type Truth = Scenario['truth'][number]

/** judge holds triage to a scenario's truth: found in time and sure enough, causes above consequences, and nothing else firm. */
export function judge(scenario: Scenario, moments: readonly Moment[]): Verdict {
  const wanted = scenario.truth.filter((one) => !one.may)
  const found = wanted.map((one) => ({
    leaf: one.leaf,
    sufficientSeconds: (one.sufficientAt ?? one.from) / 1000,
    foundSeconds: foundAt(one, moments),
  }))
  const starts = wanted.map((one) => one.from)
  const firstSymptomMs = starts.length === 0 ? null : Math.min(...starts)
  const last = found.map((one) => one.foundSeconds)
  const isComplete = last.every((it) => it !== null)
  return {
    problems: [
      ...found.flatMap((one) => lateness(one)),
      ...wanted.flatMap((one) => misplaced(one, moments)),
      ...wrong(scenario, moments),
    ],
    firstSymptomMs,
    secondsToDiagnosis:
      firstSymptomMs === null || !isComplete
        ? null
        : Math.max(...last.map((it) => it ?? 0)) - firstSymptomMs / 1000,
    found,
  }
}

function stateAt(moment: Moment, leaf: string): string | undefined {
  return (
    moment.causes.find((cause) => cause.leaf === leaf)?.state ??
    (moment.possible.includes(leaf) ? 'possible' : undefined)
  )
}

function foundAt(one: Truth, moments: readonly Moment[]): number | null {
  const first = moments.find(
    (moment) =>
      moment.atMs >= one.from && (RANK[stateAt(moment, one.leaf) ?? ''] ?? -1) >= (RANK[one.state] ?? 0),
  )
  return first ? first.atMs / 1000 : null
}

function lateness({ leaf, sufficientSeconds, foundSeconds }: Verdict['found'][number]): readonly string[] {
  if (foundSeconds === null) return [`${leaf} was not found`]
  const late = foundSeconds - sufficientSeconds
  return late * 1000 > LIMIT_MS ? [`${leaf} was found ${late} s after the sources allowed it`] : []
}

function misplaced(one: Truth, moments: readonly Moment[]): readonly string[] {
  if (one.explainedBy === undefined) return []
  const order = moments.at(-1)?.causes.map((cause) => cause.leaf) ?? []
  const [effect, cause] = [order.indexOf(one.leaf), order.indexOf(one.explainedBy)]
  if (effect === -1 || cause === -1 || cause < effect) return []
  return [`${one.leaf} stands above ${one.explainedBy}, which explains it`]
}

function wrong({ truth }: Scenario, moments: readonly Moment[]): readonly string[] {
  const first = new Map<string, string>()
  for (const { atMs, causes } of moments) {
    for (const { leaf, state } of causes) {
      const holds = truth.some(
        (one) =>
          one.leaf === leaf && atMs >= one.from && atMs <= (one.until ?? Number.POSITIVE_INFINITY) + ECHO_MS,
      )
      // Before anything breaks, nothing is wrong.
      const isCalm =
        leaf === 'none.resolved' &&
        truth.every(
          (one) =>
            one.leaf === leaf ||
            one.may ||
            atMs < one.from + LIMIT_MS + (one.sufficientAt ?? one.from) - one.from,
        )
      if (!holds && !isCalm && !first.has(leaf))
        first.set(leaf, `${leaf} was ${state} at ${atMs / 1000} s, and is not so`)
    }
  }
  return [...first.values()]
}
