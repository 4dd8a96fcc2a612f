'use client'

import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { type ReactNode, useId, useRef, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { DraftVersions } from '@/components/state/draft-versions'
import { useDraft } from '@/components/state/use-draft'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { later } from '@/components/ui/later'
import { Skeleton } from '@/components/ui/skeleton'
import { StateMark } from '@/components/ui/state-mark'
import { TextArea } from '@/components/ui/text-area'
import { ProblemError, queryOf } from '@/lib/client/api'
import { plainText, runbookDraftKey, TEXT_LIMIT } from '@/lib/runbooks/model'
import { DiffView } from './diff-view'
import { type Edited, keepEdited, readEdited } from './editor-draft'
import { FindingsList } from './findings-list'
import { goToLine, LineEditor } from './line-editor'
import type { FileData, Finding } from './types'
import { useSettled } from './use-settled'

const DryRun = later(() => import('./dry-run').then((module) => module.DryRun), <Skeleton className="h-24" />)

const TYPING_MS = 500

/** RunbookEditor edits a text: checked as it is typed, compared with what counts, tried on recorded moments, then proposed. */
export function RunbookEditor({ data }: { readonly data: FileData }): ReactNode {
  const draft = useDraft(runbookDraftKey(data.path))
  const kept = readEdited(draft.text)
  const edited: Edited = kept ?? { text: data.text, why: '', base: data.textHash }
  const area = useRef<HTMLTextAreaElement>(null)
  const noteId = useId()
  const set = (change: Partial<Edited>): void => draft.keep(keepEdited({ ...edited, ...change }))
  const check = useCheck(data.path, edited.text)
  const isChanged = plainText(edited.text) !== data.text
  const isStale = edited.base !== data.textHash
  const faults = check.findings.filter(({ grade }) => grade === 'fault')
  const go = (line: number): void => {
    if (area.current) goToLine(area.current, line)
  }
  return (
    <div className="grid gap-8">
      <DraftVersions draft={draft} wordsOf={(text) => readEdited(text)?.text ?? text} />
      {isStale ? <Stale onRebase={() => set({ base: data.textHash })} /> : null}
      <div className="grid gap-6 xl:grid-cols-[minmax(0,5fr)_minmax(0,3fr)]">
        <LineEditor
          area={area}
          label={`The text of ${data.path}`}
          value={edited.text}
          findings={check.findings.filter(({ file }) => file === data.path)}
          describedBy={noteId}
          onChange={(text) => set({ text })}
        />
        <section aria-labelledby={noteId} className="grid content-start gap-2">
          <h2 id={noteId} className="flex items-center gap-2 text-13" aria-live="polite">
            <Verdict check={check} />
          </h2>
          <FindingsList findings={check.findings} path={data.path} onGo={go} />
          {isChanged ? (
            <Button size="small" variant="quiet" className="justify-self-start" onClick={draft.drop}>
              Drop my changes
            </Button>
          ) : null}
        </section>
      </div>
      {isChanged ? (
        <>
          <section aria-label="What changes" className="grid gap-3">
            <h2 className="text-16">What changes</h2>
            <DiffView left={data.text} right={plainText(edited.text)} label="What counts, and your text" />
          </section>
          <DryRun path={data.path} text={edited.text} />
          <Propose
            data={data}
            edited={edited}
            waitsFor={waitsFor({ faults: faults.length, isStale, check })}
            onWhy={(why) => set({ why })}
            onSent={() => draft.settle(keepEdited(edited))}
          />
        </>
      ) : (
        <p className="text-ink-2">
          Nothing is changed yet. Your draft is kept here and on the server; it counts for nobody until
          somebody else approves it.
        </p>
      )}
    </div>
  )
}

type Check = {
  readonly findings: readonly Finding[]
  readonly state: 'checking' | 'checked' | 'unknown'
}

function useCheck(path: string, text: string): Check {
  const settled = useSettled(text, TYPING_MS)
  const isLong = settled.length > TEXT_LIMIT
  const query = useQuery({
    ...queryOf('runbooks.check', { path, text: settled }),
    enabled: !isLong,
    placeholderData: keepPreviousData,
    gcTime: 30_000,
  })
  if (isLong)
    return {
      state: 'checked',
      findings: [
        { file: path, line: 1, column: 1, grade: 'fault', reason: `longer than ${TEXT_LIMIT} characters` },
      ],
    }
  const findings = query.data?.findings ?? []
  if (query.isError) return { findings: [], state: 'unknown' }
  const isCurrent = settled === text && query.data !== undefined && !query.isPlaceholderData
  return { findings, state: isCurrent ? 'checked' : 'checking' }
}

function Verdict({ check }: { readonly check: Check }): ReactNode {
  const { findings, state } = check
  if (state === 'unknown')
    return (
      <>
        <StateMark mark="unknown" />
        Not checked: Watchfloor does not answer
      </>
    )
  if (state === 'checking') return 'Checking…'
  const faults = findings.filter(({ grade }) => grade === 'fault').length
  const gaps = findings.length - faults
  if (faults + gaps === 0)
    return (
      <>
        <StateMark mark="clear" />
        In order: schema, reach, branches, probes, checklists, cases
      </>
    )
  return (
    <>
      <StateMark mark={faults > 0 ? 'breach' : 'warning'} />
      {[
        faults > 0 ? `${faults} ${faults === 1 ? 'fault' : 'faults'}` : '',
        gaps > 0 ? `${gaps} ${gaps === 1 ? 'gap' : 'gaps'}` : '',
      ]
        .filter((words) => words !== '')
        .join(', ')}
    </>
  )
}

function waitsFor(of: {
  readonly faults: number
  readonly isStale: boolean
  readonly check: Check
}): string | undefined {
  if (of.isStale) return 'look at what counts now first'
  if (of.check.state === 'unknown') return 'the check could not be asked'
  if (of.check.state === 'checking') return 'being checked'
  return of.faults > 0 ? 'has faults' : undefined
}

function Stale({ onRebase }: { readonly onRebase: () => void }): ReactNode {
  return (
    <div role="alert" className="grid justify-items-start gap-2 border-l-2 border-warn pl-3">
      <p className="text-pretty">
        <b className="font-medium">Another text counts since you began.</b> The comparison below shows what
        counts now beside yours: what you would take away is marked as removed.
      </p>
      <Button size="small" onClick={onRebase}>
        Go on over what counts now
      </Button>
    </div>
  )
}

function Propose({
  data,
  edited,
  waitsFor: waiting,
  onWhy,
  onSent,
}: {
  readonly data: FileData
  readonly edited: Edited
  readonly waitsFor: string | undefined
  readonly onWhy: (why: string) => void
  readonly onSent: () => void
}): ReactNode {
  const client = useQueryClient()
  const router = useRouter()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const why = edited.why.trim()
  async function send(): Promise<void> {
    setBusy(true)
    setProblem(undefined)
    try {
      const { proposalId } = await runCommand('runbooks.propose', {
        path: data.path,
        text: edited.text,
        baseHash: edited.base,
        why,
      })
      onSent()
      router.push(`/runbooks/${data.slug}?proposal=${proposalId}`)
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      setProblem(error.problem.detail)
    } finally {
      setBusy(false)
      await client.invalidateQueries({
        predicate: ({ queryKey }) => String(queryKey[0]).startsWith('runbooks.'),
      })
    }
  }
  return (
    <section aria-label="Propose" className="grid max-w-3xl gap-3">
      <h2 className="text-16">Propose</h2>
      <Field
        label="Why"
        hint="Somebody else reads it, approves it or refuses it. What counts stays until then; triage that goes on keeps its trees."
        {...(problem === undefined ? {} : { error: problem })}
      >
        {(control) => (
          <TextArea
            {...control}
            rows={2}
            maxLength={500}
            value={edited.why}
            onChange={(event) => onWhy(event.target.value)}
          />
        )}
      </Field>
      <Button
        variant="primary"
        className="justify-self-start"
        busy={busy}
        {...(waiting === undefined && why.length >= 3
          ? {}
          : { waitsFor: waiting ?? 'say why in a few words' })}
        onClick={() => void send()}
      >
        Propose to the others
      </Button>
    </section>
  )
}
