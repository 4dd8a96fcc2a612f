'use client'

import { type ReactNode, useState } from 'react'
import { CommandForm } from '@/components/incidents/command-form'
import type { CommandInput } from '@/lib/registry'
import { usePostmortemCommand } from './use-postmortem-command'

/** CorrectTarget is what is corrected: a figure in its unit, or the instant of a milestone. */
export type CorrectTarget = {
  readonly of: 'figure' | 'milestone'
  readonly key: CommandInput<'postmortems.correct'>['key']
  readonly label: string
  readonly unit: 'count' | 'ms' | 'hours' | 'usd' | 'instant'
  readonly value: number | null
}

const UNITS = {
  count: 'A number',
  ms: 'Minutes',
  hours: 'Hours',
  usd: 'US dollars',
  instant: 'UTC, such as 2026-11-18 02:06:00',
} as const

/** CorrectForm asks for another value and why; an empty value says that there is none. */
export function CorrectForm({
  postmortem,
  target,
  onClose,
}: {
  readonly postmortem: { readonly id: string; readonly version: number }
  readonly target: CorrectTarget
  readonly onClose: () => void
}): ReactNode {
  const { busy, problem, send } = usePostmortemCommand()
  const [unread, setUnread] = useState(false)
  // What was on screen when the form opened: a change of somebody else must not be overwritten unseen.
  const [version] = useState(postmortem.version)
  return (
    <CommandForm
      title={`${target.of === 'figure' ? 'Correct' : 'Set'}: ${target.label}`}
      submit={target.of === 'figure' ? 'Correct' : 'Set'}
      draftKey={`postmortem:${postmortem.id}:correct-${target.key}`}
      version={version}
      busy={busy}
      problem={problem}
      fields={[
        {
          name: 'value',
          label: target.label,
          kind: 'line',
          hint: `${UNITS[target.unit]}. Empty: there is none.`,
          start: written(target),
        },
        { name: 'reason', label: 'Why', kind: 'prose', hint: 'It stands beside what was counted.' },
      ]}
      onSend={async ({ value = '', reason = '' }) => {
        const read = readValue(value, target.unit)
        setUnread(read === undefined)
        if (read === undefined) return false
        const { id } = postmortem
        const input = { id, of: target.of, key: target.key, value: read, reason, version }
        return (await send('postmortems.correct', input)) !== undefined
      }}
      onClose={onClose}
    >
      {unread ? (
        <p role="alert" className="text-12 text-breach">
          This value can’t be read. Write it as: {UNITS[target.unit]}.
        </p>
      ) : null}
    </CommandForm>
  )
}

function written({ value, unit }: CorrectTarget): string {
  if (value === null) return ''
  if (unit === 'instant') return new Date(value).toISOString().slice(0, 19).replace('T', ' ')
  return String(unit === 'ms' ? value / 60_000 : value)
}

/** readValue reads what was typed; null for an empty line, undefined for what is no such value. */
export function readValue(typed: string, unit: CorrectTarget['unit']): number | null | undefined {
  const text = typed.trim()
  if (text === '') return null
  if (unit === 'instant') {
    const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2})?)Z?$/.exec(text)
    const at = match ? Date.parse(`${match[1]}T${match[2]}Z`) : Number.NaN
    return Number.isNaN(at) ? undefined : at
  }
  const value = Number(text.replaceAll(',', '').replace(/^\$/, ''))
  if (!Number.isFinite(value) || value < 0) return undefined
  return unit === 'ms' ? Math.round(value * 60_000) : value
}
