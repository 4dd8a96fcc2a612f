'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { failedFace } from '@/components/state/failed-face'
import { Panel } from '@/components/state/panel'
import { bothTimes } from '@/components/time/format'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { queryOf } from '@/lib/client/api'
import type { QueryInput } from '@/lib/registry'
import { TriedSide } from './tried-side'
import type { TriedData } from './types'
import { useSettled } from './use-settled'

type Moment = QueryInput<'triage.tryDraft'>['moment']

/** DryRun tries a draft on a recorded moment: path, verdicts and diagnoses of what counts beside those of the draft. */
export function DryRun({ path, text }: { readonly path: string; readonly text: string }): ReactNode {
  const moments = useQuery(queryOf('triage.moments', {}))
  const [picked, pick] = useState('')
  const choices = choicesOf(moments.data)
  const moment = choices.find(({ key }) => key === picked)?.moment
  return (
    <section aria-label="Try it" className="grid gap-3">
      <h2 className="text-16">Try it on a recorded moment</h2>
      {moments.isError ? (
        <p role="alert" className="text-breach">
          The recorded moments could not be read: {moments.error.message}
        </p>
      ) : null}
      <Field
        label="Moment"
        hint="A recorded case, or what triage saw of an incident. Nothing is asked of the world and nothing is changed."
        className="max-w-xl"
      >
        {(control) => (
          <Select {...control} value={picked} onChange={(event) => pick(event.target.value)}>
            <option value="">Choose a moment</option>
            {['Recorded cases', 'Incidents'].map((group) => (
              <optgroup key={group} label={group}>
                {choices
                  .filter((choice) => choice.group === group)
                  .map((choice) => (
                    <option key={choice.key} value={choice.key}>
                      {choice.words}
                    </option>
                  ))}
              </optgroup>
            ))}
          </Select>
        )}
      </Field>
      {moment === undefined ? null : <TriedOn path={path} text={text} moment={moment} />}
    </section>
  )
}

type Choice = {
  readonly key: string
  readonly group: string
  readonly words: string
  readonly moment: Moment
}

function choicesOf(
  data:
    | {
        readonly cases: readonly {
          readonly path: string
          readonly id: string
          readonly leaves: readonly string[]
        }[]
        readonly seen: readonly {
          readonly incidentId: string
          readonly incident: string
          readonly title: string
          readonly n: number
          readonly atMs: number
        }[]
      }
    | undefined,
): readonly Choice[] {
  if (data === undefined) return []
  return [
    ...data.cases.map(({ path, id, leaves }) => ({
      key: `case ${path} ${id}`,
      group: 'Recorded cases',
      words: `${id}: ${leaves.join(', ') || 'nothing'}`,
      moment: { kind: 'case' as const, path, id },
    })),
    ...data.seen.map(({ incidentId, incident, title, n, atMs }) => ({
      key: `seen ${incidentId} ${n}`,
      group: 'Incidents',
      words: `${incident} ${title}, ${bothTimes(atMs, undefined)}`,
      moment: { kind: 'seen' as const, incidentId, n },
    })),
  ]
}

/** TriedOn shows what the trees that count and a draft come to on one moment. */
export function TriedOn({
  path,
  text,
  moment,
}: {
  readonly path: string
  readonly text: string
  readonly moment: Moment
}): ReactNode {
  const settled = useSettled(text, 500)
  const query = useQuery({
    ...queryOf('triage.tryDraft', { path, text: settled, moment }),
    placeholderData: keepPreviousData,
    gcTime: 30_000,
  })
  if (query.isPending) return <Panel title="Outcome" face={{ kind: 'loading', rows: 4 }} />
  if (query.isError) return <Panel title="Outcome" face={failedFace(query, 'It could not be tried.')} />
  if (!query.data.ok)
    return (
      <p className="text-ink-2">
        The draft has a fault: it can be tried once it has none ({query.data.findings[0]?.reason}).
      </p>
    )
  return <Compared tried={query.data} />
}

function Compared({ tried }: { readonly tried: Extract<TriedData, { ok: true }> }): ReactNode {
  const leaves = tried.changes.filter(({ kind }) => kind === 'leaf')
  const questions = tried.changes.filter(({ kind }) => kind === 'question')
  return (
    <div className="grid gap-5" aria-live="polite">
      {tried.changes.length === 0 ? (
        <p>Both come to the same, question by question.</p>
      ) : (
        <Panel
          title={`${leaves.length} ${leaves.length === 1 ? 'diagnosis' : 'diagnoses'} and ${questions.length} ${questions.length === 1 ? 'question' : 'questions'} come out otherwise`}
        >
          <ul aria-label="What comes out otherwise">
            {[...leaves, ...questions].slice(0, 60).map((change) => (
              <li
                key={`${change.kind} ${change.id}`}
                className="grid gap-x-3 border-t py-1 md:grid-cols-[minmax(0,3fr)_minmax(0,2fr)_minmax(0,2fr)]"
              >
                <span className="text-pretty">
                  {change.words} <code className="font-mono text-12 text-ink-3">{change.id}</code>
                </span>
                <span className="text-12 text-ink-3">{change.before || 'is not there'}</span>
                <span className="text-12">
                  <span aria-hidden="true">→ </span>
                  <span className="sr-only">becomes </span>
                  {change.after || 'is gone'}
                </span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <div className="grid gap-8 lg:grid-cols-2">
        <TriedSide title="The trees that count" side={tried.before} />
        <TriedSide title="With your draft" side={tried.after} />
      </div>
    </div>
  )
}
