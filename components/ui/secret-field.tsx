'use client'

import type { ReactNode } from 'react'
import { Field } from './field'
import { Input } from './input'

/** SecretField takes a secret that is written here and never read back; left empty, the one held stays. */
export function SecretField({
  label,
  isHeld,
  value,
  error,
  required,
  onChange,
}: {
  readonly label: string
  /** isHeld says that one is stored already. */
  readonly isHeld: boolean
  readonly value: string
  readonly error?: string | undefined
  /** required asks for one where none is held. */
  readonly required?: boolean
  readonly onChange: (value: string) => void
}): ReactNode {
  return (
    <Field
      label={label}
      hint={
        isHeld
          ? 'One is held, sealed. Leave this empty to keep it; it can’t be shown again.'
          : 'Stored sealed, and never shown again.'
      }
      {...(error === undefined ? {} : { error })}
    >
      {(control) => (
        <Input
          {...control}
          type="password"
          autoComplete="off"
          value={value}
          placeholder={isHeld ? 'kept' : ''}
          required={required === true && !isHeld}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
