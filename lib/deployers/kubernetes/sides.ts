import { type KubernetesApi, selectorOf } from '../../actions/executors/kubernetes-api'
import { type Fields, fieldsOf, listOf } from '../../actions/executors/kubernetes-patches'
import type { Http } from '../../platform/http-types'
import type { NotKnown, Refused } from '../deployer'
import { failed, readWeight, type Weight, type Weighting } from './weights'

/** KubernetesTarget is a service as two Deployments with disjoint selectors behind one Service: stable, and canary with the share. */
export type KubernetesTarget = {
  readonly baseUrl: string
  readonly token: string
  readonly namespace: string
  readonly http: Http
  readonly deployment: string
  /** canaryDeployment is scaled to the share; without one every change meets everybody at once. */
  readonly canaryDeployment?: string
  /** weighting splits requests exactly; without it the ratio of pods does. It needs a canaryDeployment. */
  readonly weighting?: Weighting
  readonly container: string
  readonly fresh: Version
  readonly stable: Version
  /** mark names this rollout in what it changes. */
  readonly mark: string
}

/** Version is an image by its digest; `tag` is how it may stand there from before. */
export type Version = { readonly image: string; readonly digest: string; readonly tag: string }

/** Read is a target as it stands: its two Deployments, and the weight that splits requests where one does. */
export type Read = {
  readonly stable: Side
  readonly canary: Side | undefined
  readonly weight: Weight | undefined
}

/** Side is one Deployment with its pods as they were read. */
export type Side = {
  readonly name: string
  readonly object: Fields
  readonly replicas: number
  readonly image: string
  readonly isPaused: boolean
  readonly isComplete: boolean
  readonly failed: string | null
  readonly pods: readonly { readonly image: string; readonly isReady: boolean }[]
}

/** readBoth looks at everything that a rollout steers; what can’t be read is said, never guessed. */
export async function readBoth(
  api: KubernetesApi,
  target: KubernetesTarget,
): Promise<Read | Refused | NotKnown> {
  const stable = await readSide(api, target.deployment, target.container)
  if ('kind' in stable) return stable
  if (target.canaryDeployment === undefined) return { stable, canary: undefined, weight: undefined }
  const canary = await readSide(api, target.canaryDeployment, target.container)
  if ('kind' in canary) return canary
  if (target.weighting === undefined) return { stable, canary, weight: undefined }
  const weight = await readWeight(target, target.weighting)
  return weight.kind === 'weight' ? { stable, canary, weight } : weight
}

async function readSide(
  api: KubernetesApi,
  name: string,
  container: string,
): Promise<Side | Refused | NotKnown> {
  const got = await api.deployment(name)
  if (!got.ok) return failed(got.answer, `deployment/${name}`)
  const { object } = got
  const list = await api.pods(selectorOf(object))
  if (!list.ok) return failed(list.answer, `pods of ${name}`)
  const spec = fieldsOf(object.spec)
  const status = fieldsOf(object.status)
  const replicas = count(spec.replicas, 1)
  const ofTemplate = listOf(fieldsOf(fieldsOf(spec.template).spec).containers)
  const progressing = listOf(status.conditions).find(({ type }) => type === 'Progressing')
  const isObserved = count(fieldsOf(object.metadata).generation, 0) <= count(status.observedGeneration, 0)
  return {
    name,
    object,
    replicas,
    image: textOf((ofTemplate.find((it) => it.name === container) ?? ofTemplate[0])?.image),
    isPaused: spec.paused === true,
    isComplete:
      isObserved &&
      count(status.updatedReplicas, 0) >= replicas &&
      count(status.replicas, 0) === replicas &&
      count(status.availableReplicas, 0) >= replicas,
    failed:
      isObserved && progressing?.reason === 'ProgressDeadlineExceeded'
        ? `${name} passed its progress deadline`
        : null,
    pods: listOf(list.object.items)
      .filter((pod) => fieldsOf(pod.metadata).deletionTimestamp === undefined)
      .map((pod) => podOf(pod, container)),
  }
}

function podOf(pod: Fields, container: string): Side['pods'][number] {
  const statuses = listOf(fieldsOf(pod.status).containerStatuses)
  const own = statuses.find((it) => it.name === container) ?? statuses[0]
  const ofSpec = listOf(fieldsOf(pod.spec).containers)
  const named = textOf((ofSpec.find((it) => it.name === container) ?? ofSpec[0])?.image)
  // The kubelet's own word on what runs, beside what was asked for.
  return { image: `${named} ${textOf(own?.imageID)}`, isReady: own?.ready === true }
}

function count(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise
}

/** textOf is a value where it is a text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
