import clsx from 'clsx'
import type { ReactNode } from 'react'
import type { Rating } from '@/lib/health/model'
import { RATING_TEXT, RATING_WORDS } from './rating'
import { StateMark } from './state-mark'

/** StateWord is a rating as mark, word and colour together; `word` replaces the plain word. */
export function StateWord({
  rating,
  word,
  className,
}: {
  readonly rating: Rating
  readonly word?: string
  readonly className?: string
}): ReactNode {
  return (
    <span
      className={clsx(
        'inline-flex items-center gap-1.5 font-medium whitespace-nowrap',
        RATING_TEXT[rating],
        className,
      )}
    >
      <StateMark mark={rating} />
      {word ?? RATING_WORDS[rating]}
    </span>
  )
}
