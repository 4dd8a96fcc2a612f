import type { InsideProgram, InstanceInside } from '../health/model'
import { usable } from '../health/rules/evidence'
import { sourceOf } from '../health/rules/plane-row'
import { countLook, flagLook, noLook, valueLook, whyOfSource } from './look'
import { freshPolls, judgedInstances, polledBy, polledInstances, pollersSilent } from './looks-fleet'
import type { Look, Looks, Subject } from './model'
import type { Sight } from './sight'

/** workerLooks are the looks at workers, their queues and what agents tell from inside. */
export function workerLooks(sight: Sight): Looks {
  return { ...insideLooks(sight), ...pollerLooks(sight), ...queueLooks(sight) }
}

const HALTED =
  /^(instance\.(stopped|frozen|stranded|outbid|contract|container-exited|scheduling|provisioning|gone)|host\.)/
const STOPPED: ReadonlySet<string> = new Set(['STOPPED', 'EXITED', 'FATAL'])
const INSIDE_MAX_AGE_MS = 90_000
const STARTS_OF_A_LOOP = 3

type Inside = {
  readonly id: string
  readonly inside: InstanceInside | undefined
  /** silent: it polled before and does not now. */
  readonly silent: boolean
}

/** Instances whose workers should work: those that the provider holds for us and does not call halted or lost. */
function insideOf(sight: Sight): readonly Inside[] {
  return judgedInstances(sight)
    .filter(({ verdict }) => !HALTED.test(verdict.code))
    .map(({ id }) => {
      const inside = sight.rated.world.inside?.get(id)
      const fresh = inside && sight.nowMs - inside.at.getTime() <= INSIDE_MAX_AGE_MS ? inside : undefined
      return { id, inside: fresh, silent: pollersSilent(id, sight) }
    })
}

function workersOf(inside: InstanceInside, nowMs: number): readonly InsideProgram[] | undefined {
  return usable(inside.programs, nowMs, INSIDE_MAX_AGE_MS)?.filter(({ name }) => name.startsWith('worker'))
}

// worker-gpu serves the queues whose name ends in @gpu; a worker of another name serves all.
function endingOf(program: string): string {
  const kind = /^worker-(\w+)$/.exec(program)?.[1]
  return kind === undefined ? '' : `@${kind}`
}

function insideLooks(sight: Sight): Looks {
  const all = insideOf(sight)
  const { nowMs } = sight
  const count = (name: string, judge: (one: Inside) => boolean | undefined): Look => {
    const yes: Subject[] = []
    const hidden: Subject[] = []
    for (const one of all) {
      const is = judge(one)
      if (is === true) yes.push(`instance:${one.id}`)
      else if (is === undefined) hidden.push(`instance:${one.id}`)
    }
    return countLook(name, { yes, hidden }, nowMs)
  }
  const expected = commonControlPlane(all)
  return {
    'workers.stopped': count('workers.stopped', (one) => anyWorker(one, sight, stoppedAndSilent)),
    'workers.crash-looping': count('workers.crash-looping', (one) => anyWorker(one, sight, isLooping)),
    'workers.wedged': count('workers.wedged', (one) => {
      const idle = anyWorker(one, sight, runsWithoutPolling)
      if (idle !== true) return idle
      // A worker that is told to look elsewhere is not wedged.
      const astray = isAstray(one, expected, nowMs)
      return astray === undefined ? undefined : !astray
    }),
    'workers.astray': count('workers.astray', (one) => isAstray(one, expected, nowMs)),
    'models.missing': count('models.missing', (one) => filesMissing(one, sight)),
    'gpus.driver-hung': count('gpus.driver-hung', ({ inside }) => {
      const state = inside && usable(inside.driver, nowMs, INSIDE_MAX_AGE_MS)
      return state === undefined ? false : state === 'hung' || state === 'failed'
    }),
  }
}

type JudgeWorker = (program: InsideProgram, id: string, sight: Sight) => boolean | undefined

// Without a look inside, only an instance that fell silent is in question: one that polls is well.
function anyWorker({ id, inside, silent }: Inside, sight: Sight, judge: JudgeWorker): boolean | undefined {
  const workers = inside && workersOf(inside, sight.nowMs)
  if (!workers) return silent ? undefined : false
  const verdicts = workers.map((program) => judge(program, id, sight))
  if (verdicts.includes(true)) return true
  return verdicts.includes(undefined) ? undefined : false
}

const stoppedAndSilent: JudgeWorker = ({ name, state }, id, sight) => {
  if (!STOPPED.has(state)) return false
  const fresh = freshPolls(id, endingOf(name), sight)
  return fresh === undefined ? undefined : fresh === 0
}

const isLooping: JudgeWorker = ({ state, startsAt }) =>
  state === 'BACKOFF' || startsAt.length >= STARTS_OF_A_LOOP

const runsWithoutPolling: JudgeWorker = ({ name, state }, id, sight) => {
  if (state !== 'RUNNING' || !polledBy(id, endingOf(name), sight)) return false
  const fresh = freshPolls(id, endingOf(name), sight)
  return fresh === undefined ? undefined : fresh === 0
}

const NOT_PUBLIC = /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[?::1)/

function commonControlPlane(all: readonly Inside[]): string | undefined {
  const counts = new Map<string, number>()
  for (const { inside } of all) {
    if (inside?.controlPlane.kind !== 'known' || NOT_PUBLIC.test(inside.controlPlane.value)) continue
    counts.set(inside.controlPlane.value, (counts.get(inside.controlPlane.value) ?? 0) + 1)
  }
  const [first, second] = [...counts].sort(([, a], [, b]) => b - a)
  return first && first[1] >= 2 * (second?.[1] ?? 0) && first[1] > 1 ? first[0] : undefined
}

function isAstray(
  { id: _id, inside, silent }: Inside,
  expected: string | undefined,
  nowMs: number,
): boolean | undefined {
  const missing = inside && usable(inside.missingEndpoints, nowMs, INSIDE_MAX_AGE_MS)
  const address = inside && usable(inside.controlPlane, nowMs, INSIDE_MAX_AGE_MS)
  if (missing === undefined) return silent ? undefined : false
  if (missing.length > 0) return true
  if (address === undefined) return undefined
  return NOT_PUBLIC.test(address) || (expected !== undefined && address !== expected)
}

function filesMissing({ id, inside }: Inside, { memory, nowMs }: Sight): boolean | undefined {
  if (!inside) return false
  const lines = inside.errorLines.flatMap((log) => (log.lines.kind === 'known' ? log.lines.value : []))
  if (lines.some((line) => /no such file|file not found|model.{0,40}not found/i.test(line))) return true
  const files = usable(inside.modelFiles, nowMs, INSIDE_MAX_AGE_MS)
  if (!files) return undefined
  return (memory.files[id] ?? []).some((path) => !files.includes(path))
}

function pollerLooks(sight: Sight): Looks {
  const { rated, nowMs } = sight
  const temporal = sourceOf(rated.world, 'temporal')
  const fails = frontend(sight)
  if (temporal?.state !== 'live') {
    const none = (name: string): Look => noLook(name, whyOfSource(temporal), temporal?.detail ?? '')
    return {
      'workers.silent': none('workers.silent'),
      'workers.silent-share': none('workers.silent-share'),
      'temporal.fails': fails,
    }
  }
  const polled = polledInstances(sight)
  const wanted = judgedInstances(sight).filter(
    ({ id, verdict }) => polled.has(id) && !/^instance\.(stopped|frozen)-as-intended$/.test(verdict.code),
  )
  const silent = wanted.filter(({ id }) => pollersSilent(id, sight)).map(({ id }) => `instance:${id}`)
  const share = wanted.length === 0 ? 0 : (silent.length / wanted.length) * 100
  return {
    'workers.silent': countLook('workers.silent', { yes: silent, of: wanted.length }, nowMs),
    'workers.silent-share': {
      ...valueLook('workers.silent-share', share, { atMs: nowMs }),
      words: `${silent.length} of ${wanted.length} instances`,
      subjects: share >= 80 ? silent : [],
    },
    'temporal.fails': fails,
  }
}

function frontend({ rated, nowMs }: Sight): Look {
  const temporal = sourceOf(rated.world, 'temporal')
  if (!temporal || temporal.state === 'waiting') return noLook('temporal.fails', whyOfSource(temporal))
  const atMs = temporal.lastTriedAt?.getTime() ?? nowMs
  if (temporal.why === undefined)
    return flagLook('temporal.fails', false, { atMs, words: 'describes its queues' })
  if (temporal.failures < 2) return noLook('temporal.fails', temporal.why, 'missed once', atMs)
  // A refused credential is our key, not the control plane.
  const down = temporal.why !== 'source_refused' && temporal.why !== 'rate_limited'
  return flagLook('temporal.fails', down, {
    atMs,
    words: `${temporal.failures} times in a row: ${temporal.detail}`.slice(0, 200),
  })
}

function queueLooks(sight: Sight): Looks {
  const { rated, nowMs } = sight
  const all = [...rated.queues].map(([key, rating]) => ({ key, rating, queue: rated.world.queues.get(key) }))
  const names = [
    'queues.waiting',
    'queues.backlog',
    'queues.behind',
    'queues.limited',
    'queues.never-seen',
    'queues.dispatching',
  ]
  if (all.length === 0) {
    const temporal = sourceOf(rated.world, 'temporal')
    return Object.fromEntries(names.map((name) => [name, noLook(name, whyOfSource(temporal))]))
  }
  const hidden = all.filter(({ rating }) => rating.state === 'unknown').map(({ key }) => `queue:${key}`)
  const count = (name: string, is: (one: (typeof all)[number]) => boolean): Look =>
    countLook(name, { yes: all.filter(is).map(({ key }) => `queue:${key}`), hidden, of: all.length }, nowMs)
  const maxAgeMs = sight.policy.freshness.temporalMaxAgeSeconds * 1000
  return {
    'queues.waiting': count(
      'queues.waiting',
      ({ rating }) =>
        (rating.state === 'stalled' || rating.state === 'no-workers') && rating.verdict.rating === 'breach',
    ),
    'queues.backlog': count(
      'queues.backlog',
      ({ queue }) => ((queue && usable(queue.backlog, nowMs, maxAgeMs)) ?? 0) > 0,
    ),
    'queues.behind': count(
      'queues.behind',
      ({ rating }) => rating.state === 'backlogged' && (rating.freshPollers ?? 0) > 0,
    ),
    'queues.limited': count('queues.limited', ({ rating }) => rating.state === 'throttled'),
    'queues.never-seen': count('queues.never-seen', ({ rating }) => rating.state === 'never-seen'),
    'queues.dispatching': count(
      'queues.dispatching',
      ({ queue }) => ((queue && usable(queue.dispatchPerSecond, nowMs, maxAgeMs)) ?? 0) > 0,
    ),
  }
}
