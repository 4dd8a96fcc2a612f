import {
  deploymentPatch,
  type KubernetesApi,
  openKubernetesApi,
} from '../../actions/executors/kubernetes-api'
import { type Fields, fieldsOf, listOf } from '../../actions/executors/kubernetes-patches'
import type { Applied, Deployer, Desired } from '../deployer'
import { copiesFor, isPrepared, judged, RESTARTED_BY, restartedBy, runs } from './judge'
import { type KubernetesTarget, type Read, readBoth, type Side, type Version } from './sides'
import { failed, setWeight } from './weights'

const CHANGE_CAUSE = 'kubernetes.io/change-cause'
const SETTLE_MS = 5_000

/** openKubernetesDeployer steers two Deployments: the share is a weight where one is named, else the ratio of their pods. */
export function openKubernetesDeployer(target: KubernetesTarget): Deployer {
  const api = openKubernetesApi(target)
  return {
    reach: target.canaryDeployment === undefined ? 'all-at-once' : target.weighting ? 'weights' : 'replicas',
    rungs: [...(target.weighting ? (['route'] as const) : []), 'isolate', 'redeploy', 'restart', 'zero'],
    settleMs: SETTLE_MS,
    look: async (desired) => {
      const read = await readBoth(api, target)
      return 'kind' in read ? { kind: 'unknown', detail: read.detail } : judged(target, read, desired)
    },
    apply: (desired) => apply(api, target, desired),
  }
}

type Operation = { readonly op: 'test' | 'add' | 'replace'; readonly path: string; readonly value: unknown }

async function apply(api: KubernetesApi, target: KubernetesTarget, desired: Desired): Promise<Applied> {
  const read = await readBoth(api, target)
  if ('kind' in read)
    return read.kind === 'refused' ? read : { kind: 'refused', why: 'unreachable', detail: read.detail }
  const done: string[] = []
  const percent = weightFor(target, read, desired)
  if (target.weighting && read.weight && percent !== undefined) {
    const sent = await setWeight(target, target.weighting, { weight: read.weight, percent })
    if (sent.kind !== 'sent') return sent
    done.push(sent.detail)
  }
  for (const { side, operations } of changesFor(target, read, desired)) {
    const sent = await patch(api, target, side, operations)
    if (sent.kind === 'refused' && done.length > 0) return { kind: 'unknown', detail: sent.detail }
    if (sent.kind !== 'sent') return sent
    done.push(side.name)
  }
  return { kind: 'sent', detail: done.join(' and ') || 'nothing was missing' }
}

/** Requests leave the canary before its pods do, and come to it only once they can be carried; undefined leaves the weight alone. */
function weightFor(target: KubernetesTarget, read: Read, desired: Desired): number | undefined {
  const { weight } = read
  if (!weight) return undefined
  switch (desired.do) {
    case 'expose':
      if (desired.percent >= 100 || weight.percent === desired.percent) return undefined
      // Where it is not there, setting it is what says so.
      return weight.unusable !== undefined || isPrepared(target, read, desired.percent)
        ? desired.percent
        : undefined
    case 'finish':
    case 'route':
    case 'isolate':
    case 'redeploy':
    case 'zero':
      return weight.percent === 0 ? undefined : 0
    case 'restart':
      return undefined
  }
}

type Change = { readonly side: Side; readonly operations: readonly Operation[] }

/** Only what is missing is asked for: a second request for the same state finds nothing to do. */
function changesFor(target: KubernetesTarget, read: Read, desired: Desired): readonly Change[] {
  const { stable, canary, weight } = read
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
      else add(canary, [...image(canary, target.fresh), ...scale(canary, copiesFor(read, desired.percent))])
      break
    case 'route':
      if (!weight) add(canary, scale(canary, 0))
      break
    case 'finish':
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
