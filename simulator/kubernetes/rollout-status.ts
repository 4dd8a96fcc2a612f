import type { Condition, Deployment, DeploymentStatus } from './model'

/** How far the rollout of a deployment has come; the deadline counts from `sinceMs`. */
export type Progress = { readonly key: string; readonly sinceMs: number; readonly complete: boolean }

export type Counts = {
  readonly replicas: number
  readonly updated: number
  readonly ready: number
  readonly fresh: string
}

type StatusInput = {
  readonly deployment: Deployment
  readonly counts: Counts
  readonly before: Progress | undefined
  readonly atMs: number
  readonly stamp: string
}

/** The status as the controller writes it, and how far the rollout has come. Zero counts are left out, as on the wire. */
export function statusOf(input: StatusInput): {
  readonly status: DeploymentStatus
  readonly progress: Progress
} {
  const { deployment, counts } = input
  const { replicas, updated, ready } = counts
  const wanted = deployment.spec.replicas
  const progress = progressOf(input)
  const missing = Math.max(0, wanted - ready)
  const count = (name: string, value: number): Record<string, number> => (value > 0 ? { [name]: value } : {})
  const status: DeploymentStatus = {
    observedGeneration: deployment.metadata.generation,
    ...count('replicas', replicas),
    ...count('updatedReplicas', updated),
    ...count('readyReplicas', ready),
    ...count('availableReplicas', ready),
    ...count('unavailableReplicas', missing),
    conditions: [availability(input), progression(input, progress)],
  }
  return { status, progress }
}

function progressOf({ deployment, counts, before, atMs }: StatusInput): Progress {
  const wanted = deployment.spec.replicas
  const { replicas, updated, ready, fresh } = counts
  const complete = updated === wanted && replicas === wanted && ready >= wanted
  const wasComplete = before?.complete === true && before.key.startsWith(`${fresh} `)
  const key = `${fresh} ${replicas} ${updated} ${ready} ${deployment.spec.paused === true}`
  if (before?.key === key) return { ...before, complete: complete || wasComplete }
  // Pods that fail after the rollout had ended are no part of it: its deadline never runs out for them.
  return { key, sinceMs: atMs, complete: complete || wasComplete }
}

export function deadlineMs(deployment: Deployment, progress: Progress): number {
  if (progress.complete || deployment.spec.paused === true) return Number.POSITIVE_INFINITY
  return progress.sinceMs + deployment.spec.progressDeadlineSeconds * 1000
}

function availability(input: StatusInput): Condition {
  const wanted = input.deployment.spec.replicas
  const enough = input.counts.ready >= wanted - Math.floor(wanted / 4)
  return settled(input, {
    type: 'Available',
    status: enough ? 'True' : 'False',
    reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: enough
      ? 'Deployment has minimum availability.'
      : 'Deployment does not have minimum availability.',
  })
}

function progression(input: StatusInput, progress: Progress): Condition {
  const { deployment, counts, atMs } = input
  const name = `ReplicaSet "${counts.fresh}"`
  const told = (status: Condition['status'], reason: string, message: string): Condition =>
    settled(input, { type: 'Progressing', status, reason, message })
  if (deployment.spec.paused === true) return told('Unknown', 'DeploymentPaused', 'Deployment is paused')
  if (progress.complete) return told('True', 'NewReplicaSetAvailable', `${name} has successfully progressed.`)
  if (atMs >= deadlineMs(deployment, progress))
    return told('False', 'ProgressDeadlineExceeded', `${name} has timed out progressing.`)
  return told('True', 'ReplicaSetUpdated', `${name} is progressing.`)
}

/** The transition's time stays as long as the status stays; the update's as long as nothing is said anew. */
function settled(
  { deployment, stamp }: StatusInput,
  condition: Omit<Condition, 'lastTransitionTime' | 'lastUpdateTime'>,
): Condition {
  const before = deployment.status.conditions?.find((one) => one.type === condition.type)
  const isSame =
    before !== undefined &&
    (before.reason === '' || (before.reason === condition.reason && before.message === condition.message))
  return {
    ...condition,
    lastUpdateTime: isSame ? (before.lastUpdateTime ?? stamp) : stamp,
    lastTransitionTime: before?.status === condition.status ? before.lastTransitionTime : stamp,
  }
}
