/** SettingRow is one setting of a policy in words: where it stands, its name, its value with its unit. */
export type SettingRow = {
  readonly section: string
  readonly key: string
  readonly name: string
  readonly value: string
}

const UNITS: readonly (readonly [ending: string, unit: string])[] = [
  ['PerMinute', 'a minute'],
  ['PerSecond', 'a second'],
  ['PerHour', 'an hour'],
  ['BusinessDays', 'business days'],
  ['Percent', '%'],
  ['Seconds', 's'],
  ['Minutes', 'min'],
  ['Hours', 'h'],
  ['Days', 'days'],
  ['Bytes', 'bytes'],
  ['Ms', 'ms'],
  ['C', '°C'],
]

/** settingRows gives every setting of a policy as it counts, those that the file leaves out included, section by section. */
export function settingRows(value: unknown): readonly SettingRow[] {
  const rows: SettingRow[] = []
  function visit(at: unknown, way: readonly string[]): void {
    if (isPlain(at)) {
      for (const [key, one] of Object.entries(at)) visit(one, [...way, key])
      return
    }
    if (Array.isArray(at) && at.some((one) => isPlain(one))) {
      // What a file lists at its top are its own sections: actions, rules.
      const above = way.length === 1 ? [] : way
      for (const [index, one] of at.entries()) visit(one, [...above, labelOf(one, index)])
      return
    }
    // The id of one of a list is its heading already.
    const isHeading = way.length > 1 && way.at(-1) === 'id' && way.at(-2) === at
    if (at !== '' && !isHeading) rows.push(rowOf(way, at))
  }
  visit(value, [])
  return rows
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** labelOf is what one of a list is called: its id, name or title, else its place from 1. */
export function labelOf(value: unknown, index: number): string {
  if (isPlain(value)) {
    for (const key of ['id', 'name', 'title']) if (typeof value[key] === 'string') return value[key]
  }
  return String(index + 1)
}

function rowOf(way: readonly string[], value: unknown): SettingRow {
  const [section = '', ...rest] = way.length > 1 ? way : ['', ...way]
  const last = rest.at(-1) ?? ''
  const unit = UNITS.find(([ending]) => last.endsWith(ending) && last !== ending)
  const bare = unit ? last.slice(0, -unit[0].length) : last
  const name = [...rest.slice(0, -1), bare].map(plain).join(' · ')
  return { section: plain(section), key: way.join('.'), name, value: shown(value, unit?.[1]) }
}

function plain(key: string): string {
  if (/[^A-Za-z0-9]/.test(key)) return key
  const words = key.replace(/([a-z0-9])([A-Z])/g, '$1 $2').split(' ')
  return words.map((word) => (word === word.toUpperCase() ? word : word.toLowerCase())).join(' ')
}

function shown(value: unknown, unit: string | undefined): string {
  if (value === undefined || value === null) return 'not set'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map((one) => String(one)).join(', ')
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return unit === undefined ? String(value) : `${String(value)} ${unit}`
}
