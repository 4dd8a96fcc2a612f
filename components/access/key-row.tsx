'use client'

import { type ReactNode, useState } from 'react'
import { Instant } from '@/components/time/instant'
import { TimeAgo } from '@/components/time/time-ago'
import { Button } from '@/components/ui/button'
import { StateWord } from '@/components/ui/state-word'
import type { QueryResult } from '@/lib/registry'
import { scopeText } from './scopes'

type Row = QueryResult<'access.keys'>[number]

const STATES = {
  live: { rating: 'clear', word: 'in force' },
  expired: { rating: 'stale', word: 'expired' },
  revoked: { rating: 'unknown', word: 'revoked' },
  disabled: { rating: 'unknown', word: 'account off' },
} as const

const SHOWN = 3

/** KeyRow is one API key; revoking asks twice in place, because it can't be taken back. */
export function KeyRow({
  row,
  showsOwner,
  onEnd,
}: {
  readonly row: Row
  readonly showsOwner: boolean
  readonly onEnd: (row: Row) => Promise<void>
}): ReactNode {
  const state = STATES[row.state]
  return (
    <tr>
      <td>
        <StateWord rating={state.rating} word={state.word} />
      </td>
      <td>
        {row.name}
        <span className="block font-mono text-12 text-ink-3">{row.prefix}…</span>
      </td>
      {showsOwner ? <td>{row.owner}</td> : null}
      <td className="min-w-48">
        <Scopes row={row} />
      </td>
      <td>
        <TimeAgo at={row.lastUsedAt} />
      </td>
      <td>
        <Instant at={row.revokedAt === 0 ? row.expiresAt : row.revokedAt} />
      </td>
      <td className="num">
        {row.state === 'live' || row.state === 'disabled' ? (
          <Revoke name={row.name} onRevoke={() => onEnd(row)} />
        ) : null}
      </td>
    </tr>
  )
}

function Scopes({ row }: { readonly row: Row }): ReactNode {
  const rest = row.scopes.length - SHOWN
  return (
    <details>
      <summary className="text-ink-2">
        {row.scopes.slice(0, SHOWN).join(', ')}
        {rest > 0 ? ` and ${rest} more` : ''}
        {row.lost.length === 0 ? null : <span className="text-warning"> · {row.lost.length} lost</span>}
      </summary>
      <ul className="py-1 text-12">
        {row.scopes.map((scope) => (
          <li key={scope}>
            <span className="font-mono">{scope}</span>{' '}
            <span className="text-ink-3">
              {row.lost.includes(scope) ? 'lost: no role of the person allows it any more' : scopeText(scope)}
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}

function Revoke({
  name,
  onRevoke,
}: {
  readonly name: string
  readonly onRevoke: () => Promise<void>
}): ReactNode {
  const [isAsking, setAsking] = useState(false)
  const [isBusy, setBusy] = useState(false)
  async function press(): Promise<void> {
    setBusy(true)
    await onRevoke()
    setBusy(false)
    setAsking(false)
  }
  if (!isAsking)
    return (
      <Button size="small" variant="quiet" onClick={() => setAsking(true)}>
        Revoke
        <span className="sr-only"> {name}</span>
      </Button>
    )
  return (
    <span className="inline-flex gap-1">
      <Button size="small" busy={isBusy} onClick={() => void press()}>
        Revoke for good
      </Button>
      <Button size="small" variant="quiet" onClick={() => setAsking(false)}>
        Keep
      </Button>
    </span>
  )
}
