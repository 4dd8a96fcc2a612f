import { unit } from '../world/random'
import type { Template } from './model'

/** What befalls a pod; everything but `run` keeps it from doing its work. */
export type Fate = 'run' | 'crash' | 'oom' | 'image' | 'pending' | 'evict' | 'config' | 'not-ready' | 'wedged'

export type Run = {
  readonly startedMs: number
  readonly endedMs?: number
  readonly reason?: 'Error' | 'OOMKilled'
  readonly exitCode?: number
}

/** A pod as the kubelet sees it; times are offsets. */
export type PodRun = {
  readonly name: string
  readonly uid: string
  readonly salt: number
  readonly deployment: string
  readonly replicaSet: string
  readonly hash: string
  readonly template: Template
  readonly createdMs: number
  readonly ip: string
  node: string | undefined
  phase: 'unscheduled' | 'waiting' | 'running' | 'stopped'
  waiting: { readonly reason: string; readonly message: string } | undefined
  current: Run | undefined
  last: Run | undefined
  restarts: number
  backoffMs: number
  /** When the container will end by itself. */
  endMs: number
  /** When the next step is due. */
  nextMs: number
  ready: boolean
  readySinceMs: number
  fate: Fate
  /** The provider's key as the container read it when it started. */
  key: string | undefined
  deletedMs: number | undefined
}

export type Happening = {
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
}

type StepInput = {
  readonly fate: Fate
  readonly atMs: number
  readonly seed: number
  readonly nodes: readonly string[]
  readonly isNodeReady: (node: string) => boolean
  readonly readKey: () => string | undefined
  readonly tell: (happening: Happening) => void
}

const GRACE_MS = 2000
const CREATE_MS = 1200
const READY_MS = 4000
const CRASH_MS = 1800
const OOM_MS = 9000
const STOPPED_MS = 1000
const CONFIG_RETRY_MS = 10_000
const SCHEDULE_RETRY_MS = 60_000
const FIRST_BACKOFF_MS = 10_000
const MAX_BACKOFF_MS = 300_000
const STEADY_MS = 600_000
const NEVER = Number.POSITIVE_INFINITY

export function newPod(
  known: Pick<
    PodRun,
    'name' | 'uid' | 'salt' | 'deployment' | 'replicaSet' | 'hash' | 'template' | 'createdMs' | 'ip'
  >,
): PodRun {
  return {
    ...known,
    node: undefined,
    phase: 'unscheduled',
    waiting: undefined,
    current: undefined,
    last: undefined,
    restarts: 0,
    backoffMs: 0,
    endMs: NEVER,
    nextMs: known.createdMs,
    ready: false,
    readySinceMs: 0,
    fate: 'run',
    key: undefined,
    deletedMs: undefined,
  }
}

/** Takes a pod as far as it comes by this instant; true when it has ended for good. */
export function stepPod(pod: PodRun, input: StepInput): boolean {
  const changed = pod.fate !== input.fate
  pod.fate = input.fate
  if (pod.deletedMs !== undefined) {
    pod.nextMs = pod.deletedMs + GRACE_MS
    return input.atMs >= pod.nextMs
  }
  if (pod.phase === 'running') stepRunning(pod, input)
  else if (changed || input.atMs >= pod.nextMs) stepIdle(pod, input)
  return false
}

function stepIdle(pod: PodRun, input: StepInput): void {
  const { atMs } = input
  if (pod.phase === 'unscheduled') schedule(pod, input)
  else if (atMs < pod.nextMs) return
  else if (pod.fate === 'image') failPull(pod, input)
  else if (pod.fate === 'config') failConfig(pod, input)
  else if (pod.phase === 'stopped') afterStop(pod, input)
  else start(pod, input)
}

function schedule(pod: PodRun, { atMs, seed, nodes, isNodeReady, tell }: StepInput): void {
  if (pod.fate === 'pending') {
    const message = '0/3 nodes are available: 3 Insufficient memory. preemption: 0/3 nodes are available.'
    pod.waiting = { reason: 'Unschedulable', message }
    if (atMs >= pod.nextMs) {
      tell({ type: 'Warning', reason: 'FailedScheduling', message })
      pod.nextMs = atMs + SCHEDULE_RETRY_MS
    }
    return
  }
  const open = nodes.filter(isNodeReady)
  const pool = open.length > 0 ? open : nodes
  pod.node = pool[Math.floor(unit(seed, pod.salt, 5) * pool.length)] ?? nodes[0]
  tell({ type: 'Normal', reason: 'Scheduled', message: `Successfully assigned ${pod.name} to ${pod.node}` })
  const image = pod.template.spec.containers[0]?.image ?? ''
  tell({ type: 'Normal', reason: 'Pulling', message: `Pulling image "${image}"` })
  pod.phase = 'waiting'
  pod.waiting = { reason: 'ContainerCreating', message: '' }
  pod.nextMs = atMs + CREATE_MS + Math.floor(unit(seed, pod.salt, 6) * 800)
}

function failPull(pod: PodRun, { atMs, tell }: StepInput): void {
  const image = pod.template.spec.containers[0]?.image ?? ''
  if (pod.waiting?.reason === 'ErrImagePull') {
    pod.waiting = { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}"` }
    tell({ type: 'Normal', reason: 'BackOff', message: pod.waiting.message })
    pod.backoffMs = nextBackoff(pod.backoffMs)
    pod.nextMs = atMs + pod.backoffMs
    return
  }
  const message = `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": not found`
  pod.phase = 'waiting'
  pod.waiting = { reason: 'ErrImagePull', message }
  tell({ type: 'Warning', reason: 'Failed', message: `Failed to pull image "${image}": ${message}` })
  pod.nextMs = atMs + 2000
}

function failConfig(pod: PodRun, { atMs, tell }: StepInput): void {
  const secret = secretOf(pod.template)
  const message = `secret "${secret}" not found`
  pod.phase = 'waiting'
  pod.waiting = { reason: 'CreateContainerConfigError', message }
  tell({ type: 'Warning', reason: 'Failed', message: `Error: ${message}` })
  pod.nextMs = atMs + CONFIG_RETRY_MS
}

function start(pod: PodRun, { atMs, readKey, tell }: StepInput): void {
  const { name = 'app', image = '' } = pod.template.spec.containers[0] ?? {}
  if (pod.last !== undefined) pod.restarts += 1
  else tell({ type: 'Normal', reason: 'Pulled', message: `Successfully pulled image "${image}"` })
  tell({ type: 'Normal', reason: 'Started', message: `Started container ${name}` })
  pod.phase = 'running'
  pod.waiting = undefined
  pod.current = { startedMs: atMs }
  pod.key = readKey()
  pod.endMs = NEVER
  pod.nextMs = atMs + READY_MS
  if (pod.fate === 'crash') pod.endMs = atMs + CRASH_MS
  if (pod.fate === 'oom') pod.endMs = atMs + OOM_MS
}

function stepRunning(pod: PodRun, input: StepInput): void {
  const { atMs, fate, seed, tell } = input
  const startedMs = pod.current?.startedMs ?? atMs
  const ends = fate === 'crash' || fate === 'oom'
  if (!ends) pod.endMs = NEVER
  else if (pod.endMs === NEVER) pod.endMs = atMs + 500 + Math.floor(unit(seed, pod.salt, 9) * 2500)
  if (atMs >= pod.endMs) {
    stop(pod, input)
    return
  }
  const nodeReady = pod.node === undefined || input.isNodeReady(pod.node)
  const ready = nodeReady && fate !== 'not-ready' && fate !== 'crash' && atMs >= startedMs + READY_MS
  if (ready !== pod.ready) {
    pod.ready = ready
    pod.readySinceMs = atMs
    if (!ready)
      tell({
        type: 'Warning',
        reason: 'Unhealthy',
        message: 'Readiness probe failed: HTTP probe failed with statuscode: 503',
      })
  }
  const readyMs = startedMs + READY_MS
  pod.nextMs = Math.min(pod.endMs, atMs < readyMs ? readyMs : NEVER)
}

function stop(pod: PodRun, { atMs, fate, tell }: StepInput): void {
  const startedMs = pod.current?.startedMs ?? atMs
  const oom = fate === 'oom'
  pod.last = { startedMs, endedMs: atMs, reason: oom ? 'OOMKilled' : 'Error', exitCode: oom ? 137 : 1 }
  pod.current = undefined
  pod.phase = 'stopped'
  if (pod.ready) pod.readySinceMs = atMs
  pod.ready = false
  if (atMs - startedMs >= STEADY_MS) pod.backoffMs = 0
  if (oom)
    tell({
      type: 'Warning',
      reason: 'OOMKilling',
      message: 'Memory cgroup out of memory: Killed process 1 (node)',
    })
  pod.nextMs = atMs + STOPPED_MS
}

function afterStop(pod: PodRun, input: StepInput): void {
  if (pod.backoffMs === 0) {
    pod.backoffMs = FIRST_BACKOFF_MS
    start(pod, input)
    return
  }
  const name = pod.template.spec.containers[0]?.name ?? 'app'
  pod.phase = 'waiting'
  pod.waiting = {
    reason: 'CrashLoopBackOff',
    message: `back-off ${pod.backoffMs / 1000}s restarting failed container=${name} pod=${pod.name}`,
  }
  input.tell({ type: 'Warning', reason: 'BackOff', message: `Back-off restarting failed container ${name}` })
  pod.nextMs = input.atMs + pod.backoffMs
  pod.backoffMs = nextBackoff(pod.backoffMs)
}

function nextBackoff(before: number): number {
  return before === 0 ? FIRST_BACKOFF_MS : Math.min(MAX_BACKOFF_MS, before * 2)
}

/** The name of the secret that the first container reads its key from. */
export function secretOf(template: Template): string | undefined {
  return keyRefOf(template)?.name
}

/** Where the container reads the provider's key: a secret and a key in it, or undefined when the value is plain or missing. */
export function keyRefOf(template: Template): { readonly name: string; readonly key: string } | undefined {
  const entry = template.spec.containers[0]?.env?.find((one) => one.name === KEY_VARIABLE)
  const from = entry?.valueFrom
  if (typeof from !== 'object' || from === null || !('secretKeyRef' in from)) return undefined
  const ref = from.secretKeyRef
  if (typeof ref !== 'object' || ref === null || !('name' in ref) || !('key' in ref)) return undefined
  return { name: String(ref.name), key: String(ref.key) }
}

export const KEY_VARIABLE = 'VASTAI_API_KEY'
