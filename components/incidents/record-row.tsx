'use client'

import clsx from 'clsx'
import {
  Bell,
  Cpu,
  Gavel,
  type LucideIcon,
  Megaphone,
  Pin,
  Radar,
  Siren,
  SquareTerminal,
  User,
} from 'lucide-react'
import { memo, type ReactNode } from 'react'
import { duration } from '@/components/time/format'
import { Instant } from '@/components/time/instant'
import { Chip } from '@/components/ui/chip'
import { sentenceOf } from '@/lib/incidents/words'
import type { RecordRow } from './record-rows'
import type { EntryData } from './types'

const SOURCE_ICONS: Readonly<Record<EntryData['source'], LucideIcon>> = {
  machine: Cpu,
  human: User,
  comms: Megaphone,
  action: SquareTerminal,
  probe: Radar,
}
const KIND_ICONS: Readonly<Record<string, LucideIcon>> = {
  declared: Siren,
  decision: Gavel,
  pin: Pin,
  link: Bell,
}
const DOUBTS = {
  future: 'claims the future',
  ancient: 'claims an impossible time',
  unreadable: 'claimed time is unreadable',
} as const

const ROW = 'grid grid-cols-[3.25rem_1rem_minmax(0,1fr)] gap-x-2.5 py-2'

/** RecordItem is one line of the record: when, where from, what, who; the time is its permalink. */
export function RecordItem({
  row,
  isTarget,
}: {
  readonly row: RecordRow
  readonly isTarget: boolean
}): ReactNode {
  return row.kind === 'gap' ? <GapItem gap={row.gap} /> : <EntryItem entry={row.entry} isTarget={isTarget} />
}

// An entry never changes: a record that grows draws only what came.
const EntryItem = memo(function EntryItem({
  entry,
  isTarget,
}: {
  readonly entry: EntryData
  readonly isTarget: boolean
}): ReactNode {
  const Icon = KIND_ICONS[entry.kind] ?? SOURCE_ICONS[entry.source]
  const { lead, rest, note } = sentenceOf(entry.kind, entry.body)
  return (
    <li
      id={`entry-${entry.seq}`}
      className={clsx(
        ROW,
        isTarget && 'bg-accent-tint shadow-[-0.5rem_0_var(--accent-tint),0.5rem_0_var(--accent-tint)]',
      )}
    >
      <a
        href={`?entry=${entry.seq}#entry-${entry.seq}`}
        title={`Link to entry ${entry.seq}`}
        className="text-12 text-ink-2 hover:underline"
      >
        <Instant at={entry.atMs / 1000} />
      </a>
      <Icon
        className={clsx('mt-1 size-3.5', entry.kind === 'declared' ? 'text-breach' : 'text-ink-3')}
        aria-hidden="true"
      />
      <div className="min-w-0">
        <p className="break-words whitespace-pre-wrap text-pretty">
          {lead === '' ? null : <b className="font-semibold">{lead}</b>}
          {rest}
        </p>
        {note === undefined || note === '' ? null : <p className="text-12 text-pretty text-ink-2">{note}</p>}
        <p className="flex flex-wrap items-center gap-x-2 text-12 text-ink-3">
          <span>
            {entry.source === 'human' || entry.source === 'comms' ? '@' : ''}
            {entry.by}
            {entry.kind === 'note' ? ' · note' : ''}
          </span>
          <ClaimBadge entry={entry} />
        </p>
      </div>
    </li>
  )
})

function ClaimBadge({ entry }: { readonly entry: EntryData }): ReactNode {
  if (entry.doubt !== null)
    return (
      <span className="rounded-1 border border-dashed border-unknown px-1.5 break-all text-unknown">
        {DOUBTS[entry.doubt]}: {entry.claimed}
      </span>
    )
  if (entry.skewMs === 0) return null
  return (
    <Chip tone="stale">
      received <Instant at={entry.receivedAtMs / 1000} />, {duration(Math.abs(entry.skewMs) / 1000)} later
    </Chip>
  )
}

function GapItem({ gap }: { readonly gap: Extract<RecordRow, { kind: 'gap' }>['gap'] }): ReactNode {
  return (
    <li className={ROW}>
      <span className="grid text-12 text-ink-2">
        {gap.toMs === undefined ? <span>now</span> : <Instant at={gap.toMs / 1000} />}
        <Instant at={gap.fromMs / 1000} />
      </span>
      <span className="hatch border border-dashed border-unknown" aria-hidden="true" />
      <p className="text-pretty">
        <b className="font-semibold text-unknown">
          {gap.toMs === undefined
            ? `No evidence from ${gap.source} since then.`
            : `${duration((gap.toMs - gap.fromMs) / 1000)} without evidence from ${gap.source}.`}
        </b>{' '}
        Its readings are missing, not good.
        <span className="block text-12 text-ink-3">Watchfloor · {gap.reason}</span>
      </p>
    </li>
  )
}
