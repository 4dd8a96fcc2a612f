'use client'

import { type ReactNode, useState } from 'react'
import { DiffView } from '@/components/runbooks/diff-view'
import { useDraft } from '@/components/state/use-draft'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { TextArea } from '@/components/ui/text-area'
import type { Problem } from '@/lib/platform/errors'
import { SECTION_TITLES, type SectionKey } from '@/lib/postmortems/model'
import { CHECKLIST, type ChecklistKey, type SectionChange } from '@/lib/postmortems/review'
import type { DocumentData, ReviewData, Viewer } from './editor-types'
import { useSend } from './use-send'

/** GiveVerdict is a reviewer's decision on exactly the version that was on screen when it was opened. */
export function GiveVerdict({
  document,
  review,
  me,
  onClose,
}: {
  readonly document: DocumentData
  readonly review: ReviewData
  readonly me: Viewer
  readonly onClose: () => void
}): ReactNode {
  const [seen, see] = useState(() => readOf(document))
  const [looked, look] = useState<readonly ChecklistKey[]>([])
  const [busy, setBusy] = useState<'approve' | 'changes' | undefined>(undefined)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)
  const draft = useDraft(`postmortem:${document.id}:verdict`)
  const send = useSend()
  const text = draft.text ?? ''
  const isInsider = review.insiders.includes(me.handle)
  const given = { id: document.id, version: seen.version, read: seen.read, text, checklist: [...looked] }
  async function decide(kind: 'approve' | 'changes'): Promise<void> {
    setBusy(kind)
    const refused = await send(kind === 'approve' ? 'postmortems.approve' : 'postmortems.askChanges', given)
    setBusy(undefined)
    setProblem(refused)
    if (refused !== undefined) return
    draft.drop()
    onClose()
  }
  const changes = changesIn(problem)
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Review version ${seen.version}`}
      footer={
        <>
          <Button
            busy={busy === 'changes'}
            {...(text.trim() === '' ? { waitsFor: 'say what is to be changed' } : {})}
            onClick={() => void decide('changes')}
          >
            Ask for changes
          </Button>
          <Button
            variant="primary"
            busy={busy === 'approve'}
            {...(looked.length === CHECKLIST.length
              ? {}
              : { waitsFor: `${CHECKLIST.length - looked.length} not looked at` })}
            onClick={() => void decide('approve')}
          >
            Approve this version
          </Button>
        </>
      }
    >
      {isInsider ? (
        <p className="text-ink-2">
          You responded in the incident or wrote here: your word is kept, and one more is needed from somebody
          who did neither.
        </p>
      ) : null}
      <fieldset className="grid grid-cols-1 gap-1.5">
        <legend className="pb-1 text-12 font-medium text-ink-2">What to look for</legend>
        {CHECKLIST.map(({ key, words }) => (
          <Checkbox
            key={key}
            checked={looked.includes(key)}
            onChange={(event) =>
              look(event.target.checked ? [...looked, key] : looked.filter((one) => one !== key))
            }
            label={words}
          />
        ))}
      </fieldset>
      <Field label="Your word" hint="What is to be changed, or what the writers should know.">
        {(control) => (
          <TextArea
            {...control}
            rows={3}
            maxLength={2_000}
            value={text}
            onChange={(event) => (event.target.value === '' ? draft.drop() : draft.keep(event.target.value))}
          />
        )}
      </Field>
      {problem === undefined ? null : (
        <div role="alert" className="grid grid-cols-1 gap-3 border-l-2 border-breach pl-3">
          <p className="font-medium">{problem.detail}</p>
          {changes === undefined ? null : (
            <>
              {changes.map((change) => (
                <DiffView
                  key={change.key}
                  left={change.before}
                  right={change.after}
                  label={`${SECTION_TITLES[change.key]}: what you read, and what stands now`}
                />
              ))}
              {changes.length === 0 ? <p>No text changed: the title, a figure or a tag did.</p> : null}
              <Button
                size="small"
                className="justify-self-start"
                onClick={() => {
                  see(readOf(document))
                  look([])
                  setProblem(undefined)
                }}
              >
                I have read what changed
              </Button>
            </>
          )}
        </div>
      )}
    </Dialog>
  )
}

function readOf({ version, sections }: DocumentData): {
  readonly version: number
  readonly read: Partial<Record<SectionKey, number>>
} {
  return { version, read: Object.fromEntries(sections.map(({ key, version: at }) => [key, at])) }
}

function changesIn(problem: Problem | undefined): readonly SectionChange[] | undefined {
  const { current } = problem ?? {}
  if (typeof current !== 'object' || current === null || !('changes' in current)) return undefined
  return current.changes as readonly SectionChange[]
}
