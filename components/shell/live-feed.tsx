'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { whenUsed } from '@/components/ui/when-used'
import { onHint, onSessionEnded, startLive } from '@/lib/client/live'
import { isLeaving, onOtherPerson } from '@/lib/client/person'
import { createRefresher } from '@/lib/client/refresh'
import { additionOf } from '@/lib/incidents/hint-ref'

const AWAY_AFTER_MS = 3_000

// Only the server knows why the session is over, and leads to the page that says so.
function askServer(): void {
  if (isLeaving()) return
  window.location.reload()
}

/** LiveFeed connects this tab to the server's stream: hints mark what is on screen as old, so it is read again. */
export function LiveFeed(): null {
  const client = useQueryClient()
  useEffect(() => {
    const refresh = createRefresher(client)
    startLive()
    // Not in the first load of a page: what was typed is in this browser already, and the server may wait a moment.
    const callOff = whenUsed(
      () => void import('./away-feed').then(({ startAway }) => startAway(client)).catch(() => undefined),
      AWAY_AFTER_MS,
    )
    const offOther = onOtherPerson(askServer)
    const offHint = onHint((hint) => {
      // The page whose record grew asks for its tail by itself; nothing else shows an addition.
      if (hint !== 'all' && hint.topic === 'incidents' && additionOf(hint.ref)) return
      const topic = hint === 'all' ? '' : `${hint.topic}.`
      refresh(topic, (query) => String(query.queryKey[0]).startsWith(topic))
    })
    const offSession = onSessionEnded(askServer)
    return () => {
      callOff()
      offHint()
      offSession()
      offOther()
    }
  }, [client])
  return null
}
