import clsx from 'clsx'
import type { ReactNode } from 'react'
import { RATING_TEXT } from '@/components/ui/rating'
import type { Figure } from '@/lib/health/wire'
import { amount, shownValue } from './figure-text'

/** FigureValue prints a figure's number with its unit; an old one is dim, an absent one says why. */
export function FigureValue({
  figure,
  write = amount,
}: {
  readonly figure: Figure
  /** write turns the number into text where a plain number is not enough. */
  readonly write?: (value: number) => string
}): ReactNode {
  const { value, isOld } = shownValue(figure)
  if (value === null) {
    return (
      <span className="text-unknown" title={figure.why}>
        unknown
      </span>
    )
  }
  const loud = figure.rating === 'breach' || figure.rating === 'warning'
  const tone = isOld ? 'text-ink-3' : loud ? RATING_TEXT[figure.rating] : undefined
  return (
    <span className={clsx('whitespace-nowrap', tone)} title={isOld ? figure.why : undefined}>
      {write(value)}
      {figure.unit === '' || write !== amount ? null : <span className="text-ink-3"> {figure.unit}</span>}
      {isOld ? <span className="sr-only"> (last known)</span> : null}
    </span>
  )
}
