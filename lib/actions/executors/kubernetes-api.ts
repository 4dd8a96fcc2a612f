import type { RequestContext } from '@kubernetes/client-node/dist/gen/http/http.js'
import type { Http, HttpAnswer } from '../../platform/http-types'
import { rememberSecret } from '../../platform/redact'
import type { PlannedRequest } from '../executor'
import { type Fields, fieldsOf, listOf } from './kubernetes-patches'

/** KubernetesTarget is one namespace of one cluster, and how to reach it. */
export type KubernetesTarget = {
  readonly baseUrl: string
  readonly token: string
  readonly namespace: string
  readonly http: Http
}

/** Got is an object of the API, raw, or the answer that was none. */
export type Got =
  | { readonly ok: true; readonly object: Fields }
  | { readonly ok: false; readonly answer: Exclude<HttpAnswer, { ok: true }> }

const DEADLINE_MS = 10_000
const LOG_BYTES = 262_144
const MANAGER = 'watchfloor'
const JSON_PATCH = 'application/json-patch+json'
const MERGE_PATCH = 'application/merge-patch+json'
const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=1'

type Factories = {
  readonly apps: import('@kubernetes/client-node/dist/gen/apis/AppsV1Api.js').AppsV1ApiRequestFactory
  readonly core: import('@kubernetes/client-node/dist/gen/apis/CoreV1Api.js').CoreV1ApiRequestFactory
}

/**
 * factoriesFor loads the generated part of the client alone, at the first action: the whole package costs twice the
 * memory and holds ways to run programs. It makes the requests; our own HTTP client sends them, guarded and bounded.
 */
async function factoriesFor(target: KubernetesTarget): Promise<Factories> {
  const [apps, core, configuration, servers] = await Promise.all([
    import('@kubernetes/client-node/dist/gen/apis/AppsV1Api.js'),
    import('@kubernetes/client-node/dist/gen/apis/CoreV1Api.js'),
    import('@kubernetes/client-node/dist/gen/configuration.js'),
    import('@kubernetes/client-node/dist/gen/servers.js'),
  ])
  const baseServer = new servers.ServerConfiguration(target.baseUrl.replace(/\/+$/, ''), {})
  const made = configuration.createConfiguration({ baseServer })
  return { apps: new apps.AppsV1ApiRequestFactory(made), core: new core.CoreV1ApiRequestFactory(made) }
}

/** openKubernetesApi gives the few calls that actions make; it changes only deployments and secrets, each by one patch. */
export function openKubernetesApi(target: KubernetesTarget) {
  rememberSecret(target.token)
  const { namespace } = target
  let loaded: Promise<Factories> | undefined
  const factories = (): Promise<Factories> => {
    loaded ??= factoriesFor(target)
    return loaded
  }
  const asked = async (request: RequestContext, accept = 'application/json'): Promise<Got> => {
    request.setHeaderParam('Accept', accept)
    return objectOf(await send(target, request, { expect: 'json' }))
  }
  return {
    deployment: async (name: string): Promise<Got> =>
      asked(await (await factories()).apps.readNamespacedDeployment(name, namespace)),
    replicaSets: async (selector: string): Promise<Got> =>
      asked(
        await (await factories()).apps.listNamespacedReplicaSet(
          namespace,
          undefined,
          undefined,
          undefined,
          undefined,
          selector,
        ),
      ),
    pods: async (selector: string): Promise<Got> =>
      asked(
        await (await factories()).core.listNamespacedPod(
          namespace,
          undefined,
          undefined,
          undefined,
          undefined,
          selector,
        ),
      ),
    secretMetadata: async (name: string): Promise<Got> =>
      asked(await (await factories()).core.readNamespacedSecret(name, namespace), METADATA_ONLY),
    log: async (pod: string, bounds: { sinceSeconds: number; tailLines: number }): Promise<HttpAnswer> => {
      const { core } = await factories()
      const request = await core.readNamespacedPodLog(
        pod,
        namespace,
        undefined,
        undefined,
        undefined,
        LOG_BYTES,
        undefined,
        undefined,
        bounds.sinceSeconds,
        undefined,
        bounds.tailLines,
      )
      return send(target, request, { expect: 'text' })
    },
    /** patch sends a planned request as it stands; `dry` lets the server check it and keep nothing. */
    patch: async (planned: PlannedRequest, dry: boolean): Promise<Got> => {
      const request = await patchRequest(await factories(), namespace, planned, dry)
      request.setHeaderParam('Content-Type', planned.contentType)
      request.setBody(planned.body)
      return asked(request, METADATA_ONLY)
    },
  }
}

/** KubernetesApi are the calls that actions make. */
export type KubernetesApi = ReturnType<typeof openKubernetesApi>

/** deploymentPatch plans a JSON patch of a deployment. */
export function deploymentPatch(namespace: string, name: string, operations: unknown): PlannedRequest {
  return {
    method: 'PATCH',
    path: `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`,
    contentType: JSON_PATCH,
    body: JSON.stringify(operations),
  }
}

/** secretPatch plans a merge patch of a secret. */
export function secretPatch(namespace: string, name: string, patch: unknown): PlannedRequest {
  return {
    method: 'PATCH',
    path: `/api/v1/namespaces/${namespace}/secrets/${name}`,
    contentType: MERGE_PATCH,
    body: JSON.stringify(patch),
  }
}

const DEPLOYMENT_PATH = /^\/apis\/apps\/v1\/namespaces\/([^/]+)\/deployments\/([^/]+)$/
const SECRET_PATH = /^\/api\/v1\/namespaces\/([^/]+)\/secrets\/([^/]+)$/

async function patchRequest(
  { apps, core }: Factories,
  namespace: string,
  { path }: PlannedRequest,
  dry: boolean,
): Promise<RequestContext> {
  const dryRun = dry ? 'All' : undefined
  const deployment = DEPLOYMENT_PATH.exec(path)
  if (deployment?.[1] === namespace && deployment[2])
    return apps.patchNamespacedDeployment(deployment[2], namespace, {}, undefined, dryRun, MANAGER)
  const secret = SECRET_PATH.exec(path)
  if (secret?.[1] === namespace && secret[2])
    return core.patchNamespacedSecret(secret[2], namespace, {}, undefined, dryRun, MANAGER)
  throw new Error('a planned request leads to nothing that actions may change')
}

function send(
  { http, token }: KubernetesTarget,
  request: RequestContext,
  { expect }: { readonly expect: 'json' | 'text' },
): Promise<HttpAnswer> {
  const body = request.getBody()
  const method = request.getHttpMethod()
  return http.request({
    url: request.getUrl(),
    method: method === 'PATCH' ? 'PATCH' : 'GET',
    headers: { ...request.getHeaders(), authorization: `Bearer ${token}` },
    ...(typeof body === 'string' ? { body } : {}),
    deadlineMs: DEADLINE_MS,
    expect,
  })
}

function objectOf(answer: HttpAnswer): Got {
  if (!answer.ok) return { ok: false, answer }
  const object = fieldsOf(answer.value.json)
  if (typeof object.kind === 'string' && object.kind !== 'Status') return { ok: true, object }
  const detail = 'the answer is not an object of the Kubernetes API'
  return { ok: false, answer: { ok: false, why: 'schema_mismatch', detail } }
}

/** selectorOf is a deployment's label selector as a query writes it. */
export function selectorOf(deployment: Fields): string {
  const labels = fieldsOf(fieldsOf(fieldsOf(deployment.spec).selector).matchLabels)
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(',')
}

/** ownedBy keeps of a list what a controller of this uid owns. */
export function ownedBy(list: Fields, uid: unknown): readonly Fields[] {
  return listOf(list.items).filter((one) =>
    listOf(fieldsOf(one.metadata).ownerReferences).some((owner) => owner.uid === uid),
  )
}
