/** PromExpression is one expression that the product asks: what it measures and in which unit. */
export type PromExpression = {
  readonly name: string
  readonly expr: string
  readonly unit: string
  readonly meaning: string
}

const COUNT_WINDOW_MINUTES = 2
const REQUESTS = 'vastai_request_duration_seconds_count'
const BUCKETS = 'vastai_request_duration_seconds_bucket'
const INTEGRATION = 'job=~"(vastai-)?integration"'

/**
 * A labelled counter is born at its first count, and `increase` of a series with one sample is nothing: a first 401 would go unseen.
 * So a series that was not there two minutes ago, on a target that was up then, counts whole. The last part gives 0 only while requests are counted at all.
 */
function errorsPerMinute(matcher: string): string {
  const errors = `vastai_errors_total{${matcher}}`
  const window = `${COUNT_WINDOW_MINUTES}m`
  const newborn = `${errors} unless (${errors} offset ${window}) and on (job, instance) ((up offset ${window}) == 1)`
  return `sum((${newborn}) or increase(${errors}[${window}])) / ${COUNT_WINDOW_MINUTES} or 0 * sum(rate(${REQUESTS}[${window}]))`
}

function quantileMs(quantile: number): string {
  return `1000 * histogram_quantile(${quantile}, sum by (le) (rate(${BUCKETS}[5m])))`
}

/** API_QUERIES are the integration's own numbers about the provider's API; each gives one number. */
export const API_QUERIES = {
  serverErrorsPerMinute: {
    name: 'serverErrorsPerMinute',
    expr: errorsPerMinute('status=~"5.."'),
    unit: '/min',
    meaning: 'Answers 5xx of the provider’s API per minute, over the last two minutes.',
  },
  authErrorsPerMinute: {
    name: 'authErrorsPerMinute',
    expr: errorsPerMinute('status=~"401|403"'),
    unit: '/min',
    meaning: 'Refusals 401 and 403 of our key per minute, over the last two minutes.',
  },
  rateLimitedPerMinute: {
    name: 'rateLimitedPerMinute',
    expr: errorsPerMinute('status="429"'),
    unit: '/min',
    meaning: 'Answers 429 of the provider’s API per minute, over the last two minutes.',
  },
  errorRatioPercent: {
    name: 'errorRatioPercent',
    expr: `100 * (sum(rate(vastai_errors_total[5m])) or 0 * sum(rate(${REQUESTS}[5m]))) / sum(rate(${REQUESTS}[5m]))`,
    unit: '%',
    meaning:
      'Share of requests to the provider’s API that failed, over five minutes; no traffic is no number.',
  },
  latencyMsP95: {
    name: 'latencyMsP95',
    expr: quantileMs(0.95),
    unit: 'ms',
    meaning: 'Time within which 95 of 100 requests to the provider’s API were answered, over five minutes.',
  },
  latencyMsP99: {
    name: 'latencyMsP99',
    expr: quantileMs(0.99),
    unit: 'ms',
    meaning: 'Time within which 99 of 100 requests to the provider’s API were answered, over five minutes.',
  },
  requestsPerMinute: {
    name: 'requestsPerMinute',
    expr: `60 * sum(rate(${REQUESTS}[5m]))`,
    unit: '/min',
    meaning: 'Requests to the provider’s API per minute, over five minutes.',
  },
  memorySharePercent: {
    name: 'memorySharePercent',
    expr: `100 * max(container_memory_working_set_bytes{container="vastai-integration"} / (container_spec_memory_limit_bytes{container="vastai-integration"} > 0)) or 100 * max(process_resident_memory_bytes{${INTEGRATION}} / (process_memory_limit_bytes{${INTEGRATION}} > 0))`,
    unit: '%',
    meaning: 'Memory of the integration’s fullest replica as a share of its limit.',
  },
  cpuPercent: {
    name: 'cpuPercent',
    expr: `100 * max(rate(container_cpu_usage_seconds_total{container="vastai-integration"}[2m])) or 100 * max(rate(process_cpu_seconds_total{${INTEGRATION}}[2m]))`,
    unit: '%',
    meaning: 'CPU of the integration’s busiest replica; 100 is one core.',
  },
} as const satisfies Readonly<Record<string, PromExpression>>

/** SERIES_QUERIES give several series each. */
export const SERIES_QUERIES = {
  errorsByStatus: {
    name: 'errorsByStatus',
    expr: 'sum by (status) (rate(vastai_errors_total[5m])) * 60',
    unit: '/min',
    meaning: 'Failed requests to the provider’s API per minute by status, over five minutes.',
  },
  up: {
    name: 'up',
    expr: 'up',
    unit: '',
    meaning: 'Whether Prometheus reached each target at its last scrape.',
  },
} as const satisfies Readonly<Record<string, PromExpression>>

/** EVIDENCE_QUERIES are kept as they are in an evidence bundle, beside the figures above. */
export const EVIDENCE_QUERIES = {
  errorsTotal: {
    name: 'vastai_errors_total',
    expr: 'vastai_errors_total',
    unit: '',
    meaning: 'The integration’s own counter of failed requests, series by series.',
  },
} as const satisfies Readonly<Record<string, PromExpression>>

const BY_STATUS = `vastai_errors_total`
const WINDOW = `${COUNT_WINDOW_MINUTES}m`
const NEWBORN = `${BY_STATUS} unless (${BY_STATUS} offset ${WINDOW}) and on (job, instance) ((up offset ${WINDOW}) == 1)`

/** TRIAGE_QUERIES are what triage asks on demand; rates are per minute over two minutes, so that an answer follows its cause soon. */
export const TRIAGE_QUERIES = {
  errorsByStatus: {
    name: 'triageErrorsByStatus',
    expr: `sum by (status) ((${NEWBORN}) or increase(${BY_STATUS}[${WINDOW}])) / ${COUNT_WINDOW_MINUTES}`,
    unit: '/min',
    meaning: 'Failed requests to the provider’s API per minute by status.',
  },
  calls: {
    name: 'triageCalls',
    expr: `60 * sum(rate(${REQUESTS}[${WINDOW}]))`,
    unit: '/min',
    meaning: 'Requests to the provider’s API per minute.',
  },
  callsByRoute: {
    name: 'triageCallsByRoute',
    expr: `60 * sum by (route, status) (rate(vastai_requests_total[${WINDOW}]))`,
    unit: '/min',
    meaning:
      'Requests to the provider’s API per minute by route and status, where the integration counts them so.',
  },
  up: {
    name: 'triageUp',
    expr: 'up',
    unit: '',
    meaning: 'Whether Prometheus reached each target at its last scrape.',
  },
} as const satisfies Readonly<Record<string, PromExpression>>

/** HOT_METRICS are read at every sweep, in this order. */
export const HOT_METRICS = [
  'DCGM_FI_DEV_GPU_UTIL',
  'DCGM_FI_DEV_GPU_TEMP',
  'DCGM_FI_DEV_FB_USED',
  'DCGM_FI_DEV_FB_FREE',
  'DCGM_FI_DEV_POWER_USAGE',
  'DCGM_FI_DEV_XID_ERRORS',
] as const

/** SLOW_METRICS change rarely or are often not exported; they are read with the inventory, in this order. */
export const SLOW_METRICS = [
  'DCGM_FI_DEV_MEMORY_TEMP',
  'DCGM_FI_DEV_GPU_TEMP_LIMIT',
  'DCGM_FI_DEV_ECC_DBE_VOL_TOTAL',
  'DCGM_FI_DEV_ROW_REMAP_FAILURE',
  'DCGM_FI_DEV_ROW_REMAP_PENDING',
  'DCGM_FI_DEV_CLOCKS_EVENT_REASONS',
  'DCGM_FI_DEV_CLOCK_THROTTLE_REASONS',
  'DCGM_FI_DEV_FB_RESERVED',
] as const

function bySeries(metrics: readonly string[]): string {
  return `max by (__name__, UUID) ({__name__=~"${metrics.join('|')}"})`
}

/** placeLabels are the labels that may name the instance of a GPU; `extra` is configured. */
export function placeLabels(extra?: string): readonly string[] {
  const base = ['vast_instance_id', 'hostname', 'Hostname']
  return extra === undefined || base.includes(extra) ? base : [extra, ...base]
}

/** dcgmQueries gives the expressions of GPU telemetry for the labels that name the instance. */
export function dcgmQueries(instanceLabel?: string): {
  /** hot holds one expression a metric, in the order of HOT_METRICS: an answer of 10,000 series stays near 1 MB. */
  readonly hot: readonly PromExpression[]
  readonly slow: PromExpression
  readonly inventory: PromExpression
  readonly sampleTimes: PromExpression
  readonly newXid: PromExpression
} {
  const place = placeLabels(instanceLabel).join(', ')
  return {
    hot: HOT_METRICS.map((metric) => ({
      name: `dcgmHot ${metric}`,
      expr: `max by (UUID) (${metric})`,
      unit: '',
      meaning: `${metric} of every GPU.`,
    })),
    slow: {
      name: 'dcgmSlow',
      expr: bySeries(SLOW_METRICS),
      unit: '',
      meaning:
        'Memory temperature, margin, ECC, row remapping and clock events of every GPU that exports them.',
    },
    inventory: {
      name: 'dcgmInventory',
      expr: `max by (UUID, gpu, modelName, pci_bus_id, ${place}) ({__name__=~"DCGM_FI_DEV_GPU_TEMP|DCGM_FI_DEV_XID_ERRORS"})`,
      unit: '',
      meaning: 'Which GPU sits where: UUID, index, model, bus id and the labels of its host.',
    },
    sampleTimes: {
      name: 'dcgmSampleTimes',
      expr: `min by (${place}) (timestamp(DCGM_FI_DEV_GPU_TEMP))`,
      unit: 's',
      meaning: 'Time of the oldest GPU sample of each host, by the scraper’s clock.',
    },
    newXid: {
      name: 'dcgmNewXid',
      expr: 'changes(DCGM_FI_DEV_XID_ERRORS[30m]) > 0',
      unit: '',
      meaning: 'GPUs whose last XID code changed within 30 minutes; the same code twice can’t be seen.',
    },
  }
}

/** GPU_HISTORY_METRICS maps the fields of a GPU's history to their metric. */
export const GPU_HISTORY_METRICS = {
  utilPercent: 'DCGM_FI_DEV_GPU_UTIL',
  tempC: 'DCGM_FI_DEV_GPU_TEMP',
  vramUsedMib: 'DCGM_FI_DEV_FB_USED',
  vramFreeMib: 'DCGM_FI_DEV_FB_FREE',
} as const

/**
 * gpuHistoryQuery gives the range expression of one GPU, where a sample holds for `holdsSeconds`; the UUID is checked,
 * since it goes into the expression. Throws on anything else.
 */
export function gpuHistoryQuery(uuid: string, holdsSeconds = 60): PromExpression {
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(uuid)) throw new Error('Not a GPU UUID.')
  const names = Object.values(GPU_HISTORY_METRICS).join('|')
  return {
    name: 'gpuHistory',
    expr: `max by (__name__) (last_over_time({__name__=~"${names}", UUID="${uuid}"}[${holdsSeconds}s]))`,
    unit: '',
    meaning: 'Utilisation, temperature and memory of one GPU over time.',
  }
}

/** instancePlaces are the label matchers under which exporters name an instance; throws unless the id may stand in an expression. */
export function instancePlaces(instanceId: string, instanceLabel?: string): readonly string[] {
  if (!/^[\w.-]{1,64}$/.test(instanceId)) throw new Error('Not an instance id.')
  return [
    `hostname="C.${instanceId}"`,
    `Hostname="C.${instanceId}"`,
    `vast_instance_id="${instanceId}"`,
    ...(instanceLabel ? [`${instanceLabel}="${instanceId}"`] : []),
  ]
}

/**
 * gpuUuidQuery finds which card was seen within the last minutes as this GPU of an instance: `places` are label matchers
 * that the caller has checked.
 */
export function gpuUuidQuery(places: readonly string[], index: number, minutes: number): PromExpression {
  const series = places.map(
    (place) => `last_over_time(DCGM_FI_DEV_GPU_TEMP{gpu="${index}",${place}}[${minutes}m])`,
  )
  return {
    name: 'gpuUuid',
    expr: `max by (UUID) (${series.join(' or ')})`,
    unit: '',
    meaning: 'The UUID of one GPU of one instance.',
  }
}

/** allQueries lists every expression that the product ships. */
export function allQueries(): readonly PromExpression[] {
  return [
    ...Object.values(API_QUERIES),
    ...Object.values(SERIES_QUERIES),
    ...Object.values(TRIAGE_QUERIES),
    ...Object.values(dcgmQueries()).flat(),
    gpuHistoryQuery('GPU-0'),
    gpuUuidQuery(['hostname="C.1"', 'vast_instance_id="1"'], 0, 5),
  ]
}
