'use client'

import type { ReactNode } from 'react'
import { usePresent } from '@/components/incidents/use-presence'
import { StateMark } from '@/components/ui/state-mark'
import type { SectionKey } from '@/lib/postmortems/model'

/** AlsoWriting marks a section in which somebody else types right now. */
export function AlsoWriting({
  postmortemId,
  section,
}: {
  readonly postmortemId: string
  readonly section: SectionKey
}): ReactNode {
  const others = usePresent({ room: 'postmortems', id: postmortemId }).filter(
    ({ editing }) => editing === section,
  )
  if (others.length === 0) return null
  return (
    <span role="status" className="flex items-center gap-1.5 text-ink-2">
      <StateMark mark="warning" />
      {others.map(({ handle }) => `@${handle}`).join(', ')} {others.length === 1 ? 'writes' : 'write'} here
      now
    </span>
  )
}
