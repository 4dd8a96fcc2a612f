'use client'

import { type ReactNode, useState } from 'react'
import { age, utcTime } from '@/components/time/format'
import { Select } from '@/components/ui/select'
import { expand, shownFacts } from '@/lib/comms/chips'
import { limitText } from '@/lib/comms/limits'
import type { ChannelForm } from '@/lib/comms/model'
import { outgoingOf } from '@/lib/comms/outgoing'
import { type Preview, previewOf } from '@/lib/comms/preview'
import { STATUS_TITLES } from '@/lib/incidents/words'
import { factsFor } from '@/lib/publications/compose'
import type { Situation } from '@/lib/publications/situation'
import { wordDiff } from '@/lib/publications/word-diff'
import type { Pane } from './types'

type Shown = {
  readonly id: string
  readonly name: string
  readonly form: ChannelForm
  readonly map: Readonly<Record<string, string>>
}

/** ChannelPreview shows a text exactly as a channel will be sent it, with what changed since the last one. */
export function ChannelPreview({
  pane,
  situation,
  now,
}: {
  readonly pane: Pane
  readonly situation: Situation
  readonly now: Date
}): ReactNode {
  const shown: readonly Shown[] = [
    ...(pane.audience === 'public' ? [{ id: '', name: 'Status page', form: 'page' as const, map: {} }] : []),
    ...pane.ways.map(({ id, name, form, componentMap }) => ({ id, name, form, map: componentMap })),
  ]
  const [chosen, setChosen] = useState('')
  const way = shown.find(({ id }) => id === chosen) ?? shown[0]
  const { incident } = situation
  const out = outgoingOf({
    message: pane.message,
    facts: factsFor(situation, pane.audience),
    incident: {
      name: incident.name,
      href: null,
      startedAt: incident.startedAt,
      commander: incident.commander,
      isDrill: incident.isDrill,
    },
    seq: (situation.before[pane.audience]?.seq ?? 0) + 1,
  })
  const preview =
    way === undefined ? undefined : previewOf({ form: way.form, out, now, componentMap: way.map })
  const before = situation.before[pane.audience]
  return (
    <div className="grid gap-2 border-t pt-3">
      <div className="flex items-center gap-2 text-12 text-ink-2">
        <span>As it will be shown</span>
        {shown.length < 2 ? (
          <span className="ml-auto">{way?.name ?? 'in the record'}</span>
        ) : (
          <Select
            aria-label="Shown as on"
            className="ml-auto"
            value={way?.id}
            onChange={(event) => setChosen(event.target.value)}
          >
            {shown.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </div>
      <article className="grid min-w-0 gap-1.5 border-l-2 border-line-2 pl-3">
        <p>
          <span className="font-medium">{STATUS_TITLES[pane.message.status]}</span>{' '}
          <span className="text-12 text-ink-2">{utcTime(now.getTime())}</span>
        </p>
        <p className="font-medium break-words">{out.title}</p>
        <p className="break-words whitespace-pre-wrap">
          {before === undefined ? (
            <Bound pane={pane} situation={situation} now={now} />
          ) : (
            <Diff before={before.body} after={out.body} />
          )}
        </p>
        {before === undefined ? null : (
          <p className="text-12 text-ink-3">
            Marked: what is new since {utcTime(Date.parse(before.publishedAt))}.
          </p>
        )}
      </article>
      {preview === undefined ? null : <Exact preview={preview} name={way?.name ?? ''} />}
    </div>
  )
}

function Exact({ preview, name }: { readonly preview: Preview; readonly name: string }): ReactNode {
  return (
    <div className="grid gap-1 text-12">
      {preview.faults.map((fault) => (
        <p key={fault.where} className="text-breach">
          {limitText(fault)}
        </p>
      ))}
      {preview.unmapped.length === 0 ? null : (
        <p className="text-warn">
          {name} does not know: {preview.unmapped.join(', ')}.{' '}
          <a className="link" href="/settings/channels">
            Say which they are there
          </a>
        </p>
      )}
      <details>
        <summary className="cursor-pointer text-ink-3">What {name} is sent, to the letter</summary>
        <pre className="max-h-64 overflow-auto bg-raise p-2 font-mono text-12 whitespace-pre-wrap break-words">
          {JSON.stringify(preview.payload, null, 2)}
        </pre>
      </details>
    </div>
  )
}

/** Every value that comes of a fact is underlined, with its source and age; an old one is marked. */
function Bound({
  pane,
  situation,
  now,
}: {
  readonly pane: Pane
  readonly situation: Situation
  readonly now: Date
}): ReactNode {
  const facts = factsFor(situation, pane.audience)
  const { text, spans } = expand(pane.message.body, shownFacts(pane.message, facts))
  let read = 0
  const parts: ReactNode[] = []
  for (const { id, from, to } of spans) {
    const fact = facts[id]
    parts.push(text.slice(read, from))
    read = to
    const ageMs = fact === undefined ? 0 : now.getTime() - Date.parse(fact.asOf)
    const isOld = fact !== undefined && ageMs > fact.ttlMs
    parts.push(
      <span
        key={`${id} ${from}`}
        title={
          fact === undefined ? 'follows from the choices above' : `${fact.source}, ${age(ageMs / 1_000)} ago`
        }
        className={
          isOld
            ? 'text-stale underline decoration-dotted underline-offset-3'
            : 'underline decoration-line-2 underline-offset-3'
        }
      >
        {text.slice(from, to)}
      </span>,
    )
  }
  return [...parts, text.slice(read)]
}

function Diff({ before, after }: { readonly before: string; readonly after: string }): ReactNode {
  return wordDiff(before, after).map((piece, place) => {
    const key = `${place} ${piece.kind}`
    if (piece.kind === 'same') return <span key={key}>{piece.text}</span>
    if (piece.kind === 'removed')
      return (
        <del key={key} className="text-ink-3">
          {piece.text}
        </del>
      )
    return (
      <ins key={key} className="bg-ok-tint decoration-ok">
        {piece.text}
      </ins>
    )
  })
}
