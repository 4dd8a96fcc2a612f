'use client'

import type { ReactNode } from 'react'
import { tellProblem, useIncidentCommand } from '@/components/incidents/use-incident-command'
import { Button } from '@/components/ui/button'
import { can } from '@/lib/access/permissions'
import { takeInHand, useInHand, wantFocus } from './in-hand'
import { KIND_WORDS, progressWords } from './list-words'
import type { Me } from './types'
import { useChecklists } from './use-checklists'

type Named = { readonly id: string; readonly title: string; readonly kind: 'read-do' | 'do-confirm' }

/** LeafChecklist is the checklist of a leaf in an incident: how far it is, and the way to it. */
export function LeafChecklist({
  checklist,
  incident,
  me,
}: {
  readonly checklist: Named
  readonly incident: { readonly id: string; readonly name: string }
  readonly me: Me
}): ReactNode {
  const { lists } = useChecklists(incident.id)
  const inHand = useInHand(incident.id)
  const command = useIncidentCommand(incident)
  const list = lists?.find((one) => one.id === checklist.id)
  const isOpen = list !== undefined && list.openedAtMs !== null
  const mayShow = list !== undefined && (isOpen || can(me.roles, 'checklists.work'))
  async function show(): Promise<void> {
    takeInHand(incident.id, checklist.id)
    wantFocus()
    if (!isOpen)
      await command.send('checklists.open', { incidentId: incident.id, list: checklist.id }, tellProblem)
  }
  return (
    <section
      aria-label={checklist.title}
      className="flex flex-wrap items-center gap-x-3 gap-y-2 border-t pt-3 text-12 text-ink-3"
    >
      <span className="text-13 text-ink">{checklist.title}</span>
      <span>{list !== undefined && isOpen ? progressWords(list) : KIND_WORDS[checklist.kind]}</span>
      {mayShow && inHand !== checklist.id ? (
        <Button size="small" className="ml-auto" busy={command.busy} onClick={() => void show()}>
          {isOpen ? 'Go to the checklist' : 'Open the checklist'}
        </Button>
      ) : null}
    </section>
  )
}
