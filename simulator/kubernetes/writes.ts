import type { Cluster } from './cluster'
import { jsonPatch, mergePatch } from './json-patch'
import { droppedFields } from './known-fields'
import { asDeployment, type Deployment, type Fields, isFields, type KubeObject } from './model'
import { hashText, stampOf, uidOf } from './names'
import type { Resource } from './resources'
import { checkedIngress, checkedRoute } from './routes'
import { ApiError, alreadyExists, badRequest, conflict, notFound } from './status'
import { strategicPatch } from './strategic'
import { checkedDeployment, checkedName, checkedSecret } from './validate'

type Write = {
  readonly resource: Resource
  readonly name: string
  readonly namespace: string
  readonly body: unknown
  readonly isDryRun: boolean
  readonly fieldValidation: string
  readonly manager: string
  readonly atMs: number
  readonly timeMs: number
}

export type Written = { readonly object: KubeObject; readonly warnings: readonly string[] }

type Patch = Write & { readonly type: string }

export function patch(cluster: Cluster, write: Patch): Written {
  const before = existing(cluster, write)
  return update(cluster, write, before, applyPatch(write.type, before, write.body))
}

function applyPatch(type: string, target: unknown, body: unknown): unknown {
  switch (type) {
    case 'application/strategic-merge-patch+json':
      return strategicPatch(target, body)
    case 'application/merge-patch+json':
      return mergePatch(target, body)
    case 'application/json-patch+json':
      return jsonPatch(target, body)
    default:
      throw new ApiError({
        code: 415,
        reason: 'UnsupportedMediaType',
        message:
          'the body of the request was in an unknown format - accepted media types include: ' +
          'application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json',
      })
  }
}

export function replace(cluster: Cluster, write: Write): Written {
  return update(cluster, write, existing(cluster, write), write.body)
}

export function create(cluster: Cluster, write: Write): Written {
  const { resource, namespace, body, atMs, timeMs } = write
  if (resource.kind !== 'Secret') throw notAllowed(resource)
  const metadata = isFields(body) && isFields(body.metadata) ? body.metadata : {}
  const name = checkedName(metadata.name, resource.kind, resource.name)
  if (cluster.store.get('secrets', namespace, name) !== undefined)
    throw alreadyExists({ resource: resource.name, group: resource.group, name })
  if (namespace !== cluster.namespace) throw notFound({ resource: 'namespaces', group: '', name: namespace })
  const made = checkedSecret({
    ...(isFields(body) ? body : {}),
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      ...metadata,
      name,
      namespace,
      uid: uidOf(cluster.scenario.seed, hashText(`${name} ${atMs}`)),
      resourceVersion: '',
      creationTimestamp: stampOf(timeMs),
    },
  })
  return { object: write.isDryRun ? made : cluster.write('secrets', made, atMs, write.manager), warnings: [] }
}

export function remove(cluster: Cluster, write: Write): Written {
  const before = existing(cluster, write)
  const { stored, kind } = write.resource
  if (stored === undefined || (kind !== 'Pod' && kind !== 'Secret')) throw notAllowed(write.resource)
  if (write.isDryRun) return { object: before, warnings: [] }
  return { object: cluster.remove(stored, write.name, write.atMs) ?? before, warnings: [] }
}

function existing(cluster: Cluster, { resource, namespace, name }: Write): KubeObject {
  const found = resource.stored && cluster.store.get(resource.stored, namespace, name)
  if (!found) throw notFound({ resource: resource.name, group: resource.group, name })
  return found
}

function update(cluster: Cluster, write: Write, before: KubeObject, wanted: unknown): Written {
  const { resource, name } = write
  const subject = { resource: resource.name, group: resource.group, name }
  if (!isFields(wanted) || !isFields(wanted.metadata)) throw badRequest('the object must have metadata')
  const version = wanted.metadata.resourceVersion
  if (version !== undefined && version !== '' && version !== before.metadata.resourceVersion)
    throw conflict(subject)
  if (wanted.metadata.name !== undefined && wanted.metadata.name !== name)
    throw badRequest(
      `the name of the object (${String(wanted.metadata.name)}) does not match the name on the URL (${name})`,
    )
  const { kept, unknown } = droppedFields(wanted)
  if (unknown.length > 0 && write.fieldValidation === 'Strict')
    throw badRequest(`strict decoding error: ${unknown.map((path) => `unknown field "${path}"`).join(', ')}`)
  const warnings = write.fieldValidation === 'Ignore' ? [] : unknown.map((path) => `unknown field "${path}"`)
  const next = checked(write, before, sameIdentity(kept, before))
  if (write.isDryRun || resource.stored === undefined) return { object: next, warnings }
  return { object: cluster.write(resource.stored, next, write.atMs, write.manager), warnings }
}

/** What a caller can't change: identity, time of birth, version and status. */
function sameIdentity(wanted: Fields, before: KubeObject): KubeObject {
  const { metadata: old } = before
  const metadata = isFields(wanted.metadata) ? wanted.metadata : {}
  const status = before.status === undefined ? {} : { status: before.status }
  const { status: _ignored, ...rest } = wanted
  return {
    ...rest,
    apiVersion: before.apiVersion,
    kind: before.kind,
    metadata: {
      ...metadata,
      name: old.name,
      namespace: old.namespace,
      uid: old.uid,
      resourceVersion: old.resourceVersion,
      generation: old.generation,
      creationTimestamp: old.creationTimestamp,
    },
    ...status,
  }
}

function checked({ resource }: Write, before: KubeObject, next: KubeObject): KubeObject {
  if (resource.kind === 'Secret') return checkedSecret(next)
  if (resource.kind === 'HTTPRoute') return nextGeneration(checkedRoute(next), before)
  if (resource.kind === 'Ingress') return nextGeneration(checkedIngress(next), before)
  if (resource.kind !== 'Deployment') throw notAllowed(resource)
  return nextGeneration(checkedDeployment(next, asDeployment(before)), before)
}

/** The generation counts changes of the spec alone: an annotation leaves it as it is. */
function nextGeneration(object: KubeObject, before: KubeObject): KubeObject {
  if (JSON.stringify(object.spec) === JSON.stringify(before.spec)) return object
  const generation = (before.metadata.generation ?? 1) + 1
  return { ...object, metadata: { ...object.metadata, generation } }
}

function notAllowed({ name }: Resource): ApiError {
  return new ApiError({
    code: 405,
    reason: 'MethodNotAllowed',
    message: `${name} can't be changed this way at this server`,
  })
}

export function scaleOf(cluster: Cluster, name: string): Fields {
  const found = cluster.deployment(name)
  if (found === undefined) throw notFound({ resource: 'deployments', group: 'apps', name })
  return scaleObject(found)
}

function scaleObject({ metadata, spec, status }: Deployment): Fields {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata
  const labels = Object.entries(spec.selector.matchLabels ?? {})
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec.replicas },
    status: {
      replicas: status.replicas ?? 0,
      selector: labels.map(([key, value]) => `${key}=${value}`).join(','),
    },
  }
}

export function patchScale(cluster: Cluster, write: Patch): Fields {
  return setScale(cluster, write, applyPatch(write.type, scaleOf(cluster, write.name), write.body))
}

export function replaceScale(cluster: Cluster, write: Write): Fields {
  return setScale(cluster, write, write.body)
}

function setScale(cluster: Cluster, write: Write, scale: unknown): Fields {
  const found = asDeployment(existing(cluster, write))
  const wanted = isFields(scale) && isFields(scale.spec) ? scale.spec.replicas : undefined
  const metadata = isFields(scale) && isFields(scale.metadata) ? scale.metadata : {}
  const next = {
    ...found,
    metadata: {
      ...found.metadata,
      resourceVersion: metadata.resourceVersion ?? found.metadata.resourceVersion,
    },
    spec: { ...found.spec, replicas: wanted },
  }
  return scaleObject(asDeployment(update(cluster, write, found, next).object))
}
