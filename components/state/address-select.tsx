'use client'

import type { ReactNode } from 'react'
import type { AddressParam } from '@/components/shell/use-address'
import { Select } from '@/components/ui/select'

/** AddressSelect keeps one choice in the address; the empty one takes it out. */
export function AddressSelect({
  param,
  label,
  options,
  onChanged,
}: {
  readonly param: AddressParam
  readonly label: string
  readonly options: readonly (readonly [value: string, word: string])[]
  /** onChanged is called before the address changes: the list begins at its first page. */
  readonly onChanged: () => void
}): ReactNode {
  return (
    <Select
      aria-label={label}
      value={param.value ?? ''}
      onChange={(event) => {
        onChanged()
        param.set(event.target.value)
      }}
    >
      {options.map(([value, word]) => (
        <option key={value} value={value}>
          {word}
        </option>
      ))}
    </Select>
  )
}
