import { type Instant, json, type Reply, type SimRequest } from '../reply'
import type { World } from '../world/world'
import { accessReview, mayDo, type User, userOf, verbOf } from './access'
import type { KubeObject } from './model'
import { openapi } from './openapi'
import { podLog } from './pod-log'
import { fromProtobuf } from './protobuf'
import { discovery, groupVersion, type Resource, resourceOf } from './resources'
import { fieldSelector, labelSelector } from './selectors'
import {
  ApiError,
  badRequest,
  forbidden,
  gone,
  NO_SUCH_PATH,
  notFound,
  statusReply,
  UNAUTHORIZED,
} from './status'
import { partial, tableOf } from './table'
import { podMetrics } from './usage'
import { watchReply } from './watch'
import { create, patch, patchScale, remove, replace, replaceScale, scaleOf, type Written } from './writes'

type Target = {
  readonly resource: Resource
  readonly namespace: string | undefined
  readonly name: string | undefined
  readonly subresource: string | undefined
}

type Call = Target & { readonly request: SimRequest; readonly at: Instant }

const PATH =
  /^\/(?:api\/(?<core>v1)|apis\/(?<group>[^/]+)\/(?<version>[^/]+))(?:\/namespaces\/(?<namespace>[^/]+)(?=\/))?\/(?<resource>[^/]+)(?:\/(?<name>[^/]+)(?:\/(?<subresource>[^/]+))?)?$/

/** The API server: who asks, for what, and in which form. */
export class KubernetesApi {
  constructor(
    private readonly world: World,
    /** Brings the cluster to the present; false when another scenario has taken this one's place. */
    private readonly refresh: () => boolean,
  ) {}

  handle(request: SimRequest, at: Instant): Reply {
    try {
      return this.answer(request, at)
    } catch (error) {
      if (error instanceof ApiError) return statusReply(error.refusal)
      throw error
    }
  }

  private answer(request: SimRequest, at: Instant): Reply {
    if (request.path === '/healthz' || request.path === '/readyz' || request.path === '/livez')
      return { status: 200, type: 'text/plain', body: 'ok' }
    const user = userOf(request.headers.authorization)
    if (user === undefined) return statusReply(UNAUTHORIZED)
    const accept = request.headers.accept ?? ''
    const document = discovery(request.path, accept) ?? openapi(request.path)
    if (document !== undefined && request.method === 'GET')
      return { status: 200, type: document.type, body: JSON.stringify(document.body) }
    const target = targetOf(request.path)
    if (target === undefined) return statusReply(NO_SUCH_PATH)
    this.authorise(user, request, target)
    return this.dispatch(user, { ...target, request, at })
  }

  private authorise(user: User, { method, query }: SimRequest, target: Target): void {
    const { resource, name, namespace } = target
    const verb = verbOf(method, name !== undefined, isWatch(query))
    if (mayDo(user, verb, resource)) return
    throw forbidden(user.name, verb, {
      group: resource.group,
      resource: resource.name,
      name: name ?? '',
      ...(namespace === undefined ? {} : { namespace }),
    })
  }

  private dispatch(user: User, call: Call): Reply {
    const { request, resource, subresource } = call
    if (resource.kind === 'SelfSubjectAccessReview')
      return request.method === 'POST'
        ? json(accessReview(user, bodyOf(request)), 201)
        : statusReply(NO_SUCH_PATH)
    if (resource.kind === 'PodMetrics') return this.metrics(call)
    if (subresource === 'log' && resource.kind === 'Pod' && request.method === 'GET')
      return podLog(this.world, call, this.refresh)
    if (subresource === 'scale' && resource.kind === 'Deployment') return this.scale(call)
    if (subresource !== undefined) return statusReply(NO_SUCH_PATH)
    switch (request.method) {
      case 'GET':
        return this.read(call)
      case 'PATCH':
        return this.written(call, patch(this.world.cluster, { ...writeOf(call), type: contentType(request) }))
      case 'PUT':
        return this.written(call, replace(this.world.cluster, writeOf(call)))
      case 'POST':
        return this.written(call, create(this.world.cluster, writeOf(call)), 201)
      case 'DELETE':
        return this.written(call, remove(this.world.cluster, writeOf(call)))
      default:
        return notAllowed()
    }
  }

  private read(call: Call): Reply {
    const { request, resource, name, at } = call
    if (name === undefined) return isWatch(request.query) ? this.watch(call) : this.list(call)
    const found = this.objects(call, at.offsetMs).find((object) => object.metadata.name === name)
    if (found === undefined) throw notFound({ resource: resource.name, group: resource.group, name })
    return this.shown(call, found)
  }

  private objects({ resource, namespace }: Target, atMs: number): readonly KubeObject[] {
    if (resource.stored === undefined) return []
    const all = this.world.cluster.store.list(resource.stored, atMs)
    return namespace === undefined ? all : all.filter((one) => one.metadata.namespace === namespace)
  }

  private list(call: Call): Reply {
    const { request, resource, at } = call
    const accept = request.headers.accept ?? ''
    const resourceVersion = String(this.world.cluster.store.version)
    const objects = this.objects(call, at.offsetMs).filter(filterOf(request.query))
    if (isTable(accept)) return json(this.table(call, objects, true))
    const bare = isPartial(accept)
    return json({
      kind: bare ? 'PartialObjectMetadataList' : `${resource.kind}List`,
      apiVersion: bare ? 'meta.k8s.io/v1' : groupVersion(resource),
      metadata: { resourceVersion },
      items: bare ? objects.map(partial) : objects,
    })
  }

  private watch(call: Call): Reply {
    const { request, resource, namespace } = call
    const { query } = request
    if (resource.stored === undefined) return notAllowed()
    if (query.has('sendInitialEvents'))
      throw badRequest(
        'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch by this server',
      )
    const meets = filterOf(query)
    const asTable = isTable(request.headers.accept ?? '')
    const { store } = this.world.cluster
    const from = query.get('resourceVersion')
    if (from !== null && from !== '0' && from !== '' && store.since(Number(from)) === undefined)
      throw gone(`too old resource version: ${from}`)
    return watchReply({
      store,
      resource: resource.stored,
      kind: resource.kind,
      apiVersion: groupVersion(resource),
      from: from === '' ? null : from,
      timeoutSeconds: Number(query.get('timeoutSeconds') ?? 1800),
      bookmarks: query.get('allowWatchBookmarks') === 'true' && !asTable,
      meets: (object) =>
        (namespace === undefined || object.metadata.namespace === namespace) && meets(object),
      show: (object, isFirst) => (asTable ? this.table(call, [object], isFirst) : object),
      refresh: this.refresh,
    })
  }

  private table({ request, resource, at }: Call, objects: readonly KubeObject[], withColumns: boolean) {
    return tableOf({
      objects,
      kind: resource.kind,
      timeMs: at.timeMs,
      includeObject: request.query.get('includeObject') ?? 'Metadata',
      resourceVersion: String(this.world.cluster.store.version),
      withColumns,
    })
  }

  private shown(call: Call, object: KubeObject, status = 200): Reply {
    const accept = call.request.headers.accept ?? ''
    if (isTable(accept)) return json(this.table(call, [object], true), status)
    return json(isPartial(accept) ? partial(object) : object, status)
  }

  private written(call: Call, { object, warnings }: Written, status = 200): Reply {
    const reply = this.shown(call, object, status)
    if (warnings.length === 0) return reply
    const told = warnings.map((text) => `299 - "${text.replaceAll('"', '\\"')}"`).join(', ')
    return { ...reply, headers: { warning: told } }
  }

  private scale(call: Call): Reply {
    const { cluster } = this.world
    switch (call.request.method) {
      case 'GET':
        return json(scaleOf(cluster, call.name ?? ''))
      case 'PATCH':
        return json(patchScale(cluster, { ...writeOf(call), type: contentType(call.request) }))
      case 'PUT':
        return json(replaceScale(cluster, writeOf(call)))
      default:
        return notAllowed()
    }
  }

  private metrics(call: Call): Reply {
    const { cluster } = this.world
    const { name, resource, request, at } = call
    if (request.method !== 'GET') return notAllowed()
    const all = cluster.names
      .flatMap((deployment) => cluster.podsOf(deployment))
      .flatMap((pod) => podMetrics(this.world, pod, at.offsetMs) ?? [])
      .filter((object) => call.namespace === undefined || object.metadata.namespace === call.namespace)
    if (name === undefined)
      return json({
        kind: 'PodMetricsList',
        apiVersion: groupVersion(resource),
        metadata: {},
        items: all.filter(filterOf(request.query)),
      })
    const found = all.find(({ metadata }) => metadata.name === name)
    if (found === undefined) throw notFound({ resource: 'podmetrics', group: 'metrics.k8s.io', name })
    return json(found)
  }
}

function targetOf(path: string): Target | undefined {
  const groups = PATH.exec(path)?.groups
  if (groups === undefined) return undefined
  const resource = resourceOf(groups.group ?? '', groups.core ?? groups.version ?? '', groups.resource ?? '')
  if (resource === undefined || (!resource.namespaced && groups.namespace !== undefined)) return undefined
  const { namespace, name, subresource } = groups
  return { resource, namespace, name: name === undefined ? undefined : decodeURIComponent(name), subresource }
}

function filterOf(query: URLSearchParams): (object: KubeObject) => boolean {
  const labels = labelSelector(query.get('labelSelector') ?? '')
  const fields = fieldSelector(query.get('fieldSelector') ?? '')
  return (object) => labels(object.metadata.labels ?? {}) && fields(object)
}

function isWatch(query: URLSearchParams): boolean {
  return query.get('watch') === 'true' || query.get('watch') === '1'
}

function isTable(accept: string): boolean {
  return /as=Table/.test(accept)
}

function isPartial(accept: string): boolean {
  return /as=PartialObjectMetadata/.test(accept)
}

function contentType(request: SimRequest): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? ''
}

function writeOf({ request, resource, name, namespace, at }: Call) {
  return {
    resource,
    name: name ?? '',
    namespace: namespace ?? '',
    body: bodyOf(request),
    isDryRun: isDryRun(request.query),
    manager: request.query.get('fieldManager') ?? 'unknown',
    fieldValidation: request.query.get('fieldValidation') ?? 'Warn',
    atMs: at.offsetMs,
    timeMs: at.timeMs,
  }
}

function isDryRun(query: URLSearchParams): boolean {
  const told = query.getAll('dryRun')
  if (told.some((value) => value !== 'All'))
    throw badRequest(`invalid dryRun value: ${told.join(',')}, must be "All"`)
  return told.length > 0
}

function bodyOf({ body, bytes }: SimRequest): unknown {
  if (body === '') return {}
  const message = bytes === undefined ? undefined : fromProtobuf(bytes)
  if (message !== undefined) return message
  try {
    return JSON.parse(body)
  } catch {
    throw badRequest('the object provided is unrecognized (must be of type JSON)')
  }
}

function notAllowed(): Reply {
  return statusReply({
    code: 405,
    reason: 'MethodNotAllowed',
    message: 'the server does not allow this method on the requested resource',
  })
}
