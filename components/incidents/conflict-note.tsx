'use client'

import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import type { Problem } from '@/lib/platform/errors'

type Conflict = {
  readonly theirs: string | null
  readonly yours: string | null
  readonly by?: string
  readonly version?: number
}

/** conflictOf reads the two versions from a refused overwrite; undefined for every other problem. */
export function conflictOf(problem: Problem | undefined): Conflict | undefined {
  if (problem?.code !== 'conflict' || typeof problem.current !== 'object' || problem.current === null)
    return undefined
  return 'theirs' in problem.current ? (problem.current as Conflict) : undefined
}

/** ConflictNote shows both versions of a field that two people changed; nothing is overwritten until one is chosen. */
export function ConflictNote({
  conflict,
  onTakeTheirs,
}: {
  readonly conflict: Conflict
  readonly onTakeTheirs: () => void
}): ReactNode {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-2 border-y py-2">
      <dt className="text-ink-3">{conflict.by === undefined ? 'There now' : `@${conflict.by}`}</dt>
      <dd className="font-medium">{conflict.theirs ?? 'no one'}</dd>
      <dd>
        <Button size="small" onClick={onTakeTheirs}>
          Keep theirs
        </Button>
      </dd>
      <dt className="text-ink-3">You</dt>
      <dd className="font-medium">{conflict.yours ?? 'no one'}</dd>
      <dd>
        <Button size="small" type="submit">
          Set mine
        </Button>
      </dd>
    </dl>
  )
}
