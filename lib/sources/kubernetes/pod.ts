import { redactText } from '../../platform/redact'
import {
  type FieldContext,
  instantOf,
  isShape,
  known,
  numberOf,
  type Shape,
  shapesIn,
  textOf,
  unknown,
} from '../parse'
import type { Reading, Unknown } from '../reading'
import { quantityOf } from './quantity'
import type { KubernetesEvent, KubernetesPod } from './types'

/** Usage is what metrics.k8s.io tells by pod, in bytes and cores, or why it tells nothing. */
export type Usage = {
  readonly readings: ReadonlyMap<string, { readonly bytes: number; readonly cores: number }>
  readonly missing: Reading<never>
}

type PodInput = {
  /** owners: the deployment by its ReplicaSet's name. */
  readonly owners: ReadonlyMap<string, string>
  readonly used: Usage
  readonly frame: FieldContext
}

/** parsePod reads a pod of a watched deployment; undefined for every other pod. */
export function parsePod(item: Shape, { owners, used, frame }: PodInput): KubernetesPod | undefined {
  const { metadata, spec, status } = item
  if (!isShape(metadata)) return undefined
  const owner = shapesIn(metadata.ownerReferences).find(({ kind }) => kind === 'ReplicaSet')
  const deployment = owner ? owners.get(textOf(owner, 'name')) : undefined
  const createdAt = instantOf(metadata.creationTimestamp)
  if (deployment === undefined || !createdAt) return undefined
  const state = isShape(status) ? status : {}
  const wanted = isShape(spec) ? spec : {}
  const containers = shapesIn(state.containerStatuses)
  const name = textOf(metadata, 'name')
  const wait = waitingOf(state, containers)
  const ended = endOf(containers)
  const imageId = containers[0] ? textOf(containers[0], 'imageID') : ''
  return {
    name,
    deployment,
    phase: textOf(state, 'phase', frame),
    node: textOf(wanted, 'nodeName'),
    ready: isReady(state),
    restarts: containers.reduce((sum, one) => sum + (numberOf(one, 'restartCount', frame) ?? 0), 0),
    createdAt,
    waiting: wait.reason,
    waitingMessage: redactText(wait.message).slice(0, 300),
    ...(ended ? { ended } : {}),
    image: shapesIn(wanted.containers).map((one) => textOf(one, 'image'))[0] ?? '',
    digest: /sha256:[0-9a-f]{64}/.exec(imageId)?.[0] ?? '',
    isDeleting: metadata.deletionTimestamp !== undefined,
    ...usageOf(name, { wanted, used, frame }),
  }
}

function isReady(status: Shape): boolean {
  return shapesIn(status.conditions).some((one) => one.type === 'Ready' && one.status === 'True')
}

function waitingOf(
  status: Shape,
  containers: readonly Shape[],
): { readonly reason: string; readonly message: string } {
  for (const { state } of containers) {
    if (!isShape(state) || !isShape(state.waiting)) continue
    return { reason: textOf(state.waiting, 'reason'), message: textOf(state.waiting, 'message') }
  }
  const unscheduled = shapesIn(status.conditions).find(
    (one) => one.type === 'PodScheduled' && one.status === 'False',
  )
  if (!unscheduled) return { reason: '', message: '' }
  return { reason: textOf(unscheduled, 'reason') || 'Pending', message: textOf(unscheduled, 'message') }
}

function endOf(containers: readonly Shape[]): KubernetesPod['ended'] {
  for (const { state, lastState } of containers) {
    const found = [state, lastState].flatMap((one) =>
      isShape(one) && isShape(one.terminated) ? [one.terminated] : [],
    )[0]
    if (!found) continue
    const at = instantOf(found.finishedAt)
    const exitCode = numberOf(found, 'exitCode')
    return {
      reason: textOf(found, 'reason') || 'Error',
      ...(exitCode === undefined ? {} : { exitCode }),
      ...(at ? { at } : {}),
    }
  }
  return undefined
}

type UsageInput = { readonly wanted: Shape; readonly used: Usage; readonly frame: FieldContext }

function usageOf(
  name: string,
  { wanted, used, frame }: UsageInput,
): Pick<KubernetesPod, 'memoryPercent' | 'cpuCores'> {
  const found = used.readings.get(name)
  if (!found) return { memoryPercent: used.missing, cpuCores: used.missing }
  const cpuCores = known(frame, Math.round(found.cores * 1000) / 1000, 'cores')
  const limit = shapesIn(wanted.containers)
    .map((one) => limitOf(one))
    .reduce((sum, one) => sum + one, 0)
  if (!(limit > 0)) {
    const noLimit: Unknown<never> = unknown(frame, 'not_supported', 'no memory limit is set')
    return { memoryPercent: noLimit, cpuCores }
  }
  return { memoryPercent: known(frame, Math.round((found.bytes / limit) * 1000) / 10, '%'), cpuCores }
}

function limitOf({ resources }: Shape): number {
  const limits = isShape(resources) && isShape(resources.limits) ? resources.limits : {}
  return quantityOf(limits.memory) ?? Number.NaN
}

/** parseUsage reads a PodMetricsList. */
export function parseUsage(body: Shape, frame: FieldContext): Usage {
  const readings = new Map<string, { bytes: number; cores: number }>()
  for (const { metadata, containers } of shapesIn(body.items)) {
    const sum = { bytes: 0, cores: 0 }
    for (const { usage } of shapesIn(containers)) {
      const told = isShape(usage) ? usage : {}
      sum.bytes += quantityOf(told.memory) ?? Number.NaN
      sum.cores += quantityOf(told.cpu) ?? Number.NaN
    }
    if (isShape(metadata) && Number.isFinite(sum.bytes + sum.cores))
      readings.set(textOf(metadata, 'name'), sum)
  }
  return { readings, missing: unknown(frame, 'field_absent', 'no metrics of this pod') }
}

const KEPT_EVENTS = 50
const HOUR_MS = 3_600_000

/** parseEvents reads the warnings about the watched deployments, their ReplicaSets and pods, newest first. */
export function parseEvents(
  body: Shape,
  deployments: readonly string[],
  now: Date,
): readonly KubernetesEvent[] {
  return shapesIn(body.items)
    .flatMap((item): KubernetesEvent[] => {
      const about = isShape(item.involvedObject) ? item.involvedObject : {}
      const name = textOf(about, 'name')
      const at = instantOf(item.lastTimestamp) ?? instantOf(item.eventTime) ?? instantOf(item.firstTimestamp)
      const isOurs = deployments.some((one) => name === one || name.startsWith(`${one}-`))
      if (!at || !isOurs || now.getTime() - at.getTime() > HOUR_MS) return []
      return [
        {
          at,
          reason: textOf(item, 'reason'),
          object: `${textOf(about, 'kind')}/${name}`,
          message: redactText(textOf(item, 'message')).slice(0, 300),
          count: numberOf(item, 'count') ?? 1,
        },
      ]
    })
    .sort((left, right) => right.at.getTime() - left.at.getTime())
    .slice(0, KEPT_EVENTS)
}
