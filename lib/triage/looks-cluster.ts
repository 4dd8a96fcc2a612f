import type { Reading } from '../sources/reading'
import type { ClusterChange, ClusterObservation } from './cluster'
import { countLook, flagLook, noLook, takenLook, valueLook } from './look'
import type { Look, Looks } from './model'
import type { Sight } from './sight'

const HOUR_MS = 3_600_000

// Lines that tell of a failed call to the provider are another class than faults of our own code.
const ABOUT_PROVIDER = /vastai request|console\.vast|vast\.ai|rate.?limit|\b(401|403|429)\b/i

/** clusterLooks are the looks at pods, secrets, log lines and changes; without a cluster source all of them are unknown: not connected. */
export function clusterLooks(sight: Sight): Looks {
  const pods = (name: string, is: (pod: Pod) => boolean): Look =>
    part(
      sight,
      name,
      (it) => it.pods,
      (all) =>
        countLook(name, { yes: all.filter(is).map((pod) => `pod:${pod.name}`), of: all.length }, sight.nowMs),
    )
  return {
    'pods.restarting': pods(
      'pods.restarting',
      (pod) => pod.waiting === 'CrashLoopBackOff' || recentlyEnded(pod, sight.nowMs),
    ),
    'pods.out-of-memory': pods(
      'pods.out-of-memory',
      (pod) => pod.ended?.reason === 'OOMKilled' && endedWithin(pod, sight.nowMs),
    ),
    'pods.image-pull': pods('pods.image-pull', (pod) => /ImagePull|ErrImage/.test(pod.waiting)),
    'pods.not-ready': pods('pods.not-ready', (pod) => !pod.ready),
    'secret.missing': part(
      sight,
      'secret.missing',
      (it) => it.secrets,
      (all) =>
        countLook(
          'secret.missing',
          { yes: all.filter((it) => !it.present).map((it) => `secret:${it.name}/${it.key}`), of: all.length },
          sight.nowMs,
        ),
    ),
    'logs.own-errors': part(
      sight,
      'logs.own-errors',
      (it) => it.errorLines,
      (all) => {
        const lines = all.filter((line) => !ABOUT_PROVIDER.test(line))
        const words = lines[0]
          ? `${lines.length} lines: ${lines[0]}`.slice(0, 200)
          : `0 of ${all.length} error lines`
        return valueLook('logs.own-errors', lines.length, { atMs: sight.nowMs, words })
      },
    ),
    ...changeLooks(sight),
    'changes.worse-since': worseSince(sight),
  }
}

type Pod = Extract<ClusterObservation['pods'], { kind: 'known' }>['value'][number]

function endedWithin(pod: Pod, nowMs: number): boolean {
  return pod.ended?.at === undefined || nowMs - pod.ended.at.getTime() <= 15 * 60_000
}

function recentlyEnded(pod: Pod, nowMs: number): boolean {
  return (
    pod.restarts >= 2 &&
    pod.ended !== undefined &&
    pod.ended.reason !== 'Completed' &&
    endedWithin(pod, nowMs)
  )
}

function part<T>(
  { cluster, nowMs }: Sight,
  name: string,
  of: (observed: ClusterObservation) => Reading<T>,
  read: (value: T) => Look,
): Look {
  return takenLook(name, cluster, {
    nowMs,
    read: (observed) => {
      const reading = of(observed)
      return reading.kind === 'known' ? read(reading.value) : noLook(name, reading.why, reading.detail ?? '')
    },
  })
}

/** changesBefore are the changes in the hour before the first symptom, or before now while there is none. */
function changesBefore(
  changes: readonly ClusterChange[],
  { symptomAtMs, nowMs }: Sight,
): readonly ClusterChange[] {
  const untilMs = symptomAtMs ?? nowMs
  return changes.filter(({ at }) => at.getTime() <= untilMs && untilMs - at.getTime() <= HOUR_MS)
}

function changeLooks(sight: Sight): Looks {
  const look = (name: string, kinds: readonly ClusterChange['kind'][]): Look =>
    part(
      sight,
      name,
      (it) => it.changes,
      (all) => {
        const found = changesBefore(all, sight).filter(({ kind }) => kinds.includes(kind))
        const words = found.map(
          (it) =>
            `${it.subject}${it.version ? ` ${it.version}` : ''} at ${it.at.toISOString().slice(11, 16)}Z`,
        )
        const counted = countLook(
          name,
          { yes: found.map((it) => `change:${it.kind}:${it.subject}`) },
          sight.nowMs,
        )
        return words.length === 0 ? counted : { ...counted, words: words.join(', ').slice(0, 200) }
      },
    )
  return {
    'changes.recent': look('changes.recent', ['rollout', 'promotion', 'rotation', 'policy', 'configuration']),
    'changes.rollout': look('changes.rollout', ['rollout', 'promotion']),
    'changes.rotation': look('changes.rotation', ['rotation']),
  }
}

/** newestRollout is the instant of the newest rollout before the first symptom; undefined when none is known. */
export function newestRollout(sight: Sight): Date | undefined {
  const changes = sight.cluster?.value?.of.changes
  if (changes?.kind !== 'known') return undefined
  return changesBefore(changes.value, sight)
    .filter(({ kind }) => kind === 'rollout' || kind === 'promotion')
    .map(({ at }) => at)
    .sort((a, b) => b.getTime() - a.getTime())[0]
}

function worseSince({ comparison, nowMs }: Sight): Look {
  const name = 'changes.worse-since'
  return takenLook(name, comparison, {
    nowMs,
    read: ({ errorPercent, latencyMs }, at) => {
      const errors =
        errorPercent.now !== undefined && errorPercent.before !== undefined
          ? errorPercent.now > 1 && errorPercent.now > 2 * errorPercent.before
          : undefined
      const slower =
        latencyMs.now !== undefined && latencyMs.before !== undefined
          ? latencyMs.now > 500 && latencyMs.now > 1.5 * latencyMs.before
          : undefined
      if (errors === undefined && slower === undefined)
        return noLook(name, 'field_absent', 'no figures from before the change')
      const words = `errors ${round(errorPercent.before)} → ${round(errorPercent.now)} %, p95 ${round(latencyMs.before)} → ${round(latencyMs.now)} ms`
      return flagLook(name, errors === true || slower === true, { atMs: at.atMs, words })
    },
  })
}

function round(value: number | undefined): string {
  return value === undefined ? '?' : String(Math.round(value * 10) / 10)
}
