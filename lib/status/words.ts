import type { ShownState } from './model'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** timeOf writes an instant’s time of day: `02:29 UTC`. */
export function timeOf(at: Date): string {
  return `${at.toISOString().slice(11, 16)} UTC`
}

/** dayOf writes an instant’s day in UTC: `18 Nov`. */
export function dayOf(at: Date): string {
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}`
}

/** weekdayOf writes an instant’s day in UTC with its weekday: `Wed 18 Nov`. */
export function weekdayOf(at: Date): string {
  return `${WEEKDAYS[at.getUTCDay()]} ${dayOf(at)}`
}

/** localOf writes an instant in the page’s own time zone: `03:29 GMT+1`; empty where that is UTC or not known. */
export function localOf(at: Date, timeZone: string): string {
  if (/^(Etc\/)?(UTC|GMT)$/.test(timeZone)) return ''
  try {
    return new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hour: '2-digit',
      minute: '2-digit',
      timeZoneName: 'short',
    }).format(at)
  } catch {
    return ''
  }
}

/** spanOf writes how long it is from one instant to another: `24 minutes`, `1 h 04 min`, `2 days 3 h`. */
export function spanOf(from: Date, to: Date): string {
  const minutes = Math.max(0, Math.floor((to.getTime() - from.getTime()) / 60_000))
  if (minutes < 60) return minutes === 1 ? '1 minute' : `${minutes} minutes`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`
  const days = Math.floor(hours / 24)
  return `${days === 1 ? '1 day' : `${days} days`} ${hours % 24} h`
}

/** percentOf writes a share with two digits, cut and never rounded up: 0.99999 is `99.99 %`. */
export function percentOf(share: number | undefined): string {
  if (share === undefined) return '–'
  return `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`
}

/** STATE_WORDS say a component’s state. */
export const STATE_WORDS: Readonly<Record<ShownState, string>> = {
  operational: 'Operational',
  under_maintenance: 'Maintenance',
  degraded_performance: 'Degraded',
  partial_outage: 'Partial outage',
  major_outage: 'Major outage',
  unknown: 'Not confirmed',
}

/** STATUS_WORDS say the status of an update of an incident or of a maintenance. */
export const STATUS_WORDS: Readonly<Record<string, string>> = {
  investigating: 'Investigating',
  identified: 'Identified',
  monitoring: 'Monitoring',
  resolved: 'Resolved',
  scheduled: 'Scheduled',
  in_progress: 'In progress',
  completed: 'Completed',
  cancelled: 'Cancelled',
}
