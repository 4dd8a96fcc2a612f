import type { ReactNode } from 'react'
import type { CalendarData } from './types'
import { percent } from './words'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** YearStrip is a year in one line: a tick for each open day, a stub for each that a rule closes. */
export function YearStrip({
  strip,
  nowMs,
  zone,
}: {
  readonly strip: CalendarData['strip']
  readonly nowMs: number
  readonly zone: string
}): ReactNode {
  const count = strip.days.length
  const today = Math.floor((nowMs - Date.UTC(strip.year, 0, 1)) / 86_400_000)
  const letters = [...strip.days].map((letter, at) => ({ letter, at }))
  return (
    <div className="grid grid-cols-1 gap-1 text-12">
      <p className="flex flex-wrap gap-x-3 text-ink-3">
        <span className="font-semibold text-ink">
          {strip.year}: {strip.openDays} open days, {Math.round(strip.openHours)} hours,{' '}
          {percent(strip.sharePercent)} of the year
        </span>
        <span>tall: open · short: closed by month end, quarter end, holiday or freeze · {zone}</span>
        {strip.next === undefined ? null : (
          <span className="md:ml-auto">
            next closed day: {strip.next.day}, {strip.next.reason}
          </span>
        )}
      </p>
      <svg
        role="img"
        aria-label={`${strip.openDays} open days in ${strip.year}`}
        viewBox={`0 0 ${count} 14`}
        preserveAspectRatio="none"
        className="h-4 w-full"
      >
        {letters
          .filter(({ letter }) => letter === 'o')
          .map(({ at }) => (
            <rect key={at} x={at + 0.1} y="0" width="0.8" height="14" className="fill-ink-2" />
          ))}
        {letters
          .filter(({ letter }) => letter === 'c')
          .map(({ at }) => (
            <rect key={at} x={at + 0.1} y="9" width="0.8" height="5" className="fill-warn" />
          ))}
        {today >= 0 && today < count ? (
          <rect x={today} y="0" width="1.2" height="14" className="fill-accent" />
        ) : null}
      </svg>
      <div className="grid grid-cols-12 text-11 text-ink-3" aria-hidden="true">
        {MONTHS.map((month) => (
          <span key={month}>{month}</span>
        ))}
      </div>
    </div>
  )
}
