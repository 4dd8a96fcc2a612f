'use client'

import clsx from 'clsx'
import type { ReactNode } from 'react'
import { useSentenceIncidents } from '@/components/incidents/use-open-incidents'
import { Skeleton } from '@/components/ui/skeleton'
import { useBoard, useServerNow } from '@/lib/client/health-store'
import type { Rating } from '@/lib/health/model'
import { boardSentence } from '@/lib/health/rules/sentence'
import type { FleetCounts } from './fleet-counts'

const TONES: Readonly<Record<'plain' | Rating, string>> = {
  plain: '',
  clear: 'font-semibold text-ink',
  warning: 'font-semibold text-warn',
  breach: 'font-semibold text-breach',
  unknown: 'font-semibold text-ink',
  stale: 'font-semibold text-stale',
}

/** Two lines are kept free from the beginning: what stands below does not move when the words come. */
const LOOK =
  'grid min-h-14 min-w-0 max-w-[78rem] flex-1 content-center text-20 font-normal text-pretty text-ink-2 md:min-h-17 md:text-26 short:min-h-15 short:text-24'

/** Sentence is the state of everything in one sentence, calm when all is well. */
export function Sentence({ counts }: { readonly counts: FleetCounts | undefined }): ReactNode {
  const planes = useBoard((board) => board.planes)
  const queues = useBoard((board) => board.queues)
  const now = useServerNow()
  const incidents = useSentenceIncidents(now)
  if (!counts || !planes || !queues || !incidents) {
    return (
      <h1 className={LOOK}>
        <span className="sr-only">Reading the state of the fleet</span>
        <Skeleton className="h-8 w-2/3" />
      </h1>
    )
  }
  const lastReadingSeconds =
    counts.lastAt === 0 || now === 0 ? undefined : Math.max(0, now / 1000 - counts.lastAt)
  const parts = boardSentence({ gpus: counts.gpus, planes, queues, incidents, lastReadingSeconds })
  return (
    <h1 className={LOOK}>
      <span>
        {parts.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence have no identity but their place
          <span key={index} className={clsx(TONES[part.tone])}>
            {part.text}
          </span>
        ))}
      </span>
    </h1>
  )
}
