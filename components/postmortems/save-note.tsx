'use client'

import type { ReactNode } from 'react'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { StateMark } from '@/components/ui/state-mark'
import type { SectionWriting } from './use-section'

/** SaveNote says where what was typed is: on this device, on its way, or saved for everybody. */
export function SaveNote({ writing }: { readonly writing: SectionWriting }): ReactNode {
  const { saveState, face, dropped } = writing
  return (
    <span role="status" className="flex flex-wrap items-center gap-2 text-12 text-ink-2">
      {saveState.kind === 'refused' ? (
        <>
          <StateMark mark="warning" />
          Not saved: {saveState.why} It is kept on this device.
          <Button size="small" onClick={() => void writing.save()}>
            Try again
          </Button>
        </>
      ) : saveState.kind === 'unanswered' ? (
        <>
          <StateMark mark="stale" />
          Kept on this device; saved as soon as Watchfloor answers.
        </>
      ) : face.kind === 'conflict' ? (
        'Not saved: choose above. Both texts are kept.'
      ) : writing.isRecovered ? (
        <>
          <StateMark mark="stale" />
          Recovered: typed before and not saved.
          <Button size="small" onClick={() => void writing.save()}>
            Save it
          </Button>
        </>
      ) : face.kind === 'unsaved' ? (
        'Kept on this device, saved in a moment.'
      ) : saveState.kind === 'saved' ? (
        <>
          <StateMark mark="clear" />
          Saved <Instant at={saveState.atMs / 1000} />
        </>
      ) : null}
      {dropped === undefined ? null : (
        <button type="button" className="link" onClick={writing.bringBack}>
          Bring my text back
        </button>
      )}
    </span>
  )
}
