/** countWords writes a whole number with thousands separators: 10,080. */
export function countWords(value: number): string {
  const digits = Math.abs(Math.round(value)).toString()
  const grouped = digits.replace(/\B(?=(\d{3})+$)/g, ',')
  return value <= -0.5 ? `−${grouped}` : grouped
}

/** figureWords writes a number with at most one decimal, and only below 100. */
export function figureWords(value: number): string {
  if (!Number.isFinite(value)) return 'no number'
  const rounded = Math.round(value * 10) / 10
  if (Math.abs(rounded) >= 100 || Number.isInteger(rounded)) return countWords(rounded)
  return rounded.toFixed(1)
}

/** durationWords writes seconds in its two greatest units: 41 s, 4 m 10 s, 1 h 48 m, 2 d 3 h. */
export function durationWords(seconds: number): string {
  const total = Math.max(0, Math.floor(seconds))
  if (total < 60) return `${total} s`
  if (total < 3_600) return pair(Math.floor(total / 60), 'm', total % 60, 's')
  if (total < 86_400) return pair(Math.floor(total / 3_600), 'h', Math.floor((total % 3_600) / 60), 'm')
  return pair(Math.floor(total / 86_400), 'd', Math.floor((total % 86_400) / 3_600), 'h')
}

/** plural joins a count with its noun: 1 host, 2 hosts. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${countWords(value)} ${value === 1 ? one : many}`
}

/** listWords joins names for people and cuts a long list: "a, b and 3 more". */
export function listWords(names: readonly string[], shown = 3): string {
  if (names.length <= 1) return names[0] ?? ''
  if (names.length <= shown) return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
  return `${names.slice(0, shown).join(', ')} and ${countWords(names.length - shown)} more`
}

/** capital raises the first letter of a phrase. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}
