'use client'

import type { ReactNode } from 'react'
import { StateMark } from '@/components/ui/state-mark'
import { usePresent } from './use-presence'

/** AlsoEditing warns in a form that somebody else has the same one open. */
export function AlsoEditing({
  incidentId,
  editing,
}: {
  readonly incidentId: string
  readonly editing: string
}): ReactNode {
  const others = usePresent({ room: 'incidents', id: incidentId }).filter((one) => one.editing === editing)
  if (others.length === 0) return null
  return (
    <p role="status" className="flex items-center gap-1.5 text-12 text-ink-2">
      <StateMark mark="warning" />
      {others.map(({ handle }) => `@${handle}`).join(', ')} {others.length === 1 ? 'has' : 'have'} this form
      open too. Both texts are kept; a conflict shows both.
    </p>
  )
}
