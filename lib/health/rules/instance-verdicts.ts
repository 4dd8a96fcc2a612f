import type { InstanceObservation, Verdict } from '../model'
import type { HealthPolicy } from '../policy'
import { usable } from './evidence'
import { durationWords } from './words'

const REPLACE = 'Rent a replacement: waiting does not bring the GPU back.'

/** INSTANCE_VERDICTS are the shared verdicts on an instance: equal judgements are the same object. */
export const INSTANCE_VERDICTS = {
  notEvaluated: { rating: 'unknown', code: 'instance.not-evaluated', reason: 'Not evaluated yet' },
  running: { rating: 'clear', code: 'instance.running', reason: 'Runs, and our own look confirms it' },
  flapping: {
    rating: 'clear',
    code: 'instance.flapping',
    reason: "The provider's status left running for a single poll; our own look is steady",
  },
  stoppedAsIntended: {
    rating: 'clear',
    code: 'instance.stopped-as-intended',
    reason: 'Stopped as intended; its disk is still billed',
  },
  frozenAsIntended: {
    rating: 'clear',
    code: 'instance.frozen-as-intended',
    reason: 'Frozen as intended; its GPUs are still billed',
  },
  notFrozen: {
    rating: 'warning',
    code: 'instance.not-as-intended',
    reason: 'Should be frozen and is not',
    action: 'See who changed it last.',
  },
  runningUnintended: {
    rating: 'warning',
    code: 'instance.running-unintended',
    reason: 'Should be stopped, and its GPUs are still held and billed',
    action: 'Stop it, or change what is intended.',
  },
  offlineWhileStopped: {
    rating: 'warning',
    code: 'host.offline',
    reason: 'Stopped as intended, but its host has no heartbeat: its disk may be out of reach',
    action: 'Do not rely on restarting it; keep a second place for its data.',
  },
  gone: {
    rating: 'warning',
    code: 'instance.gone',
    reason: 'No longer listed by the provider: two full sweeps and a direct look missed it',
    action: 'If nobody destroyed it, ask the provider.',
  },
  contractEnded: {
    rating: 'breach',
    code: 'instance.contract-ended',
    reason: 'Its rental contract has ended',
    action: 'Extend it or rent a replacement.',
  },
  contractEnding: {
    rating: 'warning',
    code: 'instance.contract-ended',
    reason: 'Its rental contract ends soon',
    action: 'Extend it or rent a replacement.',
  },
  containerExited: {
    rating: 'breach',
    code: 'instance.container-exited',
    reason: 'Its container has exited by itself; this does not heal by waiting',
    action: 'Read its log, restart the service, then recycle the instance.',
  },
  scheduling: {
    rating: 'unknown',
    code: 'instance.scheduling',
    reason: 'Waiting for its GPU',
  },
  stranded: {
    rating: 'breach',
    code: 'instance.stranded',
    reason: 'Should run, but its GPU is not allocated: someone else may hold it',
    action: REPLACE,
  },
  outbid: {
    rating: 'warning',
    code: 'instance.outbid',
    reason: 'Interruptible, and stopped by the market',
    action: 'Raise the bid or move to on-demand.',
  },
  provisioning: {
    rating: 'unknown',
    code: 'instance.provisioning',
    reason: 'Being provisioned: not in service yet',
  },
  rebooting: { rating: 'unknown', code: 'instance.rebooting', reason: 'Rebooting' },
  rebootingLong: {
    rating: 'warning',
    code: 'instance.rebooting-long',
    reason: 'Rebooting for longer than usual',
    action: 'If it does not return, rent a replacement.',
  },
  frozen: {
    rating: 'warning',
    code: 'instance.not-as-intended',
    reason: 'Should run and is frozen; its GPUs are still billed',
    action: 'Resume it, or see who froze it.',
  },
  heartbeatOnly: {
    rating: 'warning',
    code: 'host.heartbeat-only',
    reason: "The provider lost the host's heartbeat; our own look says that it works",
    action: 'Keep watching: nothing is down.',
  },
  hostOffline: {
    rating: 'breach',
    code: 'host.offline',
    reason: 'The host is disconnected, and our own probe fails too',
    action: 'Move its work to other hosts and report it to the provider.',
  },
  hostOfflineUnproven: {
    rating: 'warning',
    code: 'host.offline',
    reason: 'The host is disconnected from the provider; nothing of ours can tell whether it still works',
    action: 'Probe it another way before calling it down.',
  },
  noHeartbeat: {
    rating: 'unknown',
    code: 'host.no-heartbeat',
    reason: 'The provider has no recent heartbeat and nothing of ours has looked',
    action: 'Probe it another way.',
  },
  portUnreachable: {
    rating: 'warning',
    code: 'instance.port-unreachable',
    reason: 'Our probe fails, but its workers or GPUs report: network or port, not the worker',
    action: 'Check port forwarding and the firewall of the host.',
  },
  unreachable: {
    rating: 'breach',
    code: 'instance.unreachable',
    reason: 'Runs as the provider says, but our probe fails and no worker of it polls',
    action: 'Look at the supervisor, then restart the instance.',
  },
  unreachableUnproven: {
    rating: 'warning',
    code: 'instance.unreachable',
    reason: 'Our probe fails; whether its workers live is not known',
    action: 'Look at it by a second path.',
  },
  connecting: {
    rating: 'unknown',
    code: 'instance.connecting',
    reason: 'Just started: no answer to our own probe yet',
  },
  unprobed: {
    rating: 'unknown',
    code: 'instance.unprobed',
    reason: 'The provider says running; nothing of ours has confirmed it',
    action: 'Install the agent or configure a health endpoint.',
  },
  unrecognised: {
    rating: 'unknown',
    code: 'instance.status-unrecognised',
    reason: "The provider's status is a word without a known meaning",
    action: 'Read the status as it stands; report it so that a rule can be added.',
  },
  imagePull: {
    rating: 'breach',
    code: 'infra.image-pull',
    reason: 'Its image can not be pulled',
    action: 'Check the tag, the digest and the registry credentials.',
  },
  diskFull: {
    rating: 'breach',
    code: 'instance.disk-full',
    reason: 'Its disk has no space left',
    action: 'Clean or enlarge the disk, then recycle.',
  },
  startFailed: {
    rating: 'breach',
    code: 'instance.start-failed',
    reason: 'Its container does not start',
    action: 'Read the status text and the log.',
  },
} as const satisfies Record<string, Verdict>

const NO_SPACE = /no space left|disk (?:is )?full|disk quota/i
const IMAGE_PULL =
  /(?:pull|manifest|image|registry)[^.]{0,60}(?:denied|error|fail|not found|unknown|unauthori[sz]ed)|(?:failed|error|unable)[^.]{0,40}(?:pull|manifest|image)|toomanyrequests/i
const START_FAILED = /\b(?:error|failed|failure|exception|traceback|oci runtime|permission denied)\b/i

/** statusTextVerdict reads the classes of trouble that the provider only tells in its free text; undefined when it names none. */
export function statusTextVerdict(text: string): Verdict | undefined {
  if (NO_SPACE.test(text)) return INSTANCE_VERDICTS.diskFull
  if (IMAGE_PULL.test(text)) return INSTANCE_VERDICTS.imagePull
  return START_FAILED.test(text) ? INSTANCE_VERDICTS.startFailed : undefined
}

/** tooLong rates a start that takes its time: unknown at first, then a warning, then a breach. */
export function tooLong(input: {
  readonly waitedSeconds: number
  readonly warnMinutes: number
  readonly breachMinutes: number
}): Verdict {
  const { waitedSeconds, warnMinutes, breachMinutes } = input
  if (waitedSeconds <= warnMinutes * 60) return INSTANCE_VERDICTS.provisioning
  const breach = waitedSeconds > breachMinutes * 60
  const limit = durationWords((breach ? breachMinutes : warnMinutes) * 60)
  return {
    rating: breach ? 'breach' : 'warning',
    code: 'instance.provisioning-slow',
    reason: `Has not started for over ${limit}`,
    action: breach
      ? 'Destroy it and rent elsewhere.'
      : 'Read its status text; see whether the image is large.',
  }
}

/** countMismatch rates an instance whose GPUs in sight differ from those rented; a missing one is a breach. */
export function countMismatch(seen: number, rented: number): Verdict {
  return {
    rating: seen < rented ? 'breach' : 'warning',
    code: 'instance.gpu-count',
    reason: `${seen} of ${rented} rented GPUs in sight`,
    action: seen < rented ? 'Drain it, keep the evidence, rent elsewhere.' : 'See which count is right.',
  }
}

/** diskFull rates the disk when its use is at policy or the status text says so; undefined when neither. */
export function diskFull(
  instance: InstanceObservation,
  policy: HealthPolicy,
  now: Date,
): Verdict | undefined {
  const share = usable(instance.diskUsedShare, now.getTime(), policy.freshness.vastMaxAgeSeconds * 1000)
  const byShare = share !== undefined && share * 100 >= policy.instance.diskBreachPercent
  return byShare || NO_SPACE.test(instance.statusText) ? INSTANCE_VERDICTS.diskFull : undefined
}
