'use client'

import { useRouter } from 'next/navigation'
import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { usePostmortemCommand } from './use-postmortem-command'

/** DraftButton drafts the postmortem of an incident from its record and opens it. */
export function DraftButton({
  incidentId,
  name,
}: {
  readonly incidentId: string
  readonly name: string
}): ReactNode {
  const router = useRouter()
  const { busy, problem, send } = usePostmortemCommand()
  async function draft(): Promise<void> {
    const made = await send('postmortems.draft', { incidentId })
    if (made) router.push(`/postmortems/${made.number}`)
  }
  return (
    <>
      <Button
        size="small"
        busy={busy}
        aria-label={`Draft the postmortem of ${name}`}
        onClick={() => void draft()}
      >
        Draft it
      </Button>
      {problem === undefined ? null : (
        <span role="alert" className="text-12 text-breach">
          {problem.detail}
        </span>
      )}
    </>
  )
}
