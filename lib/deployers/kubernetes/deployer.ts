import {
  deploymentPatch,
  type KubernetesApi,
  openKubernetesApi,
  selectorOf,
} from '../../actions/executors/kubernetes-api'
import { type Fields, fieldsOf, listOf } from '../../actions/executors/kubernetes-patches'
import { neverSent } from '../../platform/http-failure'
import type { Http, HttpFailure } from '../../platform/http-types'
import type { Applied, Deployer, Desired, Look, NotKnown, Refused } from '../deployer'
import { extraCopies, sharePercent } from '../share'

/** KubernetesTarget is a service as two Deployments with disjoint selectors behind one Service: stable, and canary with the share. */
export type KubernetesTarget = {
  readonly baseUrl: string
  readonly token: string
  readonly namespace: string
  readonly http: Http
  readonly deployment: string
  /** canaryDeployment is scaled to the share; without one every change meets everybody at once. */
  readonly canaryDeployment?: string
  readonly container: string
  readonly fresh: Version
  readonly stable: Version
  /** mark names this rollout in what it changes. */
  readonly mark: string
}

/** Version is an image by its digest; `tag` is how it may stand there from before. */
export type Version = { readonly image: string; readonly digest: string; readonly tag: string }

const RESTARTED_BY = 'watchfloor.dev/restarted-by'
const CHANGE_CAUSE = 'kubernetes.io/change-cause'
const SETTLE_MS = 5_000

type Read = { readonly stable: Side; readonly canary: Side | undefined }

/** Side is one Deployment with its pods as they were read. */
type Side = {
  readonly name: string
  readonly object: Fields
  readonly replicas: number
  readonly image: string
  readonly isPaused: boolean
  readonly isComplete: boolean
  readonly failed: string | null
  readonly pods: readonly { readonly image: string; readonly isReady: boolean }[]
}

/** openKubernetesDeployer steers two Deployments: the share is the ratio of their pods, and the true one is always said. */
export function openKubernetesDeployer(target: KubernetesTarget): Deployer {
  const api = openKubernetesApi(target)
  return {
    reach: target.canaryDeployment === undefined ? 'all-at-once' : 'replicas',
    rungs: ['isolate', 'redeploy', 'restart', 'zero'],
    settleMs: SETTLE_MS,
    look: async (desired) => {
      const read = await readBoth(api, target)
      return 'kind' in read ? { kind: 'unknown', detail: read.detail } : judged(target, read, desired)
    },
    apply: (desired) => apply(api, target, desired),
  }
}

async function readBoth(api: KubernetesApi, target: KubernetesTarget): Promise<Read | Refused | NotKnown> {
  const stable = await readSide(api, target.deployment, target.container)
  if ('kind' in stable) return stable
  if (target.canaryDeployment === undefined) return { stable, canary: undefined }
  const canary = await readSide(api, target.canaryDeployment, target.container)
  return 'kind' in canary ? canary : { stable, canary }
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

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function runs(text: string, { image, digest, tag }: Version): boolean {
  if (text.includes(digest)) return true
  return !/@sha256:/.test(text.split(' ')[0] ?? '') && tag !== '' && text.startsWith(`${image}:${tag}`)
}

function judged(target: KubernetesTarget, { stable, canary }: Read, desired: Desired): Look {
  const pods = [...stable.pods, ...(canary?.pods ?? [])]
  const ready = pods.filter(({ isReady }) => isReady)
  const freshPods = pods.filter(({ image }) => runs(image, target.fresh))
  const fresh = freshPods.filter(({ isReady }) => isReady)
  const isOldEverywhere =
    freshPods.length === 0 &&
    runs(stable.image, target.stable) &&
    stable.isComplete &&
    stable.replicas > 0 &&
    stable.pods.every(({ image }) => runs(image, target.stable))
  const exposurePercent = sharePercent(fresh.length, ready.length)
  return {
    kind: 'seen',
    reached: isReached(target, { stable, canary }, desired),
    exposurePercent,
    achievablePercent: achievable(desired, stable.replicas, canary !== undefined),
    isOldEverywhere,
    ready: { fresh: freshPods.length, freshReady: fresh.length, all: pods.length },
    foreign: foreignIn(target, { stable, canary }, desired),
    failed: stable.failed ?? (canary && canary.replicas > 0 ? canary.failed : null),
    detail: `${fresh.length} of ${ready.length} ready pods run the new version${canary ? `, ${canary.name} at ${canary.replicas}` : ''}`,
  }
}

function achievable(desired: Desired, stable: number, hasCanary: boolean): number {
  if (desired.do !== 'expose') return desired.do === 'finish' ? 100 : 0
  if (desired.percent >= 100 || !hasCanary) return 100
  const extra = extraCopies(stable, desired.percent)
  return sharePercent(extra, stable + extra)
}

function isReached(target: KubernetesTarget, { stable, canary }: Read, desired: Desired): boolean {
  const isEmpty = canary === undefined || (canary.replicas === 0 && canary.pods.length === 0)
  const isOn = (version: Version): boolean =>
    runs(stable.image, version) && stable.isComplete && stable.pods.every(({ image }) => runs(image, version))
  switch (desired.do) {
    case 'expose':
      if (desired.percent >= 100 || canary === undefined) return isOn(target.fresh)
      return (
        canary.replicas === extraCopies(stable.replicas, desired.percent) &&
        canary.isComplete &&
        runs(canary.image, target.fresh) &&
        canary.pods.every(({ image }) => runs(image, target.fresh))
      )
    case 'finish':
      return isEmpty && isOn(target.fresh)
    case 'route':
    case 'isolate':
      return isEmpty
    case 'redeploy':
      return isEmpty && isOn(target.stable)
    case 'restart':
      return restartedBy(stable.object) === target.mark && stable.isComplete
    case 'zero':
      return isEmpty && stable.replicas === 0 && stable.pods.length === 0
  }
}

function restartedBy(object: Fields): string {
  const template = fieldsOf(fieldsOf(object.spec).template)
  return textOf(fieldsOf(fieldsOf(template.metadata).annotations)[RESTARTED_BY])
}

/** Whatever runs that is neither of the two versions was put there by somebody else. */
function foreignIn(target: KubernetesTarget, { stable, canary }: Read, desired: Desired): string | null {
  if (desired.do !== 'expose' && desired.do !== 'finish') return null
  if (stable.isPaused) return `${stable.name} was paused`
  const isStable = runs(stable.image, target.stable)
  const isFresh = runs(stable.image, target.fresh)
  if (!isStable && !isFresh) return `${stable.name} runs ${stable.image}`
  if (
    canary &&
    canary.replicas > 0 &&
    !runs(canary.image, target.fresh) &&
    !runs(canary.image, target.stable)
  )
    return `${canary.name} runs ${canary.image}`
  return null
}

type Operation = { readonly op: 'test' | 'add' | 'replace'; readonly path: string; readonly value: unknown }

async function apply(api: KubernetesApi, target: KubernetesTarget, desired: Desired): Promise<Applied> {
  const read = await readBoth(api, target)
  if ('kind' in read)
    return read.kind === 'refused' ? read : { kind: 'refused', why: 'unreachable', detail: read.detail }
  const changes = changesFor(target, read, desired)
  for (const { side, operations } of changes) {
    const sent = await patch(api, target, side, operations)
    if (sent.kind !== 'sent') return sent
  }
  const detail = changes.map(({ side }) => side.name).join(' and ') || 'nothing was missing'
  return { kind: 'sent', detail }
}

type Change = { readonly side: Side; readonly operations: readonly Operation[] }

/** Only what is missing is asked for: a second request for the same state finds nothing to do. */
function changesFor(target: KubernetesTarget, { stable, canary }: Read, desired: Desired): readonly Change[] {
  const image = (side: Side, version: Version): readonly Operation[] =>
    runs(side.image, version) ? [] : imageOperations(side, target, version)
  const scale = (side: Side | undefined, replicas: number): readonly Operation[] =>
    side === undefined || side.replicas === replicas ? [] : [replace('/spec/replicas', replicas)]
  const changes: Change[] = []
  const add = (side: Side | undefined, operations: readonly Operation[]): void => {
    if (side && operations.length > 0) changes.push({ side, operations })
  }
  switch (desired.do) {
    case 'expose':
      if (desired.percent >= 100 || canary === undefined) add(stable, image(stable, target.fresh))
      else
        add(canary, [
          ...image(canary, target.fresh),
          ...scale(canary, extraCopies(stable.replicas, desired.percent)),
        ])
      break
    case 'finish':
    case 'route':
    case 'isolate':
      add(canary, scale(canary, 0))
      break
    case 'redeploy':
      add(stable, image(stable, target.stable))
      add(canary, scale(canary, 0))
      break
    case 'restart':
      if (restartedBy(stable.object) !== target.mark) add(stable, restartOperations(stable, target.mark))
      break
    case 'zero':
      add(stable, scale(stable, 0))
      add(canary, scale(canary, 0))
  }
  return changes
}

function imageOperations(side: Side, target: KubernetesTarget, version: Version): readonly Operation[] {
  const containers = listOf(fieldsOf(fieldsOf(fieldsOf(side.object.spec).template).spec).containers)
  const index = Math.max(
    0,
    containers.findIndex(({ name }) => name === target.container),
  )
  return [
    replace(`/spec/template/spec/containers/${index}/image`, `${version.image}@${version.digest}`),
    ...annotate(
      side.object,
      CHANGE_CAUSE,
      `Watchfloor ${target.mark}: ${version.tag || version.digest.slice(7, 19)}`,
    ),
  ]
}

function annotate(object: Fields, name: string, value: string): readonly Operation[] {
  const key = name.replaceAll('~', '~0').replaceAll('/', '~1')
  return fieldsOf(object.metadata).annotations === undefined
    ? [{ op: 'add', path: '/metadata/annotations', value: { [name]: value } }]
    : [{ op: 'add', path: `/metadata/annotations/${key}`, value }]
}

function restartOperations(side: Side, mark: string): readonly Operation[] {
  const metadata = fieldsOf(fieldsOf(fieldsOf(side.object.spec).template).metadata)
  const key = RESTARTED_BY.replaceAll('/', '~1')
  return metadata.annotations === undefined
    ? [{ op: 'add', path: '/spec/template/metadata/annotations', value: { [RESTARTED_BY]: mark } }]
    : [{ op: 'add', path: `/spec/template/metadata/annotations/${key}`, value: mark }]
}

function replace(path: string, value: unknown): Operation {
  return { op: 'replace', path, value }
}

async function patch(
  api: KubernetesApi,
  target: KubernetesTarget,
  side: Side,
  operations: readonly Operation[],
): Promise<Applied> {
  const { uid, generation } = fieldsOf(side.object.metadata)
  const guarded: readonly Operation[] = [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: '/metadata/generation', value: generation },
    ...operations,
  ]
  const got = await api.patch(deploymentPatch(target.namespace, side.name, guarded), false)
  if (got.ok) return { kind: 'sent', detail: side.name }
  return failed(got.answer, `deployment/${side.name}`)
}

/** failed says what a failed call means: only what proves that nothing happened is a refusal. */
function failed(answer: HttpFailure, what: string): Refused | NotKnown {
  const { status, detail } = answer
  const no = (why: Refused['why']): Refused => ({ kind: 'refused', why, detail: `${what}: ${detail}` })
  if (status === 409 || status === 422) return no('conflict')
  if (status === 401 || status === 403) return no('forbidden')
  if (status === 404) return no('absent')
  if (status === 400) return no('invalid')
  if (status === 429) return no('limited')
  if (neverSent(answer)) return no('unreachable')
  return { kind: 'unknown', detail: `${what}: ${detail}` }
}
