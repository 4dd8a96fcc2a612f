import { type Fields, fieldsOf, listOf } from '../../actions/executors/kubernetes-patches'
import { neverSent } from '../../platform/http-failure'
import type { Http, HttpFailure } from '../../platform/http-types'
import type { Applied, NotKnown, Refused } from '../deployer'

/** Weighting names the object that splits requests: an HTTPRoute of the Gateway API, or a canary Ingress of nginx. */
export type Weighting = {
  readonly share: 'gateway' | 'ingress'
  readonly route: string
  /** canaryService is the backend of an HTTPRoute that leads to the canary. */
  readonly canaryService: string
}

/** Cluster is one namespace, and how to reach it. */
type Cluster = {
  readonly baseUrl: string
  readonly token: string
  readonly namespace: string
  readonly http: Http
}

/** Weight is the part of the requests that the canary gets, as it stands there; `unusable` says why it can be given none. */
export type Weight = {
  readonly kind: 'weight'
  readonly name: string
  readonly percent: number
  readonly unusable?: { readonly why: 'absent' | 'not-possible'; readonly detail: string }
  /** set are the operations that give the canary this percent. */
  readonly set: (percent: number) => readonly Operation[]
  /** uid and version are those that were read: a change on anything newer is a conflict. */
  readonly uid: unknown
  readonly version: unknown
}

type Operation = { readonly op: 'test' | 'add' | 'replace'; readonly path: string; readonly value: unknown }

const NGINX = 'nginx.ingress.kubernetes.io'
const CANARY = `${NGINX}/canary`
const WEIGHT = `${NGINX}/canary-weight`
const TOTAL = `${NGINX}/canary-weight-total`
const DEADLINE_MS = 10_000

/** The object as people call it, e.g. `HTTPRoute integration`. */
function weightName({ share, route }: Pick<Weighting, 'share' | 'route'>): string {
  return `${share === 'gateway' ? 'HTTPRoute' : 'canary Ingress'} ${route}`
}

function urlOf({ baseUrl, namespace }: Cluster, { share, route }: Weighting): string {
  const kind =
    share === 'gateway'
      ? `gateway.networking.k8s.io/v1/namespaces/${namespace}/httproutes`
      : `networking.k8s.io/v1/namespaces/${namespace}/ingresses`
  return `${baseUrl.replace(/\/+$/, '')}/apis/${kind}/${route}`
}

/**
 * readWeight looks at the object. One that is not there gives the canary nothing, so that the way back needs nothing of
 * it; going forward it is refused in words.
 */
export async function readWeight(
  cluster: Cluster,
  weighting: Weighting,
): Promise<Weight | Refused | NotKnown> {
  const name = weightName(weighting)
  const answer = await cluster.http.request({
    url: urlOf(cluster, weighting),
    headers: { accept: 'application/json', authorization: `Bearer ${cluster.token}` },
    deadlineMs: DEADLINE_MS,
    expect: 'json',
  })
  if (!answer.ok) {
    if (answer.status !== 404) return failed(answer, name)
    const unusable = { why: 'absent', detail: `${name} is not there` } as const
    return { kind: 'weight', name, ...NOTHING, unusable, uid: undefined, version: undefined }
  }
  const object = fieldsOf(answer.value.json)
  const split = weighting.share === 'gateway' ? splitOfRoute(object, weighting) : splitOfIngress(object)
  const { percent, set, why } = split
  const { uid, resourceVersion } = fieldsOf(object.metadata)
  return {
    kind: 'weight',
    name,
    percent,
    set,
    ...(why === undefined ? {} : { unusable: { why: 'not-possible', detail: `${name} ${why}` } }),
    uid,
    version: resourceVersion,
  }
}

type Split = Pick<Weight, 'percent' | 'set'> & { readonly why?: string }

const NOTHING: Pick<Weight, 'percent' | 'set'> = { percent: 0, set: () => [] }

function splitOfRoute({ spec }: Fields, { canaryService }: Weighting): Split {
  const rules = listOf(fieldsOf(spec).rules)
    .map((rule, index) => ({ refs: listOf(rule.backendRefs), index }))
    .filter(({ refs }) => refs.some(({ name }) => name === canaryService))
  if (rules.length === 0) return { ...NOTHING, why: `has no backend ${canaryService}` }
  const isPair = rules.every(({ refs }) => refs.length === 2)
  const percents = rules.map(({ refs }) => {
    const whole = refs.reduce((sum, { weight }) => sum + weightOf(weight), 0)
    const own = refs.find(({ name }) => name === canaryService)
    return whole === 0 ? 0 : (100 * weightOf(own?.weight)) / whole
  })
  return {
    // Rules that differ count as the largest: nobody is exposed more than is said.
    percent: rounded(Math.max(...percents)),
    ...(isPair ? {} : { why: `must split between two Services, ${canaryService} and the stable one` }),
    set: (percent) =>
      rules.flatMap(({ refs, index }) =>
        refs.flatMap(({ name }, at) =>
          name === canaryService || isPair
            ? [
                {
                  op: 'add' as const,
                  path: `/spec/rules/${index}/backendRefs/${at}/weight`,
                  value: name === canaryService ? percent : 100 - percent,
                },
              ]
            : [],
        ),
      ),
  }
}

/** A backend without a weight has 1, as the Gateway API says. */
function weightOf(weight: unknown): number {
  return typeof weight === 'number' ? weight : 1
}

function splitOfIngress({ metadata }: Fields): Split {
  const annotations = fieldsOf(fieldsOf(metadata).annotations)
  if (annotations[CANARY] !== 'true') return { ...NOTHING, why: `is no canary: ${CANARY} is not "true"` }
  const total = Number(annotations[TOTAL] ?? 100)
  const weight = Number(annotations[WEIGHT] ?? 0)
  if (!(total > 0) || !(weight >= 0)) return { ...NOTHING, why: 'has a weight that is no number' }
  return {
    percent: rounded((100 * weight) / total),
    set: (percent) => [
      {
        op: 'add',
        path: `/metadata/annotations/${WEIGHT.replaceAll('/', '~1')}`,
        value: String(Math.round((percent * total) / 100)),
      },
    ],
  }
}

function rounded(percent: number): number {
  return Math.round(percent * 10) / 10
}

/** setWeight gives the canary a percent, on exactly the version that was read: a newer one is a conflict (409). */
export async function setWeight(
  cluster: Cluster,
  weighting: Weighting,
  { weight, percent }: { readonly weight: Weight; readonly percent: number },
): Promise<Applied> {
  if (weight.unusable !== undefined && percent > 0) return { kind: 'refused', ...weight.unusable }
  const operations: readonly Operation[] = [
    { op: 'test', path: '/metadata/uid', value: weight.uid },
    { op: 'replace', path: '/metadata/resourceVersion', value: weight.version },
    ...weight.set(percent),
  ]
  const answer = await cluster.http.request({
    url: `${urlOf(cluster, weighting)}?fieldManager=watchfloor`,
    method: 'PATCH',
    headers: {
      accept: 'application/json',
      'content-type': 'application/json-patch+json',
      authorization: `Bearer ${cluster.token}`,
    },
    body: JSON.stringify(operations),
    deadlineMs: DEADLINE_MS,
    expect: 'json',
  })
  return answer.ok ? { kind: 'sent', detail: weight.name } : failed(answer, weight.name)
}

/** failed says what a failed call means: only what proves that nothing happened is a refusal. */
export function failed(answer: HttpFailure, what: string): Refused | NotKnown {
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
