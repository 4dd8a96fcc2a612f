import { type FieldContext, instantOf, isShape, numberOf, type Shape, shapesIn, textOf } from '../parse'
import type { Got } from './got'
import type { KubernetesDeployment, KubernetesRevision, RolloutState } from './types'

const REVISION = 'deployment.kubernetes.io/revision'
const CAUSE = 'kubernetes.io/change-cause'

/** parseDeployment reads a deployment with its revisions; undefined when it is not one. */
export function parseDeployment(
  body: Shape,
  sets: Got,
  frame: FieldContext,
): KubernetesDeployment | undefined {
  const { metadata, spec, status } = body
  if (!isShape(metadata) || !isShape(spec)) {
    frame.drift.push(`${frame.source}.deployment`)
    return undefined
  }
  // A count that is left out is zero: the object itself was read.
  const state = isShape(status) ? status : {}
  const count = (name: string): number => numberOf(state, name, frame) ?? 0
  const uid = textOf(metadata, 'uid')
  const edit = lastEdit(metadata)
  return {
    name: textOf(metadata, 'name'),
    desired: numberOf(spec, 'replicas', frame) ?? 1,
    ready: count('readyReplicas'),
    updated: count('updatedReplicas'),
    available: count('availableReplicas'),
    revision: Number(annotation(metadata, REVISION) || 0),
    image: imagesOf(spec)[0] ?? '',
    rollout: rolloutOf(metadata, spec, state),
    revisions: sets.ok ? revisionsOf(shapesIn(sets.body.items), uid) : [],
    resourceVersion: textOf(metadata, 'resourceVersion'),
    ...(edit ? { editedAt: edit.at, editedBy: edit.by } : {}),
  }
}

function annotation({ annotations }: Shape, name: string): string {
  return isShape(annotations) ? textOf(annotations, name) : ''
}

function imagesOf(spec: Shape): readonly string[] {
  const template = isShape(spec.template) ? spec.template : {}
  const podSpec = isShape(template.spec) ? template.spec : {}
  return shapesIn(podSpec.containers).map((container) => textOf(container, 'image'))
}

/** The judgement of `kubectl rollout status`, in its order. */
function rolloutOf(metadata: Shape, spec: Shape, status: Shape): RolloutState {
  if (spec.paused === true) return 'paused'
  const count = (name: string): number => numberOf(status, name) ?? 0
  if ((numberOf(metadata, 'generation') ?? 0) > count('observedGeneration')) return 'not-seen'
  const progressing = shapesIn(status.conditions).find(({ type }) => type === 'Progressing')
  if (progressing?.reason === 'ProgressDeadlineExceeded') return 'deadline-exceeded'
  const desired = numberOf(spec, 'replicas') ?? 1
  const updated = count('updatedReplicas')
  const isDone = updated >= desired && count('replicas') <= updated && count('availableReplicas') >= updated
  return isDone ? 'complete' : 'progressing'
}

function revisionsOf(sets: readonly Shape[], uid: string): readonly KubernetesRevision[] {
  return sets
    .flatMap(({ metadata, spec }): KubernetesRevision[] => {
      if (!isShape(metadata) || !isShape(spec)) return []
      const isOwned = shapesIn(metadata.ownerReferences).some((owner) => owner.uid === uid && uid !== '')
      const createdAt = instantOf(metadata.creationTimestamp)
      const revision = Number(annotation(metadata, REVISION))
      if (!isOwned || !createdAt || !Number.isInteger(revision)) return []
      return [
        {
          revision,
          replicaSet: textOf(metadata, 'name'),
          images: imagesOf(spec),
          createdAt,
          cause: annotation(metadata, CAUSE),
          replicas: numberOf(spec, 'replicas') ?? 0,
        },
      ]
    })
    .sort((left, right) => right.revision - left.revision)
}

/** Controllers write the status; everybody else writes what was wanted. */
function lastEdit(metadata: Shape): { readonly at: Date; readonly by: string } | undefined {
  return shapesIn(metadata.managedFields)
    .filter(({ subresource }) => subresource !== 'status')
    .flatMap((entry) => {
      const at = instantOf(entry.time)
      return at ? [{ at, by: textOf(entry, 'manager') }] : []
    })
    .sort((left, right) => right.at.getTime() - left.at.getTime())[0]
}
