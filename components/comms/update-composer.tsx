'use client'

import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react'
import { AlsoEditing } from '@/components/incidents/also-editing'
import type { IncidentData, Me } from '@/components/incidents/types'
import { DraftVersions } from '@/components/state/draft-versions'
import { Button } from '@/components/ui/button'
import { ModalFrame } from '@/components/ui/modal-frame'
import type { Audience } from '@/lib/comms/model'
import { readChips } from '@/lib/publications/compose'
import { AudiencePane } from './audience-pane'
import { ComposerFoot } from './composer-foot'
import { ComposerPicks } from './composer-picks'
import { FactRow } from './fact-row'
import { mayGo } from './panes'
import { SentView } from './sent-view'
import { type Composer, useComposer } from './use-composer'
import { caretOf, fieldOf, writeInto } from './write-into'

/**
 * UpdateComposer writes one update for all audiences side by side, from one set of facts: judged while it is typed,
 * shown as each channel will show it. Esc closes it and keeps everything.
 */
export function UpdateComposer({
  incident,
  me,
  sent = [],
  onClose,
}: {
  readonly incident: IncidentData
  readonly me: Me
  /** sent are messages that were published a moment ago: they are shown with their undo. */
  readonly sent?: readonly string[] | undefined
  readonly onClose: () => void
}): ReactNode {
  const composer = useComposer({ incident, me, sent })
  const titleId = useId()
  const isSent = composer.sent.length > 0
  return (
    <ModalFrame
      onClose={onClose}
      aria-labelledby={titleId}
      className="sheet m-0 ml-auto h-dvh max-h-none w-[min(72rem,100vw)] max-w-none bg-over p-0 shadow-over"
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the key of the whole form, wherever the focus is in it */}
      <div className="flex h-full flex-col" onKeyDown={(event) => publishByKey(event, composer)}>
        <header className="flex flex-wrap items-baseline gap-x-3 gap-y-1 border-b px-4 py-3 md:px-6">
          <h2 id={titleId} tabIndex={-1} data-first-focus className="text-16 outline-none">
            Update
          </h2>
          <p className="text-ink-2">
            {incident.name}, {incident.severity}
          </p>
          <span className="ml-auto text-12 text-ink-3" role="status">
            {isSent
              ? ''
              : composer.draft.text === undefined
                ? 'As the templates write it'
                : 'Draft kept here and on the server'}
          </span>
          <Button variant="quiet" size="small" keys="Esc" onClick={onClose}>
            {isSent ? 'Close' : 'Close, keep draft'}
          </Button>
        </header>
        {isSent ? (
          <SentView incidentId={incident.id} ids={composer.sent} me={me} />
        ) : (
          <Writing composer={composer} incident={incident} me={me} />
        )}
      </div>
    </ModalFrame>
  )
}

function Writing({
  composer,
  incident,
  me,
}: {
  readonly composer: Composer
  readonly incident: IncidentData
  readonly me: Me
}): ReactNode {
  const { situation, draft } = composer
  const last = useRef<Audience>('public')
  if (situation === undefined)
    return (
      <div className="p-6" role="status">
        {composer.isFailed ? (
          <p>
            The facts of this incident could not be read.{' '}
            <button type="button" className="link" onClick={composer.retry}>
              Try again
            </button>
          </p>
        ) : (
          <p className="text-ink-2">Reading the facts…</p>
        )}
      </div>
    )
  const chosen = composer.panes.filter((pane) => pane.isOn)

  function insert(id: string): void {
    const pane = composer.panes.find(({ audience }) => audience === last.current) ?? chosen[0]
    if (pane === undefined) return
    const box = fieldOf(pane.audience, 'body')
    if (box === null) return
    const at = caretOf(box)
    writeInto(box, { from: at, to: at }, `{{${id}}}`)
  }

  return (
    <>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="grid gap-2 px-4 pt-3 empty:hidden md:px-6">
          <DraftVersions draft={draft} wordsOf={wordsOf} />
          <AlsoEditing incidentId={incident.id} editing="composer" />
        </div>
        <ComposerPicks composer={composer} situation={situation} />
        <FactRow
          situation={situation}
          nowMs={composer.now.getTime()}
          used={new Set(composer.panes.flatMap(({ message }) => readChips(message)))}
          isOver={composer.panes.some(({ message }) => message.status === 'resolved')}
          kept={composer.kept}
          pick={composer.pick}
          onInsert={insert}
        />
        <div className="grid border-t lg:grid-cols-2 xl:grid-cols-3 lg:[&>*+*]:border-l max-lg:[&>*+*]:border-t">
          {composer.panes.map((pane) => (
            <AudiencePane
              key={pane.audience}
              pane={pane}
              composer={composer}
              situation={situation}
              me={me}
              onFocus={() => {
                last.current = pane.audience
              }}
            />
          ))}
        </div>
      </div>
      <ComposerFoot composer={composer} />
    </>
  )
}

function publishByKey(event: KeyboardEvent, composer: Composer): void {
  if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || composer.sent.length > 0) return
  event.preventDefault()
  const chosen = composer.panes.filter((pane) => pane.isOn)
  if (chosen.length > 0 && chosen.every(mayGo)) void composer.publish(chosen.map(({ audience }) => audience))
}

function wordsOf(text: string): string {
  try {
    const { edits = {} } = JSON.parse(text) as Composer['kept']
    return Object.values(edits)
      .map(({ title, body }) => `${title}. ${body}`)
      .join(' · ')
  } catch {
    return text
  }
}
