import type { SourceState } from '../health/model'
import { sourceOf } from '../health/rules/plane-row'
import { flagLook, noLook, readingLook, takenLook, valueLook, whyOfSource } from './look'
import type { Look, Looks } from './model'
import type { MetricsAsked } from './ports'
import type { Sight } from './sight'

/** apiLooks are the looks at the provider's API: the integration's figures, our own list call, the account and the page. */
export function apiLooks(sight: Sight): Looks {
  const { nowMs } = sight
  const { api, credit } = sight.rated.world
  return {
    'api.server-errors': readingLook('api.server-errors', api.serverErrorsPerMinute, nowMs),
    'api.auth-errors': readingLook('api.auth-errors', api.authErrorsPerMinute, nowMs),
    'api.rate-limited': readingLook('api.rate-limited', api.rateLimitedPerMinute, nowMs),
    'api.error-ratio': readingLook('api.error-ratio', api.errorRatioPercent, nowMs),
    'api.latency-p99': readingLook('api.latency-p99', api.latencyMsP99, nowMs),
    'account.credit': readingLook('account.credit', credit.creditDollars, nowMs),
    'account.runway': runway(sight),
    ...askedLooks(sight),
    ...listLooks(sight),
    ...pageLooks(sight),
    'provider.vantages-failing': vantages(sight),
  }
}

function runway({ rated, nowMs }: Sight): Look {
  const { runwayHours, verdict } = rated.credit
  const reading = rated.world.credit.creditDollars
  if (runwayHours === undefined)
    return noLook(
      'account.runway',
      reading.kind === 'unknown' ? reading.why : 'not_evaluated',
      verdict.reason,
    )
  const atMs =
    reading.kind === 'known' ? reading.observedAt.getTime() : (reading.last?.observedAt.getTime() ?? nowMs)
  return valueLook('account.runway', runwayHours, { atMs })
}

const REFUSALS: ReadonlySet<string> = new Set(['401', '403', '429'])

function askedLooks({ metrics, nowMs }: Sight): Looks {
  const ask = (name: string, read: (asked: MetricsAsked) => number | undefined): Look =>
    takenLook(name, metrics, {
      nowMs,
      read: (asked, at) => {
        const value = read(asked)
        return value === undefined
          ? noLook(name, 'field_absent', 'the integration does not count this')
          : valueLook(name, value, at)
      },
    })
  const shareOfCalls =
    (status: string) =>
    (asked: MetricsAsked): number | undefined =>
      asked.calls === undefined ? undefined : percent(asked.errors[status] ?? 0, asked.calls)
  return {
    'api.unanswered': ask('api.unanswered', (asked) =>
      asked.calls === undefined
        ? undefined
        : sum(Object.entries(asked.errors).filter(([status]) => !/^\d+$/.test(status))),
    ),
    'api.share-401': ask('api.share-401', shareOfCalls('401')),
    'api.share-403': ask('api.share-403', shareOfCalls('403')),
    'api.share-refusals': ask('api.share-refusals', (asked) => {
      const all = Object.entries(asked.errors)
      return asked.calls === undefined
        ? undefined
        : percent(sum(all.filter(([status]) => REFUSALS.has(status))), sum(all))
    }),
    'api.routes-refused': ask('api.routes-refused', (asked) => routesOf(asked, 'refused')),
    'api.routes-working': ask('api.routes-working', (asked) => routesOf(asked, 'working')),
    'api.calls-over-interval': ask('api.calls-over-interval', callsOverInterval),
    'own.memory': ask('own.memory', (asked) => asked.memoryPercent),
    'targets.down': takenLook('targets.down', metrics, {
      nowMs,
      read: (asked, at) => ({
        ...valueLook('targets.down', asked.targetsDown.length, at),
        words: `${asked.targetsDown.length} of ${asked.targetsDown.length + asked.targetsUp} targets`,
        subjects: asked.targetsDown,
      }),
    }),
    'alerts.baseless': takenLook('alerts.baseless', metrics, {
      nowMs,
      read: (asked, at) =>
        asked.baseless === undefined
          ? noLook('alerts.baseless', 'source_error', 'the alerts could not be read')
          : {
              ...valueLook('alerts.baseless', asked.baseless.length, at),
              subjects: asked.baseless.map((it) => `alert:${it}`),
            },
    }),
  }
}

function sum(pairs: readonly (readonly [string, number])[]): number {
  return pairs.reduce((total, [, value]) => total + value, 0)
}

function percent(part: number, whole: number): number {
  return whole > 0 ? (part / whole) * 100 : 0
}

const QUIET_ROUTE_PER_MINUTE = 1

function routesOf(asked: MetricsAsked, which: 'refused' | 'working'): number | undefined {
  if (!asked.routes) return undefined
  return Object.values(asked.routes).filter((byStatus) => {
    const all = sum(Object.entries(byStatus))
    if (all < QUIET_ROUTE_PER_MINUTE) return false
    return which === 'refused'
      ? percent(byStatus['403'] ?? 0, all) >= 90
      : percent(byStatus['200'] ?? 0, all) >= 50
  }).length
}

// Published minimum intervals between calls per endpoint; endpoints that name one instance can't be told apart here.
const PUBLISHED_INTERVAL_SECONDS: Readonly<Record<string, number>> = { instances: 1, users: 1 }

function callsOverInterval({ routes }: MetricsAsked): number | undefined {
  if (!routes) return undefined
  return Object.entries(PUBLISHED_INTERVAL_SECONDS).filter(
    ([route, seconds]) => sum(Object.entries(routes[route] ?? {})) > 60 / seconds,
  ).length
}

function listLooks({ rated, nowMs }: Sight): Looks {
  const vast = sourceOf(rated.world, 'vast')
  const status = (name: string, code: number): Look => {
    if (!vast || vast.state === 'waiting') return noLook(name, whyOfSource(vast))
    const atMs = vast.lastTriedAt?.getTime() ?? nowMs
    const limited = code === 429 && vast.why === 'rate_limited'
    if (limited || (vast.why === 'source_refused' && vast.status === code)) {
      return flagLook(name, true, { atMs, words: `answered ${code}: ${vast.detail}`.slice(0, 200) })
    }
    if (vast.why === undefined) return flagLook(name, false, { atMs, words: 'answered well' })
    if (vast.why === 'source_refused' || vast.why === 'rate_limited') {
      return flagLook(name, false, { atMs, words: `answered ${vast.status ?? 'otherwise'}` })
    }
    return noLook(name, vast.why, vast.detail, atMs)
  }
  return {
    'account.refused-401': status('account.refused-401', 401),
    'account.refused-403': status('account.refused-403', 403),
    'quota.own-429': status('quota.own-429', 429),
  }
}

const FAILS_US: ReadonlySet<string> = new Set(['source_unreachable', 'source_error', 'schema_mismatch'])

/** listFails tells whether our own list call fails at the provider: one miss is not known yet. */
function listFails(vast: SourceState | undefined): boolean | undefined {
  if (!vast || vast.state === 'waiting' || vast.state === 'off') return undefined
  if (vast.why === undefined || !FAILS_US.has(vast.why)) return false
  return vast.failures >= 2 ? true : undefined
}

function vantages(sight: Sight): Look {
  const { rated, nowMs } = sight
  const { errorRatioPercent } = rated.world.api
  const ratio = readingLook('api.error-ratio', errorRatioPercent, nowMs)
  const integration = ratio.kind === 'known' ? ratio.low > 50 : undefined
  const points = [
    ['source:vast', listFails(sourceOf(rated.world, 'vast'))],
    ['source:integration', integration],
  ] as const
  const failing = points.filter(([, fails]) => fails === true)
  const open = points.filter(([, fails]) => fails === undefined)
  if (open.length === points.length) return noLook('provider.vantages-failing', 'never_observed')
  return {
    ...valueLook('provider.vantages-failing', failing.length, { atMs: nowMs }),
    high: failing.length + open.length,
    words: `${failing.length} of ${points.length} vantage points`,
    hidden: open.map(([subject]) => subject),
  }
}

const AN_INCIDENT: ReadonlySet<string> = new Set(['minor', 'major', 'critical'])

function pageLooks({ rated, nowMs }: Sight): Looks {
  const { providerPage } = rated.world
  const { indicator } = providerPage
  const names = ['page.incident', 'page.silent', 'page.operational'] as const
  const unreadable =
    indicator.kind === 'unknown' && (indicator.why === 'not_supported' || indicator.why === 'schema_mismatch')
  if (unreadable) {
    const words = 'answers, with nothing that a machine can read'
    const atMs = nowMs
    return {
      'page.incident': flagLook('page.incident', false, { atMs, words }),
      'page.silent': flagLook('page.silent', true, { atMs, words }),
      'page.operational': noLook('page.operational', indicator.why, words),
    }
  }
  const known =
    indicator.kind === 'known' ? { value: indicator.value, atMs: indicator.observedAt.getTime() } : undefined
  const late =
    indicator.kind === 'unknown' && indicator.last && nowMs - indicator.last.observedAt.getTime() <= 30_000
  const said =
    known ??
    (late && indicator.kind === 'unknown' && indicator.last
      ? { value: indicator.last.value, atMs: indicator.last.observedAt.getTime() }
      : undefined)
  if (!said) {
    return Object.fromEntries(
      names.map((name) => [
        name,
        indicator.kind === 'unknown'
          ? {
              ...noLook(
                name,
                indicator.why === 'never_observed'
                  ? whyOfSource(sourceOf(rated.world, 'statuspage'))
                  : indicator.why,
                indicator.detail ?? '',
                indicator.since.getTime(),
              ),
              ...(indicator.last
                ? {
                    last: {
                      words: `“${indicator.last.value}”`,
                      observedAtMs: indicator.last.observedAt.getTime(),
                    },
                  }
                : {}),
            }
          : noLook(name, 'never_observed'),
      ]),
    )
  }
  const incident = AN_INCIDENT.has(said.value) || providerPage.incidents.length > 0
  const title = providerPage.incidents[0]?.name ?? ''
  const words = title === '' ? `“${said.value}”` : `“${said.value}”: ${title}`.slice(0, 200)
  const { atMs } = said
  return {
    'page.incident': flagLook('page.incident', incident, { atMs, words }),
    'page.silent': flagLook('page.silent', !incident, { atMs, words }),
    'page.operational': flagLook('page.operational', !incident && said.value === 'none', { atMs, words }),
  }
}
