import clsx from 'clsx'
import type { ReactNode } from 'react'
import type { FactFace } from '@/lib/comms/fact-text'
import { FACT_EDGES, FactWords } from './fact-words'

/** FactButton is a fact that a press puts into the text. */
export function FactButton({
  face,
  hint = '',
  onPress,
}: {
  readonly face: FactFace
  readonly hint?: string
  readonly onPress: () => void
}): ReactNode {
  return (
    <button
      type="button"
      title={`${face.source}${hint}. Press to put it into the text.`}
      onClick={onPress}
      className={clsx(
        'inline-flex h-6 max-w-72 items-center gap-1.5 rounded-full border px-2 text-12 hover:bg-raise pointer-coarse:min-h-11',
        FACT_EDGES[face.state],
      )}
    >
      <FactWords face={face} />
    </button>
  )
}
