'use client'

import { type ReactNode, useId } from 'react'
import { useDraft } from '@/components/state/use-draft'
import { Button } from '@/components/ui/button'
import { Kbd } from '@/components/ui/kbd'
import { later } from '@/components/ui/later'
import { useWarmUp } from '@/components/ui/use-warm-up'
import { newId } from '@/lib/client/new-id'
import { markEditing } from './editing'
import { keptNote, storedNote } from './kept-note'
import { tellProblem, useIncidentCommand } from './use-incident-command'

const loadVersions = () => import('@/components/state/draft-versions').then((module) => module.DraftVersions)
const DraftVersions = later(loadVersions)

/** focusNote puts the cursor into the note field that is on screen. */
export function focusNote(): void {
  const fields = document.querySelectorAll<HTMLElement>('[data-note-field]')
  ;[...fields].find((field) => field.offsetParent !== null)?.focus()
}

/** NoteComposer writes into the record: Enter posts, Esc leaves and keeps what was typed; offline the note waits. */
export function NoteComposer({
  incident,
}: {
  readonly incident: { readonly id: string; readonly name: string }
}): ReactNode {
  const draft = useDraft(`incident:${incident.id}:note`)
  const command = useIncidentCommand(incident)
  useWarmUp(loadVersions)
  const fieldId = useId()
  const hintId = useId()
  const { text, entryId } = keptNote(draft.text)

  function type(next: string): void {
    markEditing(next === '' ? '' : 'note')
    if (next === '') draft.drop()
    else draft.keep(storedNote({ text: next }))
  }

  // The text is kept with the id under which it is sent: sent again after a crash, it is written once.
  async function post(): Promise<void> {
    if (text.trim() === '' || command.busy) return
    const sent = { text, entryId: entryId ?? newId() }
    draft.keep(storedNote(sent))
    const result = await command.send('incidents.addNote', { id: incident.id, ...sent }, tellProblem)
    if (result === undefined) return
    markEditing('')
    draft.settle(storedNote(sent))
  }

  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        void post()
      }}
    >
      {draft.others.length === 0 ? null : (
        <DraftVersions draft={draft} wordsOf={(stored) => keptNote(stored).text} />
      )}
      <div className="flex items-end gap-2 rounded-2 border border-edge px-3 py-1.5 focus-within:border-accent">
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
          onBlur={() => markEditing('')}
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
      </div>
    </form>
  )
}
