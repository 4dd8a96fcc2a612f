/** FACT_UNITS are how a fact is measured and therefore shown. */
export const FACT_UNITS = [
  'text',
  'count',
  'percent',
  'ms',
  'seconds',
  'minutes',
  'hours',
  'usd',
  'gib',
  'clock',
  'moment',
] as const

/** FactUnit is how a fact is measured; `clock` and `moment` are ISO instants, shown without and with their day. */
export type FactUnit = (typeof FACT_UNITS)[number]

/** shownValue writes a value as it stands in a text; undefined when the value does not fit its unit. */
export function shownValue(unit: FactUnit, value: string | number): string | undefined {
  if (unit === 'text') return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
  if (unit === 'clock' || unit === 'moment') {
    const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN
    if (!Number.isFinite(ms)) return undefined
    return unit === 'clock' ? clockText(ms) : momentText(ms)
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined
  return shownNumber(unit, value)
}

function shownNumber(unit: Exclude<FactUnit, 'text' | 'clock' | 'moment'>, value: number): string {
  switch (unit) {
    case 'count':
      return grouped(value)
    case 'percent':
      return `${rounded(value)}%`
    case 'ms':
      return value < 10_000 ? `${grouped(value)} ms` : `${rounded(value / 1000)} s`
    case 'seconds':
      return durationText(value)
    case 'minutes':
      return durationText(value * 60)
    case 'hours':
      return `${rounded(value)} h`
    case 'usd':
      return `$${grouped(value)}`
    case 'gib':
      return `${rounded(value)} GiB`
    default:
      return unit satisfies never
  }
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** clockText writes an instant (epoch ms) as `09:12 UTC`. */
export function clockText(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 16)} UTC`
}

/** momentText writes an instant (epoch ms) with its day: `Wednesday 18 November 2026, 02:06 UTC`. */
export function momentText(ms: number): string {
  const at = new Date(ms)
  const day = `${DAYS[at.getUTCDay()]} ${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`
  return `${day}, ${clockText(ms)}`
}

/** durationText writes seconds as their two largest units: `4 min 10 s`, `1 h 12 min`, `2 days 3 h`. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3_600) return joined(Math.floor(whole / 60), 'min', whole % 60, 's')
  if (whole < 172_800) return joined(Math.floor(whole / 3_600), 'h', Math.floor((whole % 3_600) / 60), 'min')
  return joined(Math.floor(whole / 86_400), 'days', Math.floor((whole % 86_400) / 3_600), 'h')
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}

// The same in every locale of the machine: what is sent must not depend on where the worker runs.
function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

function rounded(value: number): string {
  if (Math.abs(value) >= 10) return grouped(value)
  return String(Math.round(value * 10) / 10)
}
