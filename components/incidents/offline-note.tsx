'use client'

import type { ReactNode } from 'react'
import { Instant } from '@/components/time/instant'
import { StateMark } from '@/components/ui/state-mark'
import { useLiveState } from '@/lib/client/health-store'
import { useHeld } from './use-held'

/** OfflineNote says since when the server is out of reach, how old what is shown is, and what waits for it. */
export function OfflineNote({ asOfMs }: { readonly asOfMs: number }): ReactNode {
  const live = useLiveState()
  const { mine, foreign } = useHeld()
  const waiting = mine.filter(({ problem }) => problem === undefined).length
  const isOffline = live.mode === 'offline'
  if (!isOffline && waiting === 0 && foreign.length === 0) return null
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b bg-over px-4 py-1.5 md:px-6"
    >
      {isOffline ? (
        <p className="flex flex-wrap items-center gap-x-1.5">
          <StateMark mark="breach" />
          <b className="font-semibold">
            Offline since <Instant at={live.sinceMs / 1000} />.
          </b>
          <span>
            This is of <Instant at={asOfMs / 1000} both />. Clocks go on from this device.
          </span>
        </p>
      ) : null}
      {waiting === 0 ? null : (
        <p>
          {waiting} {waiting === 1 ? 'action' : 'actions'} held; {waiting === 1 ? 'it runs' : 'they run'} as
          you when the server answers.
        </p>
      )}
      {foreign.map(({ handle, count }) => (
        <p key={handle} className="text-ink-2">
          {count} {count === 1 ? 'action' : 'actions'} of @{handle} {count === 1 ? 'waits' : 'wait'} on this
          device, unsent until @{handle} signs in here.
        </p>
      ))}
    </div>
  )
}
