/** clockOf writes an instant as its UTC time of day, `02:06:04Z`. */
export function clockOf(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(11, 19)}Z`
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** dayOf writes an instant's UTC day, `Wed 18 Nov 2026`. */
export function dayOf(atMs: number): string {
  const at = new Date(atMs)
  return `${DAYS[at.getUTCDay()] ?? ''} ${dateOf(atMs)}`
}

/** dateOf writes an instant's UTC date, `18 Nov 2026`. */
export function dateOf(atMs: number): string {
  const at = new Date(atMs)
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()] ?? ''} ${at.getUTCFullYear()}`
}

/** minuteOf writes an instant as its UTC minute, `02:06Z`. */
export function minuteOf(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(11, 16)}Z`
}
