import type { Scenario } from '../scenario'
import { managed } from './managed-fields'
import { isFields, type KubeObject, type ResourceName } from './model'
import { hashText, stampOf, uidOf } from './names'
import { type Cause, invalid } from './status'
import type { Store } from './store'

const DAY_MS = 86_400_000
const NGINX = 'nginx.ingress.kubernetes.io'
const WEIGHT = `${NGINX}/canary-weight`
export const HOST = 'integration.example.com'

type Route = { readonly resource: ResourceName; readonly object: KubeObject }

/** What splits the integration’s requests between its two Services, where the scenario has it; nothing goes to the canary yet. */
export function plantRoutes(scenario: Scenario, startMs: number): readonly Route[] {
  const { deployment, weights } = scenario.world.kubernetes
  const kept = (resource: ResourceName, made: Pick<KubeObject, 'apiVersion' | 'kind' | 'spec'> & Named) => ({
    resource,
    object: routeObject(scenario, startMs, made),
  })
  switch (weights) {
    case 'none':
      return []
    case 'gateway':
      return [
        kept('httproutes', {
          apiVersion: 'gateway.networking.k8s.io/v1',
          kind: 'HTTPRoute',
          name: deployment,
          spec: {
            hostnames: [HOST],
            parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'public' }],
            rules: [
              {
                matches: [{ path: { type: 'PathPrefix', value: '/' } }],
                backendRefs: [backendOf(deployment, 1), backendOf(`${deployment}-canary`, 0)],
              },
            ],
          },
        }),
      ]
    case 'ingress':
      return [
        kept('ingresses', { ...INGRESS, name: deployment, spec: ingressSpec(deployment) }),
        kept('ingresses', {
          ...INGRESS,
          name: `${deployment}-canary`,
          spec: ingressSpec(`${deployment}-canary`),
          annotations: { [`${NGINX}/canary`]: 'true', [WEIGHT]: '0' },
        }),
      ]
  }
}

const INGRESS = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' } as const

type Named = { readonly name: string; readonly annotations?: Readonly<Record<string, string>> }

function routeObject(
  scenario: Scenario,
  startMs: number,
  { name, annotations, apiVersion, kind, spec }: Pick<KubeObject, 'apiVersion' | 'kind' | 'spec'> & Named,
): KubeObject {
  const creationTimestamp = stampOf(startMs - 30 * DAY_MS)
  const metadata = {
    name,
    namespace: scenario.world.kubernetes.namespace,
    uid: uidOf(scenario.seed, hashText(`${kind}/${name}`)),
    resourceVersion: '',
    generation: 1,
    creationTimestamp,
    ...(annotations ? { annotations } : {}),
  }
  return managed({ apiVersion, kind, metadata, spec }, 'kubectl-create', creationTimestamp)
}

function backendOf(name: string, weight: number) {
  return { group: '', kind: 'Service', name, port: 8080, weight }
}

function ingressSpec(service: string) {
  const backend = { service: { name: service, port: { number: 8080 } } }
  return {
    ingressClassName: 'nginx',
    rules: [{ host: HOST, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
  }
}

/** The part of the requests, 0 to 1, that the canary of a deployment gets by weight; undefined when nothing splits so. */
export function canaryShareOf(store: Store, namespace: string, deployment: string): number | undefined {
  const route = store.get('httproutes', namespace, deployment)
  if (route) {
    const refs = refsOf(route).map(({ ref }) => ref)
    const whole = refs.reduce((sum, ref) => sum + weightOf(ref.weight), 0)
    const own = refs.find(({ name }) => name === `${deployment}-canary`)
    return own && whole > 0 ? weightOf(own.weight) / whole : 0
  }
  const ingress = store.get('ingresses', namespace, `${deployment}-canary`)
  if (!ingress) return undefined
  return Number(ingress.metadata.annotations?.[WEIGHT] ?? 0) / 100
}

function weightOf(weight: unknown): number {
  return typeof weight === 'number' ? weight : 1
}

function refsOf({ spec }: KubeObject) {
  const rules = isFields(spec) && Array.isArray(spec.rules) ? spec.rules : []
  return rules.filter(isFields).flatMap(({ backendRefs }, rule) =>
    (Array.isArray(backendRefs) ? backendRefs : []).filter(isFields).map((ref, at) => ({
      ref,
      path: `spec.rules[${rule}].backendRefs[${at}]`,
    })),
  )
}

/** Refuses a weight that the schema of the Gateway API refuses. */
export function checkedRoute(next: KubeObject): KubeObject {
  const causes = refsOf(next).flatMap(({ ref, path }): Cause[] => {
    const { weight } = ref
    if (weight === undefined || (Number.isInteger(weight) && Number(weight) >= 0 && Number(weight) <= 1e6))
      return []
    const message = `Invalid value: ${JSON.stringify(weight)}: must be an integer from 0 to 1000000`
    return [{ reason: 'FieldValueInvalid', message, field: `${path}.weight` }]
  })
  const { name } = next.metadata
  if (causes.length > 0)
    throw invalid('HTTPRoute', { resource: 'httproutes', group: 'gateway.networking.k8s.io', name }, causes)
  return next
}

/** Refuses annotations that are no text, as the server does, and a weight that nginx’ admission refuses. */
export function checkedIngress(next: KubeObject): KubeObject {
  const { annotations = {}, name } = next.metadata
  const causes = Object.entries(annotations).flatMap(([key, value]): Cause[] => {
    const isFine = typeof value === 'string' && (key !== WEIGHT || /^\d{1,6}$/.test(value))
    const message = `Invalid value: ${JSON.stringify(value)}`
    return isFine ? [] : [{ reason: 'FieldValueInvalid', message, field: `metadata.annotations[${key}]` }]
  })
  if (causes.length > 0)
    throw invalid('Ingress', { resource: 'ingresses', group: 'networking.k8s.io', name }, causes)
  return next
}
