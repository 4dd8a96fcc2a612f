'use client'

import type { ReactNode } from 'react'

/** Stand is what a person may say of an item of the checklist. */
export type Stand = 'passed' | 'failed'

const STANDS: readonly { readonly stand: Stand; readonly words: string }[] = [
  { stand: 'passed', words: 'Passed: it holds for this version' },
  { stand: 'failed', words: 'Failed: it does not hold, and keeps the deployment from starting' },
]

/** StandChoice asks which of both a person saw. */
export function StandChoice({
  stand,
  onChange,
}: {
  readonly stand: Stand
  readonly onChange: (stand: Stand) => void
}): ReactNode {
  return (
    <fieldset className="grid gap-2 text-13">
      <legend className="pb-1 font-medium">How it stands</legend>
      {STANDS.map((it) => (
        <label key={it.stand} className="flex items-center gap-2">
          <input
            type="radio"
            name="stand"
            className="size-3.5 accent-(--accent)"
            value={it.stand}
            checked={it.stand === stand}
            onChange={() => onChange(it.stand)}
          />
          {it.words}
        </label>
      ))}
    </fieldset>
  )
}
