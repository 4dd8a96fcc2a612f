import { redactText } from '../../platform/redact'
import type { Doubt, Refusal } from '../executor'
import {
  type KubernetesApi,
  type KubernetesTarget,
  openKubernetesApi,
  ownedBy,
  selectorOf,
} from './kubernetes-api'
import { failureOf } from './kubernetes-outcome'
import { type KubernetesBounds, type LogParams, paramsOf } from './kubernetes-params'
import { containersOf, type Fields, fieldsOf, listOf } from './kubernetes-patches'

/** RolloutWord is how far a rollout is, in the order in which `kubectl rollout status` judges it. */
export type RolloutWord = 'paused' | 'not-seen' | 'deadline-exceeded' | 'progressing' | 'complete'

/** StatusRead is a deployment's rollout now, with the revisions that it could go back to, newest first. */
export type StatusRead = {
  readonly kind: 'status'
  readonly rollout: RolloutWord
  readonly desired: number
  readonly ready: number
  readonly updated: number
  readonly revision: number
  readonly images: readonly string[]
  readonly revisions: readonly {
    readonly revision: number
    readonly images: readonly string[]
    readonly cause: string
  }[]
}

/** LogsRead is the newest of the logs, redacted, pod by pod. */
export type LogsRead = {
  readonly kind: 'logs'
  readonly pods: readonly { readonly pod: string; readonly text: string; readonly problem?: string }[]
}

/** PresenceRead is whether a secret is there; no value is ever asked for. */
export type PresenceRead = {
  readonly kind: 'presence'
  readonly present: boolean
  readonly resourceVersion?: string
}

const REVISION = 'deployment.kubernetes.io/revision'
const CAUSE = 'kubernetes.io/change-cause'
const LOG_PODS = 10

/** kubernetesReads are the looks that actions offer: nothing in them can change anything. */
export function kubernetesReads(
  target: Omit<KubernetesTarget, 'namespace'> & { readonly bounds: KubernetesBounds },
) {
  const { bounds, ...rest } = target
  const api = openKubernetesApi({ ...rest, namespace: bounds.namespace })
  const params = paramsOf(bounds)
  return {
    parse: { status: params.restart, logs: params.logs, presence: params.secret },
    status: (deployment: string): Promise<StatusRead | Refusal | Doubt> => status(api, deployment),
    logs: (wanted: LogParams): Promise<LogsRead | Refusal | Doubt> => logs(api, wanted),
    presence: (secret: string): Promise<PresenceRead | Refusal | Doubt> => presence(api, secret),
  }
}

/** rolloutOf judges a deployment as it was read. */
export function rolloutOf({ metadata, spec, status: told }: Fields): RolloutWord {
  if (fieldsOf(spec).paused === true) return 'paused'
  const state = fieldsOf(told)
  const count = (name: string): number => Number(state[name] ?? 0)
  if (Number(fieldsOf(metadata).generation) > count('observedGeneration')) return 'not-seen'
  const progressing = listOf(state.conditions).find((one) => one.type === 'Progressing')
  if (progressing?.reason === 'ProgressDeadlineExceeded') return 'deadline-exceeded'
  const desired = Number(fieldsOf(spec).replicas ?? 1)
  const updated = count('updatedReplicas')
  const isDone = updated >= desired && count('replicas') <= updated && count('availableReplicas') >= updated
  return isDone ? 'complete' : 'progressing'
}

async function status(api: KubernetesApi, name: string): Promise<StatusRead | Refusal | Doubt> {
  const got = await api.deployment(name)
  if (!got.ok) return failureOf(got.answer)
  const { object } = got
  const sets = await api.replicaSets(selectorOf(object))
  if (!sets.ok) return failureOf(sets.answer)
  const state = fieldsOf(object.status)
  const revisions = ownedBy(sets.object, fieldsOf(object.metadata).uid).map((one) => ({
    revision: Number(annotation(one, REVISION)),
    images: imagesOf(one),
    cause: annotation(one, CAUSE),
  }))
  return {
    kind: 'status',
    rollout: rolloutOf(object),
    desired: Number(fieldsOf(object.spec).replicas ?? 1),
    ready: Number(state.readyReplicas ?? 0),
    updated: Number(state.updatedReplicas ?? 0),
    revision: Number(annotation(object, REVISION)),
    images: imagesOf(object),
    revisions: revisions.sort((left, right) => right.revision - left.revision),
  }
}

function annotation(object: Fields, name: string): string {
  const text = fieldsOf(fieldsOf(object.metadata).annotations)[name]
  return typeof text === 'string' ? text : ''
}

function imagesOf(object: Fields): readonly string[] {
  return containersOf(object).map((one) => String(one.image))
}

async function logs(
  api: KubernetesApi,
  { deployment, ...bounds }: LogParams,
): Promise<LogsRead | Refusal | Doubt> {
  const got = await api.deployment(deployment)
  if (!got.ok) return failureOf(got.answer)
  const list = await api.pods(selectorOf(got.object))
  if (!list.ok) return failureOf(list.answer)
  const names = listOf(list.object.items).map((one) => String(fieldsOf(one.metadata).name))
  const pods = await Promise.all(
    names.slice(0, LOG_PODS).map(async (pod) => {
      const answer = await api.log(pod, bounds)
      if (!answer.ok) return { pod, text: '', problem: failureOf(answer).detail }
      return { pod, text: redactText(answer.value.text) }
    }),
  )
  return { kind: 'logs', pods }
}

async function presence(api: KubernetesApi, secret: string): Promise<PresenceRead | Refusal | Doubt> {
  const got = await api.secretMetadata(secret)
  if (got.ok)
    return {
      kind: 'presence',
      present: true,
      resourceVersion: String(fieldsOf(got.object.metadata).resourceVersion),
    }
  const why = failureOf(got.answer)
  return why.kind === 'refused' && why.why === 'not-found' ? { kind: 'presence', present: false } : why
}
