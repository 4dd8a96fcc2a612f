'use client'

import clsx from 'clsx'
import { type ReactNode, useId } from 'react'

export type ControlProps = {
  readonly id: string
  readonly 'aria-describedby': string | undefined
  readonly 'aria-invalid': true | undefined
}

/** Field names a control and ties its hint and its error to it. */
export function Field({
  label,
  hint,
  error,
  className,
  children,
}: {
  readonly label: string
  readonly hint?: ReactNode
  readonly error?: string
  readonly className?: string
  readonly children: (control: ControlProps) => ReactNode
}): ReactNode {
  const id = useId()
  const noteId = `${id}-note`
  const hasNote = error !== undefined || hint !== undefined
  return (
    <div className={clsx('grid content-start gap-1', className)}>
      <label htmlFor={id} className="text-12 font-medium text-ink-2">
        {label}
      </label>
      {children({
        id,
        'aria-describedby': hasNote ? noteId : undefined,
        'aria-invalid': error === undefined ? undefined : true,
      })}
      {error !== undefined ? (
        <p id={noteId} role="alert" className="text-12 text-breach">
          {error}
        </p>
      ) : hint !== undefined ? (
        <p id={noteId} className="text-12 text-ink-3">
          {hint}
        </p>
      ) : null}
    </div>
  )
}
