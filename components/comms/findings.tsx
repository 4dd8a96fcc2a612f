'use client'

import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { StateMark } from '@/components/ui/state-mark'
import type { Finding } from '@/lib/comms/model'
import type { Pane } from './types'
import type { Composer } from './use-composer'
import { fieldOf, writeInto } from './write-into'

const MARKS = { block: 'blocks', warn: 'warning', hint: 'unknown' } as const
const WORDS = { block: 'Blocks', warn: 'Warns', hint: 'Hint' } as const

/** Findings is what stands against a text, the weightiest first, each with its fix where one is obvious. */
export function Findings({
  pane,
  composer,
}: {
  readonly pane: Pane
  readonly composer: Composer
}): ReactNode {
  const { audience, judgement } = pane
  const moved = judgement.facts
  if (moved.length === 0 && judgement.findings.length === 0)
    return (
      <p className="flex items-center gap-1.5 text-12 text-ink-2">
        <StateMark mark="clear" /> Nothing stands against it.
      </p>
    )
  return (
    <ul className="grid gap-2 text-12" aria-label="Findings">
      {moved.length === 0 ? null : (
        <li className="grid grid-cols-[0.75rem_minmax(0,1fr)_auto] items-start gap-2">
          <StateMark mark="stale" className="mt-0.5 size-3" />
          <span>
            <span className="font-medium">Facts moved.</span> {moved.map(({ why }) => why).join(' ')}
          </span>
          <Button size="small" onClick={() => composer.refresh(audience)}>
            Take what is known now
          </Button>
        </li>
      )}
      {judgement.findings.map((finding) => (
        <li
          key={`${finding.rule} ${finding.from} ${finding.to}`}
          className="grid grid-cols-[0.75rem_minmax(0,1fr)_auto] items-start gap-2"
        >
          <StateMark mark={MARKS[finding.level]} className="mt-0.5 size-3" />
          <span className="text-pretty">
            <span className="font-medium">{WORDS[finding.level]}.</span> {finding.why}{' '}
            <span className="font-mono text-ink-3">{finding.rule}</span>
          </span>
          <Fix finding={finding} pane={pane} />
        </li>
      ))}
      {pane.isOverridable ? (
        <li>
          <Field label="A second person may let this pass. Why should they?">
            {(control) => (
              <Input
                {...control}
                value={pane.override}
                maxLength={500}
                onChange={(event) =>
                  composer.pick({
                    overrides: { ...composer.kept.overrides, [audience]: event.target.value },
                  })
                }
              />
            )}
          </Field>
        </li>
      ) : null}
    </ul>
  )
}

function Fix({ finding, pane }: { readonly finding: Finding; readonly pane: Pane }): ReactNode {
  const { from, to, fix } = finding
  if (fix === null || to <= from) return null
  return (
    <Button
      size="small"
      onClick={() => {
        const box = fieldOf(pane.audience, 'body')
        if (box !== null) writeInto(box, { from, to }, fix)
      }}
    >
      {fix === '' ? 'Remove' : `Use “${fix.length > 24 ? `${fix.slice(0, 24)}…` : fix}”`}
    </Button>
  )
}
