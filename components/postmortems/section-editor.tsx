'use client'

import { type KeyboardEvent, type ReactNode, useDeferredValue, useEffect, useId, useRef } from 'react'
import { currentEditing, markEditing } from '@/components/incidents/editing'
import { DraftVersions } from '@/components/state/draft-versions'
import { Button } from '@/components/ui/button'
import type { SectionKey } from '@/lib/postmortems/model'
import type { PostmortemView } from '@/lib/postmortems/view'
import { readKept } from './editor-draft'
import { holdField, markSelection } from './editor-field'
import { Markdown } from './markdown'
import { SaveNote } from './save-note'
import { SectionConflict } from './section-conflict'
import { SectionLint } from './section-lint'
import { type SectionWriting, useSection } from './use-section'

/** SectionEditor writes one section with its preview beside it: kept at each letter, saved when typing pauses. */
export function SectionEditor({
  document: postmortem,
  section,
  title,
  onClose,
}: {
  readonly document: PostmortemView
  readonly section: SectionKey
  readonly title: string
  readonly onClose: () => void
}): ReactNode {
  const writing = useSection(postmortem, section)
  const area = useRef<HTMLTextAreaElement>(null)
  const hintId = useId()
  const { face, draft } = writing
  const shown = useDeferredValue(face.text)
  useEffect(() => {
    if (area.current === null) return
    holdField(area.current)
    area.current.focus()
  }, [])
  useEffect(() => () => leave(section), [section])
  const close = (): void => {
    void writing.save()
    onClose()
  }
  return (
    <div className="grid min-w-0 grid-cols-1 gap-3 border-l-2 border-accent pl-4">
      <DraftVersions draft={draft} wordsOf={(stored) => readKept(stored)?.text ?? stored} />
      {face.kind === 'conflict' ? <SectionConflict face={face} writing={writing} /> : null}
      <div className="grid min-w-0 grid-cols-1 gap-4 2xl:grid-cols-2">
        <div className="grid min-w-0 grid-cols-1 content-start gap-1">
          <textarea
            ref={area}
            data-section-field={section}
            aria-label={`${title}, Markdown`}
            aria-describedby={hintId}
            value={face.text}
            rows={Math.min(24, Math.max(6, face.text.split('\n').length + 2))}
            spellCheck
            className="w-full resize-y rounded-2 border border-edge bg-transparent px-3 py-2 font-mono text-13 leading-5 [word-spacing:0] focus:border-accent"
            onFocus={(event) => {
              holdField(event.currentTarget)
              markEditing(section)
            }}
            onChange={(event) => writing.type(event.target.value)}
            onBlur={() => {
              leave(section)
              if (!writing.isRecovered) void writing.save()
            }}
            onKeyDown={(event) => keys(event, writing, close)}
          />
          <p id={hintId} className="text-12 text-ink-3">
            Markdown. Ctrl S saves, Ctrl Enter closes, Ctrl B, I, E and K mark; Esc leaves and keeps what was
            typed.
          </p>
        </div>
        <section aria-label={`${title}, preview`} className="min-w-0">
          {shown.trim() === '' ? (
            <p className="text-ink-3">Nothing written yet.</p>
          ) : (
            <Markdown text={shown} home={`/postmortems/${postmortem.name}`} />
          )}
        </section>
      </div>
      <SectionLint section={section} text={shown} area={area} />
      <p className="flex flex-wrap items-center gap-3">
        <Button size="small" onClick={close}>
          Done
        </Button>
        <SaveNote writing={writing} />
      </p>
    </div>
  )
}

function leave(section: SectionKey): void {
  if (currentEditing() === section) markEditing('')
}

function keys(event: KeyboardEvent<HTMLTextAreaElement>, writing: SectionWriting, close: () => void): void {
  if (event.nativeEvent.isComposing) return
  if (event.key === 'Escape') {
    event.preventDefault()
    event.stopPropagation()
    close()
    return
  }
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
  const key = event.key.toLowerCase()
  if (key === 's') {
    event.preventDefault()
    void writing.save()
  } else if (key === 'enter') {
    event.preventDefault()
    close()
  } else if (markSelection(event.currentTarget, key)) {
    event.preventDefault()
    event.stopPropagation()
  }
}
