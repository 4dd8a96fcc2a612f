import type { InstanceObservation, Verdict } from '../model'
import type { HealthPolicy } from '../policy'
import { sameVerdict, timeOf, unread, usable } from './evidence'
import {
  countMismatch,
  diskFull,
  statusTextVerdict,
  tooLong,
  INSTANCE_VERDICTS as V,
} from './instance-verdicts'

/** InstanceMemory is what an instance's rating must remember between polls; times are epoch ms, 0 = not so. */
export type InstanceMemory = {
  /** pollAt is the poll judged last: a poll counts once, however often it is looked at. */
  readonly pollAt: number
  readonly runningSince: number
  readonly leftAt: number
  readonly leftPolls: number
  readonly flappedAt: number
  /** waitingFor is the transitional state that has held since waitingSince. */
  readonly waitingFor: Waiting
  readonly waitingSince: number
  readonly verdict: Verdict
}

/** Waiting names a state that should pass by itself and becomes a finding when it does not. */
export type Waiting = '' | 'provisioning' | 'scheduling' | 'rebooting' | 'connecting'

/** InstanceInput is one instance with what our own eyes saw of it: `freshPollers` and `gpusSeen` are undefined when nobody looked. */
export type InstanceInput = {
  readonly instance: InstanceObservation
  /** gpusSeen is how many of its GPUs a source of our own (DCGM or agent) reads freshly. */
  readonly gpusSeen?: number
  /** freshPollers is how many Temporal pollers on this instance polled within policy. */
  readonly freshPollers?: number
  readonly memory: InstanceMemory | undefined
  readonly policy: HealthPolicy
  readonly now: Date
}

/** rateInstance judges the state triple (intended, actual, allocation) with hysteresis; codes are leaf ids where a leaf exists. */
export function rateInstance(input: InstanceInput): {
  readonly verdict: Verdict
  readonly memory: InstanceMemory
} {
  const before = input.memory ?? AT_FIRST
  const triple = tripleOf(input)
  const polled = countPoll(input, before, triple)
  const holding = isHeld(input, polled)
  const waiting = waitingOf(triple, input, polled)
  const settled = holding || polled.leftPolls === 0 ? polled : { ...polled, ...LEFT_FOR_GOOD }
  const waited = { ...settled, ...since(settled, waiting, timeOf(input.instance.actual)) }
  const judged = holding ? heldVerdict(before) : judge(input, triple, waited)
  const verdict = sameVerdict(before.verdict, judged) ? before.verdict : judged
  const memory = { ...waited, verdict }
  return { verdict, memory: sameMemory(before, memory) ? before : memory }
}

type Triple = {
  readonly intended: string | undefined
  readonly actual: string | undefined
  readonly allocation: string | undefined
}

const AT_FIRST: InstanceMemory = {
  pollAt: 0,
  runningSince: 0,
  leftAt: 0,
  leftPolls: 0,
  flappedAt: 0,
  waitingFor: '',
  waitingSince: 0,
  verdict: V.notEvaluated,
}

const LEFT_FOR_GOOD = { runningSince: 0, leftAt: 0, leftPolls: 0 } as const

const PROVISIONING: ReadonlySet<string> = new Set(['created', 'loading'])
const HALTED: ReadonlySet<string> = new Set(['stopped', 'exited'])
const UNALLOCATED: ReadonlySet<string> = new Set(['stopped', 'unloaded'])

function tripleOf({ instance, policy, now }: InstanceInput): Triple {
  const nowMs = now.getTime()
  const maxAgeMs = policy.freshness.vastMaxAgeSeconds * 1000
  const { actual } = instance
  // A null actual status is the provider's word for "being provisioned".
  const isListed = nowMs - instance.observedAt.getTime() <= maxAgeMs
  const provisioning = isListed && actual.kind === 'unknown' && actual.why === 'field_null'
  return {
    intended: usable(instance.intended, nowMs, maxAgeMs),
    actual: provisioning ? 'created' : usable(actual, nowMs, maxAgeMs),
    allocation: usable(instance.allocation, nowMs, maxAgeMs),
  }
}

function countPoll(input: InstanceInput, before: InstanceMemory, triple: Triple): InstanceMemory {
  const pollAt =
    input.instance.actual.kind === 'known'
      ? timeOf(input.instance.actual)
      : input.instance.observedAt.getTime()
  if (pollAt <= before.pollAt || triple.actual === undefined) return before
  if (triple.actual === 'running') {
    const flappedAt = before.leftPolls > 0 && before.runningSince > 0 ? pollAt : before.flappedAt
    return {
      ...before,
      pollAt,
      leftAt: 0,
      leftPolls: 0,
      flappedAt,
      runningSince: before.runningSince || pollAt,
    }
  }
  if (before.runningSince === 0) return { ...before, pollAt }
  return { ...before, pollAt, leftPolls: before.leftPolls + 1, leftAt: before.leftAt || pollAt }
}

// Hysteresis: only an instance that was running, should run and whose own probe does not fail is held.
function isHeld({ instance, policy, now }: InstanceInput, memory: InstanceMemory): boolean {
  if (memory.runningSince === 0 || memory.leftPolls === 0) return false
  const maxAgeMs = policy.freshness.vastMaxAgeSeconds * 1000
  if (usable(instance.intended, now.getTime(), maxAgeMs) !== 'running') return false
  if (instance.probe.kind === 'known' && !instance.probe.value) return false
  const { leaveRunningPolls, leaveRunningSeconds } = policy.instance
  const heldMs = memory.pollAt - memory.leftAt
  return memory.leftPolls < leaveRunningPolls || heldMs < leaveRunningSeconds * 1000
}

function heldVerdict(before: InstanceMemory): Verdict {
  return before.verdict.rating === 'clear' ? V.flapping : before.verdict
}

function waitingOf(triple: Triple, input: InstanceInput, memory: InstanceMemory): Waiting {
  if (triple.intended !== 'running' || triple.actual === undefined) return ''
  if (PROVISIONING.has(triple.actual)) return 'provisioning'
  if (triple.actual === 'rebooting') return 'rebooting'
  if (triple.actual === 'stopped') return 'scheduling'
  if (triple.actual === 'exited' && UNALLOCATED.has(triple.allocation ?? '')) return 'scheduling'
  if (triple.actual === 'running' && UNALLOCATED.has(triple.allocation ?? '')) return 'scheduling'
  return triple.actual === 'running' && !hasLife(input) && memory.waitingFor !== '' ? 'connecting' : ''
}

function since(
  memory: InstanceMemory,
  waiting: Waiting,
  at: number,
): Pick<InstanceMemory, 'waitingFor' | 'waitingSince'> {
  if (waiting === memory.waitingFor) return memory
  return { waitingFor: waiting, waitingSince: waiting === '' ? 0 : at || memory.pollAt }
}

function waitedSeconds(input: InstanceInput, memory: InstanceMemory): number {
  return (input.now.getTime() - memory.waitingSince) / 1000
}

function judge(input: InstanceInput, triple: Triple, memory: InstanceMemory): Verdict {
  const { instance, policy, now } = input
  if (instance.gone) return V.gone
  const nowMs = now.getTime()
  const { intended, actual } = triple
  if (actual === undefined || intended === undefined) {
    const reading = actual === undefined ? instance.actual : instance.intended
    const maxAgeMs = policy.freshness.vastMaxAgeSeconds * 1000
    return unread({ reading, subject: 'status', code: 'instance', nowMs, maxAgeMs })
  }
  if (instance.endsAt && instance.endsAt.getTime() <= nowMs) return V.contractEnded
  const verdict =
    intended === 'running' ? judgeWanted(input, triple, memory) : judgeUnwanted(intended, actual)
  if (verdict.rating !== 'clear' || !instance.endsAt) return verdict
  const hoursLeft = (instance.endsAt.getTime() - nowMs) / 3_600_000
  return hoursLeft < policy.instance.contractWarnHours ? V.contractEnding : verdict
}

function judgeUnwanted(intended: string, actual: string): Verdict {
  if (actual === 'offline' || actual === 'unknown') return V.offlineWhileStopped
  if (intended === 'frozen') return actual === 'frozen' ? V.frozenAsIntended : V.notFrozen
  if (intended !== 'stopped') return V.unrecognised
  if (HALTED.has(actual)) return V.stoppedAsIntended
  return V.runningUnintended
}

function judgeWanted(input: InstanceInput, triple: Triple, memory: InstanceMemory): Verdict {
  const { instance, policy } = input
  const limits = policy.instance
  switch (triple.actual) {
    case 'running':
      return UNALLOCATED.has(triple.allocation ?? '')
        ? judgeUnallocated(input, memory)
        : judgeRunning(input, memory)
    case 'stopped':
      return judgeUnallocated(input, memory)
    case 'exited':
      return UNALLOCATED.has(triple.allocation ?? '') ? judgeUnallocated(input, memory) : V.containerExited
    case 'created':
    case 'loading':
      return (
        statusTextVerdict(instance.statusText) ??
        tooLong({
          waitedSeconds: waitedSeconds(input, memory),
          warnMinutes: limits.provisioningWarnMinutes,
          breachMinutes: limits.provisioningBreachMinutes,
        })
      )
    case 'rebooting':
      return waitedSeconds(input, memory) > limits.rebootWarnMinutes * 60 ? V.rebootingLong : V.rebooting
    case 'frozen':
      return V.frozen
    case 'offline':
    case 'unknown':
      return judgeSilentHost(input, triple.actual)
    default:
      return V.unrecognised
  }
}

function judgeUnallocated(input: InstanceInput, memory: InstanceMemory): Verdict {
  const { instance, policy } = input
  const text = statusTextVerdict(instance.statusText)
  if (text) return text
  if (instance.interruptible) return V.outbid
  return waitedSeconds(input, memory) > policy.instance.strandedAfterSeconds ? V.stranded : V.scheduling
}

function hasLife({ instance, gpusSeen, freshPollers }: InstanceInput): boolean {
  if (instance.probe.kind === 'known' && instance.probe.value) return true
  return (gpusSeen ?? 0) > 0 || (freshPollers ?? 0) > 0
}

function judgeSilentHost(input: InstanceInput, actual: 'offline' | 'unknown'): Verdict {
  if (hasLife(input)) return V.heartbeatOnly
  const { probe } = input.instance
  if (probe.kind === 'known') return V.hostOffline
  return actual === 'offline' ? V.hostOfflineUnproven : V.noHeartbeat
}

function judgeRunning(input: InstanceInput, memory: InstanceMemory): Verdict {
  const { instance, gpusSeen, freshPollers, policy, now } = input
  const full = diskFull(instance, policy, now)
  if (full) return full
  if (gpusSeen !== undefined && gpusSeen > 0 && gpusSeen !== instance.gpuCount) {
    return countMismatch(gpusSeen, instance.gpuCount)
  }
  const { probe } = instance
  const connecting =
    memory.waitingFor === 'connecting' && waitedSeconds(input, memory) <= policy.instance.connectingSeconds
  if (connecting && !hasLife(input)) return V.connecting
  if (probe.kind === 'known' && !probe.value) {
    if ((freshPollers ?? 0) > 0 || (gpusSeen ?? 0) > 0) return V.portUnreachable
    return freshPollers === undefined ? V.unreachableUnproven : V.unreachable
  }
  if (!hasLife(input)) return V.unprobed
  const flappedMs = now.getTime() - memory.flappedAt
  const flapped = memory.flappedAt > 0 && flappedMs <= policy.instance.flapWindowMinutes * 60_000
  return flapped ? V.flapping : V.running
}

function sameMemory(left: InstanceMemory, right: InstanceMemory): boolean {
  return (
    left.pollAt === right.pollAt &&
    left.runningSince === right.runningSince &&
    left.leftAt === right.leftAt &&
    left.leftPolls === right.leftPolls &&
    left.flappedAt === right.flappedAt &&
    left.waitingFor === right.waitingFor &&
    left.waitingSince === right.waitingSince &&
    left.verdict === right.verdict
  )
}
