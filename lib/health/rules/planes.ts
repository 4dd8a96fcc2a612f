import { PLANES, type PlaneId, type Verdict } from '../model'
import type { HealthPolicy } from '../policy'
import type { PlaneRow } from '../wire'
import { isUnread, worst } from './aggregate'
import { type ApiKey, apiLimits, apiReadings } from './api'
import { timeOf } from './evidence'
import { clock, NO_DEPLOY_FIGURE, newestOf, planeRow, sourceOf, unreadFigure } from './plane-row'
import { gpuPlane, hostPlane, queuePlane } from './planes-fleet'
import type { RatedInput, RatedWorld } from './rated'
import { countWords, durationWords, figureWords, plural } from './words'

/** planesOf gives the nine cells of the attribution strip in their fixed order, each with one figure in words. */
export function planesOf(input: RatedInput): readonly PlaneRow[] {
  return PLANES.map(({ id }) => BUILDERS[id](input))
}

const BUILDERS: Readonly<Record<PlaneId, (input: RatedInput) => PlaneRow>> = {
  code: codePlane,
  account: accountPlane,
  quota: quotaPlane,
  'provider-api': providerApiPlane,
  'provider-page': providerPagePlane,
  host: hostPlane,
  gpu: gpuPlane,
  queue: queuePlane,
  'control-plane': controlPlane,
}

const OUR_CONTAINER: ReadonlySet<string> = new Set([
  'instance.container-exited',
  'instance.disk-full',
  'instance.start-failed',
  'infra.image-pull',
])

const NO_DEPLOY_SOURCE: Verdict = {
  rating: 'unknown',
  code: 'code.no-deploy-source',
  reason: 'No deploy source is configured: whether something changed is not known',
}

function codePlane({ rated, now }: RatedInput): PlaneRow {
  const { world, changes } = rated
  const services = servicesOf(rated, ['integration', 'app', 'llama', 'whisper', 'vllm', 'http'])
  const containers = [...rated.instances.values()].filter((it) => OUR_CONTAINER.has(it.code))
  const ours = [...services.map((it) => it.verdict), ...containers]
  const verdict = worst([...ours, changes ? changed(changes.lastAt, now) : NO_DEPLOY_SOURCE])
  const ailing = verdict.rating === 'clear' ? undefined : services.find((it) => it.verdict === verdict)
  return {
    ...planeRow({
      id: 'code',
      verdict,
      figure: codeFigure({ verdict, ailing: ailing?.name, containers: containers.length, changes, now }),
      atMs: Math.max(newestService(services), changes?.observedAt.getTime() ?? 0),
      kind: 'service-health',
      world,
    }),
    ...(changes && services.length === 0 ? { source: changes.source } : {}),
  }
}

function changed(lastAt: Date | undefined, now: Date): Verdict {
  const since = lastAt ? durationWords((now.getTime() - lastAt.getTime()) / 1000) : undefined
  return {
    rating: 'clear',
    code: 'code.clear',
    reason: since ? `The last deployment was ${since} ago` : 'No deployment on record',
  }
}

function codeFigure(input: {
  readonly verdict: Verdict
  readonly ailing: string | undefined
  readonly containers: number
  readonly changes: RatedWorld['changes']
  readonly now: Date
}): string {
  const { verdict, ailing, containers, changes, now } = input
  if (ailing !== undefined) return `${ailing}: ${stateWord(verdict)}`
  if (OUR_CONTAINER.has(verdict.code)) return `${plural(containers, 'container')} in trouble`
  if (!changes) return NO_DEPLOY_FIGURE
  if (!changes.lastAt) return 'no deploy on record'
  return `no deploy for ${durationWords((now.getTime() - changes.lastAt.getTime()) / 1000)}`
}

function stateWord(verdict: Verdict): string {
  if (verdict.rating === 'breach') return verdict.code === 'service.down' ? 'down' : 'not well'
  return isUnread(verdict.rating) ? 'not read' : (verdict.code.split('.')[1] ?? 'warning')
}

function accountPlane({ rated, policy }: RatedInput): PlaneRow {
  const { world, credit, api } = rated
  const rented = [...rated.instances.values()].filter(
    (it) => it.code === 'instance.contract-ended' || it.code === 'instance.outbid',
  )
  const auth = api.figures.authErrors
  const verdict = worst([credit.verdict, ...(auth.rating === 'breach' ? [auth] : []), ...rented])
  const figure =
    verdict === auth && verdict.rating === 'breach'
      ? apiFigure('authErrors', rated, policy)
      : verdict !== credit.verdict
        ? `${plural(rented.length, 'rental')} ended or ending`
        : runwayFigure(credit.runwayHours)
  const atMs = Math.max(
    timeOf(world.credit.creditDollars),
    verdict === auth ? timeOf(world.api.authErrorsPerMinute) : 0,
  )
  const kind = verdict === auth && auth !== credit.verdict ? 'prometheus' : 'vast'
  return planeRow({ id: 'account', verdict, figure, atMs, kind, world })
}

function runwayFigure(hours: number | undefined): string {
  if (hours === undefined) return 'runway not known'
  if (!Number.isFinite(hours)) return 'nothing burns'
  if (hours <= 0) return 'no credit left'
  return hours < 1
    ? `${durationWords(hours * 3600)} of runway`
    : `${countWords(Math.floor(hours))} h of runway`
}

function quotaPlane({ rated, policy }: RatedInput): PlaneRow {
  const verdict = rated.api.figures.rateLimited
  const figure = apiFigure('rateLimited', rated, policy)
  const atMs = timeOf(rated.world.api.rateLimitedPerMinute)
  return planeRow({ id: 'quota', verdict, figure, atMs, kind: 'prometheus', world: rated.world })
}

const PROVIDER_KEYS: readonly ApiKey[] = ['serverErrors', 'errorRatio', 'p95', 'p99']

function providerApiPlane({ rated, policy }: RatedInput): PlaneRow {
  const verdict = worst(PROVIDER_KEYS.map((key) => rated.api.figures[key]))
  const loudest = PROVIDER_KEYS.find((key) => rated.api.figures[key] === verdict) ?? 'serverErrors'
  const readings = apiReadings(rated.world.api)
  const atMs = newestOf(PROVIDER_KEYS.map((key) => readings[key]))
  const figure = apiFigure(loudest, rated, policy)
  return planeRow({ id: 'provider-api', verdict, figure, atMs, kind: 'prometheus', world: rated.world })
}

function apiFigure(key: ApiKey, rated: RatedWorld, policy: HealthPolicy): string {
  const reading = apiReadings(rated.world.api)[key]
  const verdict = rated.api.figures[key]
  if (isUnread(verdict.rating)) return unreadFigure(timeOf(reading))
  const value = reading.kind === 'known' ? reading.value : reading.last?.value
  if (value === undefined) return unreadFigure(timeOf(reading))
  const { unit, limit, warn } = apiLimits(policy)[key]
  const name = {
    serverErrors: '5xx',
    authErrors: '401, 403:',
    rateLimited: '429:',
    errorRatio: 'errors',
    p95: 'p95',
    p99: 'p99',
  }[key]
  const bound = verdict.rating === 'warning' ? (warn ?? limit) : limit
  const joint = verdict.rating === 'clear' ? 'of' : '>'
  return `${name} ${figureWords(value)} ${unit} ${joint} ${figureWords(bound)}`
}

function providerPagePlane({ rated }: RatedInput): PlaneRow {
  const { world, page } = rated
  const reading = world.providerPage.indicator
  const atMs = timeOf(reading)
  const incidents = world.providerPage.incidents.length
  const figure = isUnread(page.rating)
    ? page.code === 'page.not-machine-readable'
      ? 'for people only'
      : unreadFigure(atMs)
    : page.rating === 'clear'
      ? 'no incident'
      : incidents > 0
        ? `${plural(incidents, 'incident')} open`
        : page.reason.replace('The provider reports ', '')
  return planeRow({ id: 'provider-page', verdict: page, figure, atMs, kind: 'statuspage', world })
}

const CONTROL_PARTS = /temporal|minio|object|database|postgres|redis|queue|storage/i

function controlPlane({ rated }: RatedInput): PlaneRow {
  const { world } = rated
  const stores = servicesOf(rated, ['minio'])
  const parts = [...rated.services.values()].flatMap((it) =>
    it.parts.filter((part) => CONTROL_PARTS.test(part.name)),
  )
  const temporal = sourceOf(world, 'temporal')
  const verdicts = [...stores.map((it) => it.verdict), ...parts.map((it) => it.verdict)]
  if (temporal) verdicts.push(temporalVerdict(temporal))
  const verdict = worst(verdicts)
  const ailing =
    stores.find((it) => it.verdict === verdict)?.name ?? parts.find((it) => it.verdict === verdict)?.name
  const atMs = Math.max(temporal?.lastOkAt?.getTime() ?? 0, newestService(stores))
  const figure = controlFigure(verdict, ailing, temporal)
  return planeRow({ id: 'control-plane', verdict, figure, atMs, kind: 'temporal', world })
}

// Our look at Temporal failing is not Temporal failing: it is unknown until a second path agrees.
function temporalVerdict(source: NonNullable<ReturnType<typeof sourceOf>>): Verdict {
  if (source.state === 'live')
    return { rating: 'clear', code: 'control-plane.clear', reason: 'Temporal answers' }
  const rating = source.lastOkAt ? 'stale' : 'unknown'
  return { rating, code: 'control-plane.unread', reason: source.detail || 'Temporal has not answered us' }
}

function controlFigure(
  verdict: Verdict,
  ailing: string | undefined,
  temporal: ReturnType<typeof sourceOf>,
): string {
  if (isUnread(verdict.rating)) {
    return temporal?.lastOkAt ? `no answer since ${clock(temporal.lastOkAt.getTime())}` : 'not read yet'
  }
  if (ailing !== undefined && verdict.rating !== 'clear')
    return `${ailing} ${verdict.rating === 'breach' ? 'down' : 'degraded'}`
  return temporal?.latencyMs === undefined
    ? 'answers'
    : `Temporal answers in ${figureWords(temporal.latencyMs)} ms`
}

type NamedService = { readonly name: string; readonly verdict: Verdict; readonly atMs: number }

// A part of a health answer speaks for what it names, not for the service that tells of it.
function servicesOf(rated: RatedWorld, kinds: readonly string[]): readonly NamedService[] {
  const found: NamedService[] = []
  for (const [id, service] of rated.world.services) {
    const rating = rated.services.get(id)
    if (!rating || !kinds.includes(service.kind) || rating.verdict.code.startsWith('service.part')) continue
    found.push({ name: service.name, verdict: rating.verdict, atMs: timeOf(service.outcome) })
  }
  return found
}

function newestService(services: readonly NamedService[]): number {
  return services.reduce((newest, it) => Math.max(newest, it.atMs), 0)
}
