import { fieldOf, type Loose, listOf, looseFlag, looseNumber, secondsOf } from './loose'
import { sourceOf } from './reading'
import type { FleetRows } from './rows'

/** Fact is one line of telemetry: the value with unit, its limits, who says so and when (epoch seconds, 0 = never). */
export type Fact = {
  readonly name: string
  readonly value: number | null
  readonly unit: string
  readonly why?: string
  readonly warn?: number
  readonly limit?: number
  readonly limitWords?: string
  /** isLive marks the readings that every GPU should have: their absence is a line of its own. */
  readonly isLive?: true
  readonly source: string
  readonly at: number
}

/** DcgmValues is what Prometheus holds of one GPU now: metric name → value. */
export type DcgmValues = Readonly<Record<string, number>>

/** FactInput is everything known of one GPU: the live row, the agent's entry of it and DCGM's metrics. */
export type FactInput = {
  readonly fleet: FleetRows
  readonly row: number
  readonly agent: { readonly gpu: unknown; readonly at: number } | undefined
  readonly dcgm: DcgmValues | undefined
}

/** factsOf lists a GPU's telemetry against its limits; what no source tells is listed as unknown with its reason. */
export function factsOf(input: FactInput): Fact[] {
  const { fleet, row } = input
  const live = sourceOf(fleet, row)
  const column = (name: 'util' | 'temp' | 'vram'): number | null => {
    const value = fleet.gpus[name][row] ?? -1
    return value < 0 ? null : value
  }
  const from = { source: live.name, at: live.at, isLive: true as const }
  return [
    { name: 'Temperature', value: column('temp'), unit: '°C', ...thermalLimits(input.agent?.gpu), ...from },
    { name: 'Utilisation', value: column('util'), unit: '%', ...from },
    {
      name: 'Memory use',
      value: column('vram'),
      unit: '%',
      warn: 95,
      limit: 100,
      limitWords: 'warns at 95 %',
      ...from,
    },
    ...slowFacts(input),
  ]
}

/** agentGpu finds a GPU's entry in the newest report; undefined without a report or an entry. */
export function agentGpu(
  report: unknown,
  options: { readonly index: number; readonly receivedAt: string | undefined },
): FactInput['agent'] {
  const gpu = listOf(fieldOf(report, 'gpus')).find((entry) => fieldOf(entry, 'index') === options.index)
  return gpu === undefined ? undefined : { gpu, at: secondsOf(options.receivedAt) }
}

function thermalLimits(gpu: unknown): Pick<Fact, 'warn' | 'limit' | 'limitWords'> {
  const slowdown = looseNumber(fieldOf(gpu, 'limits', 'slowdownC')).value
  const shutdown = looseNumber(fieldOf(gpu, 'limits', 'shutdownC')).value
  if (fieldOf(gpu, 'limits', 'regime') === 'absolute' && slowdown !== undefined && shutdown !== undefined) {
    return { warn: slowdown, limit: shutdown, limitWords: `slows down at ${slowdown}, stops at ${shutdown}` }
  }
  return { warn: 85, limit: 95, limitWords: '85 and 95, assumed: the device does not tell' }
}

type Slow = {
  readonly name: string
  readonly unit: string
  readonly agentKeys: readonly string[]
  readonly metric?: string
  readonly warn?: number
  readonly limit?: number
  readonly limitWords?: string
}

const SLOW: readonly Slow[] = [
  {
    name: 'Margin to slowdown',
    unit: '°C',
    agentKeys: ['tlimitMarginC'],
    metric: 'DCGM_FI_DEV_GPU_TEMP_LIMIT',
    limitWords: 'degrees left; warns at 5',
  },
  {
    name: 'Memory temperature',
    unit: '°C',
    agentKeys: ['memoryTemperatureC'],
    metric: 'DCGM_FI_DEV_MEMORY_TEMP',
    warn: 95,
    limit: 105,
    limitWords: '95 and 105',
  },
  { name: 'Power', unit: 'W', agentKeys: ['powerDrawW'], metric: 'DCGM_FI_DEV_POWER_USAGE' },
  {
    name: 'Uncorrectable memory errors',
    unit: '',
    agentKeys: ['eccUncorrectedVolatile'],
    metric: 'DCGM_FI_DEV_ECC_DBE_VOL_TOTAL',
    limitWords: 'none wanted',
  },
]

function slowFacts(input: FactInput): Fact[] {
  return SLOW.map((slow) => {
    const limits = slow.name === 'Power' ? powerLimit(input.agent?.gpu) : slow
    const shown = {
      name: slow.name,
      unit: slow.unit,
      warn: limits.warn,
      limit: limits.limit,
      limitWords: limits.limitWords,
    }
    const told = looseNumber(fieldOf(input.agent?.gpu, ...slow.agentKeys))
    if (told.value !== undefined)
      return { ...shown, value: told.value, source: 'Agent', at: input.agent?.at ?? 0 }
    const metric = slow.metric === undefined ? undefined : input.dcgm?.[slow.metric]
    const isBlank = slow.metric === 'DCGM_FI_DEV_MEMORY_TEMP' && metric === 0
    if (metric !== undefined && !isBlank) {
      return { ...shown, value: metric, source: 'DCGM', at: sourceOf(input.fleet, input.row).at }
    }
    const why = input.agent
      ? (told as Extract<Loose<number>, { why: string }>).why
      : 'no source here measures it'
    return {
      ...shown,
      value: null,
      why,
      source: input.agent ? 'Agent' : 'No source',
      at: input.agent?.at ?? 0,
    }
  })
}

function powerLimit(gpu: unknown): Pick<Slow, 'warn' | 'limit' | 'limitWords'> {
  const limit = looseNumber(fieldOf(gpu, 'enforcedPowerLimitW')).value
  return limit === undefined ? {} : { limit, limitWords: `held to ${Math.round(limit)} W` }
}

const THROTTLES: readonly { readonly key: string; readonly words: string }[] = [
  { key: 'hwSlowdown', words: 'The hardware slows the card down (heat, power or an outside signal).' },
  { key: 'hwThermalSlowdown', words: 'The hardware slows the card down because it is too hot.' },
  { key: 'hwPowerBrakeSlowdown', words: 'The power supply asks the card to use less.' },
  { key: 'swThermalSlowdown', words: 'The driver slows the card down to keep it below its temperature.' },
  { key: 'swPowerCap', words: 'The card holds its power limit: normal under full load.' },
]

/** throttleWords says in plain words why the card runs slower than it could; undefined when nobody told. */
export function throttleWords(gpu: unknown): readonly string[] | undefined {
  const read = THROTTLES.map(({ key, words }) => ({ words, flag: looseFlag(fieldOf(gpu, key)).value }))
  if (read.every(({ flag }) => flag === undefined)) return undefined
  return read.filter(({ flag }) => flag === true).map(({ words }) => words)
}
