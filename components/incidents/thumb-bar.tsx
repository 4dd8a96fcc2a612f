'use client'

import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { NoteIcon, TasksIcon } from '@/components/ui/icons'
import { can } from '@/lib/access/permissions'
import { SourcesLine, WritesLine } from './clock-strip'
import type { DialogKind } from './dialog-kinds'
import { KeptLine } from './kept-line'
import { NoteComposer } from './note-composer'
import type { IncidentData, Me } from './types'

/** ThumbBar is the phone's way to act: a note and a task under the thumb, and whether sources and writes hold. */
export function ThumbBar({
  incident,
  me,
  open,
}: {
  readonly incident: IncidentData
  readonly me: Me
  readonly open: (dialog: DialogKind) => void
}): ReactNode {
  const [isWriting, setWriting] = useState(false)
  if (incident.mergedInto !== null || !can(me.roles, 'incidents.note')) return null
  return (
    <div className="sticky bottom-[calc(3rem+env(safe-area-inset-bottom))] z-10 grid gap-2 border-t bg-over px-4 py-2 md:hidden">
      {isWriting ? <NoteComposer incident={incident} /> : null}
      <div className="grid grid-cols-3 gap-2">
        <Button onClick={() => setWriting(!isWriting)} aria-expanded={isWriting}>
          <NoteIcon className="size-4" /> Note
        </Button>
        <Button
          onClick={() => open({ kind: 'task' })}
          {...(incident.status === 'resolved' ? { waitsFor: 'reopening' } : {})}
        >
          <TasksIcon className="size-4" /> Task
        </Button>
        <Button onClick={() => open({ kind: 'composer' })}>Update</Button>
      </div>
      <div className="flex justify-between text-12 text-ink-2">
        <SourcesLine />
        <KeptLine />
        <WritesLine />
      </div>
    </div>
  )
}
