import type { Figure } from '@/lib/health/wire'

const DIGITS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })

/** amount writes a number for a screen: thousands grouped, at most one decimal. */
export function amount(value: number): string {
  return DIGITS.format(value)
}

/** limitWords writes a limit with its unit: `> 1,000 ms`. */
export function limitWords(figure: Figure): string | undefined {
  return figure.limit === undefined
    ? undefined
    : `> ${amount(figure.limit)}${figure.unit === '%' ? ' %' : ''}`
}

/** shownValue picks what to print of a figure: the value, else the last known one marked as old, else nothing. */
export function shownValue(figure: Figure): { readonly value: number | null; readonly isOld: boolean } {
  if (figure.value !== null) return { value: figure.value, isOld: figure.rating === 'stale' }
  return figure.last === undefined ? { value: null, isOld: false } : { value: figure.last, isOld: true }
}

/** dollars writes money: cents below a hundred, whole dollars above. */
export function dollars(value: number): string {
  const digits = Math.abs(value) < 100 ? 2 : 0
  return `$${value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`
}
