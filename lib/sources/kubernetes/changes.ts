import type { Reading } from '../reading'
import type { KubernetesChange, KubernetesDeployment, KubernetesSecret } from './types'

const KEPT_MS = 2 * 3_600_000
const SAME_MS = 30_000

type ChangesInput = {
  readonly deployments: readonly KubernetesDeployment[]
  readonly secrets: Reading<readonly KubernetesSecret[]>
  readonly now: Date
}

/** changesOf tells what changed within two hours, newest first: a new ReplicaSet is a rollout, another edit of a deployment (an undo among them) too, a written secret a rotation. */
export function changesOf({ deployments, secrets, now }: ChangesInput): readonly KubernetesChange[] {
  const rollouts = deployments.flatMap(rolloutsOf)
  const rotations = secrets.kind === 'known' ? secrets.value.flatMap(rotationOf) : []
  return [...rollouts, ...rotations]
    .filter(({ at }) => now.getTime() - at.getTime() <= KEPT_MS)
    .sort((left, right) => right.at.getTime() - left.at.getTime())
}

function rolloutsOf({
  name,
  revisions,
  editedAt,
  editedBy,
  image,
}: KubernetesDeployment): KubernetesChange[] {
  const made = revisions.map((one): KubernetesChange => {
    const version = one.images[0] ?? ''
    return {
      at: one.createdAt,
      kind: 'rollout',
      subject: name,
      ...(version === '' ? {} : { version }),
      ...(one.cause === '' ? {} : { by: one.cause }),
    }
  })
  if (!editedAt || made.some(({ at }) => Math.abs(at.getTime() - editedAt.getTime()) <= SAME_MS)) return made
  const edit: KubernetesChange = {
    at: editedAt,
    kind: 'rollout',
    subject: name,
    version: image,
    ...(editedBy ? { by: editedBy } : {}),
  }
  return [...made, edit]
}

function rotationOf({ name, changedAt }: KubernetesSecret): KubernetesChange[] {
  return changedAt ? [{ at: changedAt, kind: 'rotation', subject: name }] : []
}
