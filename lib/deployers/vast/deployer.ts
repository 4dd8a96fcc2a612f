import { neverSent } from '../../platform/http-failure'
import type { Http, HttpAnswer } from '../../platform/http-types'
import { rememberSecret } from '../../platform/redact'
import type { Applied, Deployer, Desired, Digest, Look, NotKnown, Refused, Registry } from '../deployer'
import { promote } from '../oci/promote'
import { copiesOf, sharePercent } from '../share'

/** VastRollout is a set of instances between two images. */
export type VastRollout = {
  readonly baseUrl: string
  readonly apiKey: string
  readonly http: Http
  /** instances are the numbers of the instances that serve, in the order in which they get the new version. */
  readonly instances: readonly string[]
  readonly image: string
  readonly fresh: Digest
  readonly stable: Digest
  /** isInPlace replaces on the one instance: everybody meets the new version at once. */
  readonly isInPlace: boolean
  /** byTag: the instances follow this tag, which is moved before they are recycled; without it the image is pinned by digest. */
  readonly byTag?: { readonly tag: string; readonly repository: string; readonly registry: Registry }
}

const DEADLINE_MS = 10_000
const RETRY_MS = 2_300
/** A recycle that nobody answered may still begin. */
const SETTLE_MS = 12_000
const COMING: ReadonlySet<string> = new Set([
  'recycling',
  'rebooting',
  'loading',
  'created',
  'connecting',
  'scheduling',
])

type Fields = Readonly<Record<string, unknown>>
type Instance = {
  readonly id: string
  readonly image: string
  readonly actual: string
  readonly intended: string
  /** startedMs is when the container of now began, where the provider tells. */
  readonly startedMs: number | null
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** openVastDeployer changes an instance’s template and recycles it; a recycle destroys what is only in the container. */
export function openVastDeployer(rollout: VastRollout): Deployer {
  rememberSecret(rollout.apiKey)
  const api = callsOf(rollout)
  return {
    reach: rollout.isInPlace || rollout.instances.length < 2 ? 'all-at-once' : 'replicas',
    rungs: ['redeploy', 'restart'],
    settleMs: SETTLE_MS,
    look: async (desired) => {
      const read = await readAll(api, rollout)
      if ('kind' in read) return { kind: 'unknown', detail: read.detail }
      return judged(rollout, read, desired)
    },
    apply: (desired) => apply(api, rollout, desired),
  }
}

type Calls = {
  readonly instance: (id: string) => Promise<Instance | Refused | NotKnown>
  readonly put: (path: string, body: unknown) => Promise<Applied>
}

function callsOf({ http, baseUrl, apiKey }: VastRollout): Calls {
  const base = baseUrl.replace(/\/+$/, '')
  const headers = { authorization: `Bearer ${apiKey}` }
  const get = async (path: string): Promise<HttpAnswer> => {
    const call = { url: `${base}${path}`, headers, deadlineMs: DEADLINE_MS, expect: 'json' } as const
    const first = await http.request(call)
    if (first.ok || first.status !== 429) return first
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    return http.request(call)
  }
  return {
    instance: async (id) => {
      const answer = await get(`/api/v0/instances/${id}/?owner=me`)
      if (!answer.ok) return failureOf(answer)
      const body = fieldsOf(answer.value.json)
      if (body.success === false) return { kind: 'refused', why: 'not-possible', detail: saidIn(body) }
      if (body.instances === null)
        return { kind: 'refused', why: 'absent', detail: `there is no instance ${id}` }
      return instanceOf(id, fieldsOf(body.instances))
    },
    put: async (path, body) => {
      const answer = await http.request({
        url: `${base}${path}`,
        method: 'PUT',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        deadlineMs: DEADLINE_MS,
        expect: 'json',
      })
      if (!answer.ok) return failureOf(answer)
      const said = fieldsOf(answer.value.json)
      if (said.success === true) return { kind: 'sent', detail: 'the provider accepted it' }
      // A 200 is no acceptance: the flag in the body is.
      if (said.success === false && !/queued/i.test(textOf(said.msg)))
        return { kind: 'refused', why: 'not-possible', detail: saidIn(said) }
      return { kind: 'unknown', detail: `the provider did not say whether it accepted: ${saidIn(said)}` }
    },
  }
}

function saidIn(body: Fields): string {
  return [textOf(body.error), textOf(body.msg)].filter((it) => it !== '').join(': ') || 'no reason was given'
}

function failureOf(answer: Exclude<HttpAnswer, { ok: true }>): Refused | NotKnown {
  const { status, detail, body } = answer
  const no = (why: Refused['why']): Refused => ({ kind: 'refused', why, detail })
  if (status === 429 || (status === 400 && /too frequent/i.test(body ?? ''))) return no('limited')
  if (status === 400 || status === 422) return no('invalid')
  if (status === 401 || status === 403) return no('forbidden')
  if (status === 404) return no('absent')
  if (neverSent(answer)) return no('unreachable')
  return { kind: 'unknown', detail }
}

function instanceOf(id: string, row: Fields): Instance | NotKnown {
  if (row.id === undefined) return { kind: 'unknown', detail: 'the answer does not hold the instance' }
  const started = typeof row.start_date === 'number' ? row.start_date * 1_000 : null
  return {
    id,
    image: textOf(row.image_uuid),
    actual: textOf(row.actual_status),
    intended: textOf(row.intended_status),
    startedMs: started,
  }
}

type Read = { readonly instances: readonly Instance[]; readonly tag: Digest | null | undefined }

async function readAll(api: Calls, rollout: VastRollout): Promise<Read | Refused | NotKnown> {
  const instances: Instance[] = []
  for (const id of rollout.instances) {
    const got = await api.instance(id)
    if ('kind' in got) return got
    instances.push(got)
  }
  const { byTag } = rollout
  if (byTag === undefined) return { instances, tag: undefined }
  const look = await byTag.registry.look(byTag.repository, byTag.tag)
  if (look.kind === 'manifest') return { instances, tag: look.digest }
  if (look.kind === 'absent') return { instances, tag: null }
  return { kind: 'unknown', detail: look.detail }
}

/** References that pin what an instance runs: by its digest, or by the name that stands for one deployment of a tag. */
function pinned(rollout: VastRollout, digest: Digest): string {
  return `${rollout.image}@${digest}`
}

function isUp({ actual, intended }: Instance): boolean {
  return actual === 'running' && intended === 'running'
}

function judged(rollout: VastRollout, read: Read, desired: Desired): Look {
  const { instances } = read
  const on = (one: Instance, digest: Digest): boolean => one.image.includes(digest)
  const fresh = instances.filter((one) => on(one, rollout.fresh))
  const up = instances.filter(isUp)
  const wanted = desired.do === 'expose' ? countFor(rollout, desired.percent) : 0
  const isOld = (one: Instance): boolean => !on(one, rollout.fresh)
  const gone = instances.find(({ intended, actual }) => intended !== 'running' || actual === 'offline')
  const isTag = (digest: Digest): boolean => read.tag === undefined || read.tag === digest
  const foreign = foreignIn(rollout, read)
  return {
    kind: 'seen',
    reached:
      desired.do === 'expose'
        ? fresh.length === wanted && fresh.every(isUp) && isTag(rollout.fresh)
        : desired.do === 'finish'
          ? fresh.length === instances.length && fresh.every(isUp)
          : desired.do === 'redeploy'
            ? instances.every((one) => isOld(one) && isUp(one)) && isTag(rollout.stable)
            : false,
    exposurePercent: sharePercent(fresh.filter(isUp).length, up.length),
    achievablePercent: desired.do === 'expose' ? sharePercent(wanted, instances.length) : 0,
    isOldEverywhere: instances.every((one) => isOld(one) && isUp(one)) && isTag(rollout.stable),
    ready: { fresh: fresh.length, freshReady: fresh.filter(isUp).length, all: instances.length },
    foreign: desired.do === 'expose' || desired.do === 'finish' ? foreign : null,
    failed: gone
      ? `instance ${gone.id} is ${gone.actual || 'unknown'}, intended ${gone.intended || 'unknown'}`
      : null,
    detail: `${fresh.length} of ${instances.length} instances have the new image${instances.some(({ actual }) => COMING.has(actual)) ? ', one is coming up' : ''}`,
  }
}

function foreignIn(rollout: VastRollout, { instances, tag }: Read): string | null {
  if (tag !== undefined && tag !== null && tag !== rollout.fresh && tag !== rollout.stable)
    return `the tag ${rollout.byTag?.tag ?? ''} names ${tag}`
  const other = instances.find(
    ({ image }) =>
      image.includes('@sha256:') && !image.includes(rollout.fresh) && !image.includes(rollout.stable),
  )
  return other ? `instance ${other.id} runs ${other.image}` : null
}

function countFor(rollout: VastRollout, percent: number): number {
  return rollout.isInPlace ? rollout.instances.length : copiesOf(rollout.instances.length, percent)
}

async function apply(api: Calls, rollout: VastRollout, desired: Desired): Promise<Applied> {
  const read = await readAll(api, rollout)
  if ('kind' in read)
    return read.kind === 'refused' ? read : { kind: 'refused', why: 'unreachable', detail: read.detail }
  if (desired.do === 'restart')
    return eachOf(read.instances, ({ id }) => api.put(`/api/v0/instances/reboot/${id}/`, {}))
  if (desired.do !== 'expose' && desired.do !== 'redeploy')
    return { kind: 'sent', detail: 'nothing was missing' }
  const percent = desired.do === 'expose' ? desired.percent : 0
  const digest = desired.do === 'expose' ? rollout.fresh : rollout.stable
  const moved = await movesTag(rollout, read, digest)
  if (moved.kind !== 'sent') return moved
  const has = (one: Instance): boolean => one.image.includes(rollout.fresh)
  const todo =
    desired.do === 'redeploy'
      ? read.instances.filter(has)
      : read.instances
          .filter((one) => !has(one))
          .slice(0, Math.max(0, countFor(rollout, percent) - read.instances.filter(has).length))
  return eachOf(todo, (one) => replace(api, rollout, one, digest))
}

/** In by-tag mode the tag moves first and is verified, then the instances pull it: one order, never the other. */
async function movesTag(rollout: VastRollout, { tag }: Read, digest: Digest): Promise<Applied> {
  const { byTag } = rollout
  if (byTag === undefined || tag === digest) return { kind: 'sent', detail: 'the tag names it already' }
  const outcome = await promote(byTag.registry, {
    repository: byTag.repository,
    from: null,
    to: byTag.tag,
    digest,
    before: tag ?? null,
  })
  if (outcome.kind === 'done' || outcome.kind === 'already')
    return { kind: 'sent', detail: 'the tag was moved' }
  if (outcome.kind === 'foreign') return { kind: 'refused', why: 'conflict', detail: outcome.detail }
  if (outcome.kind === 'refused' || outcome.kind === 'unknown') return outcome
  return { kind: 'sent', detail: 'the tag was moved' }
}

async function replace(api: Calls, rollout: VastRollout, one: Instance, digest: Digest): Promise<Applied> {
  const template = await api.put(`/api/v0/instances/update_template/${one.id}/`, {
    id: Number(one.id),
    image: pinned(rollout, digest),
  })
  if (template.kind !== 'sent') return template
  return api.put(`/api/v0/instances/recycle/${one.id}/`, {})
}

async function eachOf(
  todo: readonly Instance[],
  work: (one: Instance) => Promise<Applied>,
): Promise<Applied> {
  let done = 0
  for (const one of todo) {
    const outcome = await work(one)
    if (outcome.kind !== 'sent') {
      const detail = `${done} of ${todo.length} instances were changed; ${one.id}: ${outcome.detail}`
      return done > 0 ? { kind: 'unknown', detail } : { ...outcome, detail }
    }
    done += 1
  }
  return { kind: 'sent', detail: `${done} instances` }
}
