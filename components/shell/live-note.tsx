'use client'

import type { ReactNode } from 'react'
import { Instant } from '@/components/time/instant'
import { StateMark } from '@/components/ui/state-mark'
import { useLiveState } from '@/lib/client/health-store'

/** LiveNote says how the page is fed, but only while it is not fed live; readers hear the change. */
export function LiveNote(): ReactNode {
  const live = useLiveState()
  return (
    <span role="status" className="text-12 font-medium whitespace-nowrap">
      {live.mode === 'polling' ? (
        <span className="inline-flex items-center gap-1.5 text-warn">
          <StateMark mark="warning" />
          <span>
            Polling since <Instant at={live.sinceMs / 1000} />
          </span>
        </span>
      ) : live.mode === 'offline' ? (
        <span className="inline-flex items-center gap-1.5 text-breach">
          <StateMark mark="breach" />
          <span>
            Offline since <Instant at={live.sinceMs / 1000} />
            <span className="sr-only">. Clocks continue from this device.</span>
          </span>
        </span>
      ) : null}
    </span>
  )
}
