import type { ReactNode } from 'react'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'

/** Choice is one value of the address that is chosen from a list; the empty one takes it out. */
export type Choice = {
  readonly name: string
  readonly label: string
  readonly options: readonly (readonly [value: string, word: string])[]
}

/** ChoiceFields are the choices that narrow a list, each under its label. */
export function ChoiceFields({
  choices,
  params,
  onSet,
}: {
  readonly choices: readonly Choice[]
  readonly params: URLSearchParams
  readonly onSet: (name: string, value: string) => void
}): ReactNode {
  return choices.map(({ name, label, options }) => (
    <Field key={name} label={label}>
      {(control) => (
        <Select
          {...control}
          value={params.get(name) ?? ''}
          onChange={(event) => onSet(name, event.target.value)}
        >
          {options.map(([value, word]) => (
            <option key={value} value={value}>
              {word}
            </option>
          ))}
        </Select>
      )}
    </Field>
  ))
}
