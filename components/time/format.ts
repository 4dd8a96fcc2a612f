const MINUTE = 60
const HOUR = 3600
const DAY = 86_400

function two(value: number): string {
  return String(value).padStart(2, '0')
}

/** duration writes seconds exactly and short: `41s`, `4m 10s`, `1h 04m`, `2d 06h`; negative counts as zero. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  if (whole < MINUTE) return `${whole}s`
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)}m ${two(whole % MINUTE)}s`
  if (whole < DAY) return `${Math.floor(whole / HOUR)}h ${two(Math.floor((whole % HOUR) / MINUTE))}m`
  return `${Math.floor(whole / DAY)}d ${two(Math.floor((whole % DAY) / HOUR))}h`
}

/** limitTime writes a round limit without idle zeros: `2m`, `1h 30m`, `90s` reads `1m 30s`. */
export function limitTime(seconds: number): string {
  return duration(seconds).replace(/ 00[smh]$/, '')
}

/** age writes seconds coarsely, for the end of a line: `9 s`, `17 m`, `1h 04m`, `2d 06h`. */
export function age(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  if (whole < MINUTE) return `${whole} s`
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} m`
  return duration(whole)
}

/** TimeZone is `UTC` or an IANA name; undefined is this machine's own zone. */
export type TimeZone = string | undefined

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(
  zone: TimeZone,
  options: Intl.DateTimeFormatOptions,
  locale = 'en-GB',
): Intl.DateTimeFormat {
  const key = `${locale} ${zone ?? ''}${JSON.stringify(options)}`
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat(locale, { hourCycle: 'h23', timeZone: zone, ...options })
  formats.set(key, made)
  return made
}

/** zoneName is the short name of a zone at that instant, so it follows daylight saving: `CST`, `CDT`, `CET`. */
export function zoneName(atMs: number, zone: TimeZone): string {
  const name = zone ?? formatOf(undefined, {}).resolvedOptions().timeZone
  const locale = name.startsWith('America/') ? 'en-US' : 'en-GB'
  const parts = formatOf(zone, { timeZoneName: 'short' }, locale).formatToParts(atMs)
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? ''
}

/** utcTime writes `02:29Z`, or `02:29:41Z` with seconds. */
export function utcTime(atMs: number, seconds = false): string {
  const text = new Date(atMs).toISOString()
  return `${text.slice(11, seconds ? 19 : 16)}Z`
}

/** localTime writes `03:29 CET` in the given zone. */
export function localTime(atMs: number, zone: TimeZone): string {
  const time = formatOf(zone, { hour: '2-digit', minute: '2-digit' }).format(atMs)
  return `${time} ${zoneName(atMs, zone)}`
}

/** dayOf writes `Wed 18 Nov` in the given zone. */
export function dayOf(atMs: number, zone: TimeZone): string {
  const parts = formatOf(zone, { weekday: 'short', day: 'numeric', month: 'short' }).formatToParts(atMs)
  const part = (type: string): string => parts.find((entry) => entry.type === type)?.value ?? ''
  return `${part('weekday')} ${part('day')} ${part('month')}`
}

/** isSameDay tells whether two instants fall on one calendar day of the zone. */
export function isSameDay(aMs: number, bMs: number, zone: TimeZone): boolean {
  const format = formatOf(zone, { year: 'numeric', month: '2-digit', day: '2-digit' })
  return format.format(aMs) === format.format(bMs)
}

/** bothTimes writes an instant in full for a hover: `Wed 18 Nov 02:29:41Z (Wed 18 Nov 03:29 CET)`. */
export function bothTimes(atMs: number, zone: TimeZone): string {
  return `${dayOf(atMs, 'UTC')} ${utcTime(atMs, true)} (${dayOf(atMs, zone)} ${localTime(atMs, zone)})`
}
