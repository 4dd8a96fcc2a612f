'use client'

import { type ReactNode, useId } from 'react'
import { useDraft } from '@/components/state/use-draft'
import { Button } from '@/components/ui/button'
import { Kbd } from '@/components/ui/kbd'
import { tellProblem, useIncidentCommand } from './use-incident-command'

/** focusNote puts the cursor into the note field that is on screen. */
export function focusNote(): void {
  const fields = document.querySelectorAll<HTMLElement>('[data-note-field]')
  ;[...fields].find((field) => field.offsetParent !== null)?.focus()
}

type Kept = { readonly text: string; readonly entryId: string }

/** A note keeps its id with its draft: sent again after a crash, it is written once. */
function keptOf(stored: string | undefined): Kept {
  try {
    const kept = JSON.parse(stored ?? '') as Partial<Kept>
    return { text: kept.text ?? '', entryId: kept.entryId ?? '' }
  } catch {
    return { text: '', entryId: '' }
  }
}

/** NoteComposer writes into the record: Enter posts, Esc leaves and keeps what was typed. */
export function NoteComposer({
  incidentId,
  personId,
}: {
  readonly incidentId: string
  readonly personId: string
}): ReactNode {
  const draft = useDraft(`incident:${personId}:${incidentId}:note`)
  const command = useIncidentCommand()
  const fieldId = useId()
  const hintId = useId()
  const { text, entryId } = keptOf(draft.text)

  function type(next: string): void {
    if (next === '') draft.drop()
    else draft.keep(JSON.stringify({ text: next, entryId: entryId || crypto.randomUUID() }))
  }

  async function post(): Promise<void> {
    if (text.trim() === '' || command.busy) return
    const result = await command.send('incidents.addNote', { id: incidentId, entryId, text }, tellProblem)
    if (result !== undefined) draft.drop()
  }

  return (
    <form
      className="flex items-end gap-2 rounded-2 border border-edge px-3 py-1.5 focus-within:border-accent"
      onSubmit={(event) => {
        event.preventDefault()
        void post()
      }}
    >
      <label htmlFor={fieldId} className="sr-only">
        Note
      </label>
      <textarea
        id={fieldId}
        data-note-field
        rows={Math.min(6, text.split('\n').length)}
        aria-describedby={hintId}
        placeholder="Note. Enter posts to the record."
        value={text}
        className="min-h-6 flex-1 resize-none bg-transparent text-13 outline-none placeholder:text-ink-3"
        onChange={(event) => type(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur()
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
          event.preventDefault()
          void post()
        }}
      />
      <span id={hintId} className="sr-only">
        Enter posts, Shift and Enter begins a new line, Escape leaves and keeps what was typed.
      </span>
      {text === '' ? (
        <Kbd>N</Kbd>
      ) : (
        <Button type="submit" size="small" busy={command.busy}>
          Post
        </Button>
      )}
    </form>
  )
}
