import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import type { MigrationData } from './types'

type Query = MigrationData['plan']['queries'][number]

type Typed = Readonly<Record<keyof Query, string>>

/** QueryDraft is a query as it is typed; `id` tells it from the others of the form. */
export type QueryDraft = Typed & { readonly id: number }

/** NO_QUERY is a query that nobody has typed yet. */
export const NO_QUERY: Typed = { name: '', expr: '', unit: '', ok: '', breach: '', holdSeconds: '300' }

/** queryOfDraft gives the query, or what is missing in it. */
export function queryOfDraft(draft: QueryDraft): Query | string {
  const name = draft.name.trim()
  if (!/^[A-Za-z0-9][\w .-]{1,59}$/.test(name)) return 'name the query: letters, digits, dots, dashes'
  if (draft.expr.trim() === '') return `write the query of ${name}`
  const [ok, breach, holdSeconds] = [Number(draft.ok), Number(draft.breach), Number(draft.holdSeconds)]
  if (draft.ok.trim() === '' || draft.breach.trim() === '' || Number.isNaN(ok) || Number.isNaN(breach))
    return `give the limits of ${name}`
  if (breach < ok) return `${name}: traffic goes back above what is good, not below`
  if (!Number.isInteger(holdSeconds) || holdSeconds < 0) return `say for how long ${name} may be beyond`
  return { name, expr: draft.expr.trim(), unit: draft.unit.trim(), ok, breach, holdSeconds }
}

/** QueryFields takes one Prometheus query with its limits; its answer must be one number of which more is worse. */
export function QueryFields({
  query,
  at,
  onChange,
  onRemove,
}: {
  readonly query: QueryDraft
  readonly at: number
  readonly onChange: (query: QueryDraft) => void
  readonly onRemove: () => void
}): ReactNode {
  const field = (key: keyof Typed, label: string, hint?: string): ReactNode => (
    <Field label={label} hint={hint}>
      {(control) => (
        <Input
          {...control}
          value={query[key]}
          onChange={(event) => onChange({ ...query, [key]: event.target.value })}
        />
      )}
    </Field>
  )
  return (
    <fieldset className="grid grid-cols-1 gap-3 border-t pt-3 md:col-span-2 md:grid-cols-4">
      <legend className="text-12 font-medium text-ink-2">Query {at + 1}</legend>
      {field('name', 'Name')}
      <div className="md:col-span-3">
        {field('expr', 'PromQL', 'It must come to one number; more is worse. Unknown never passes a gate.')}
      </div>
      {field('ok', 'Good below')}
      {field('breach', 'Back above')}
      {field('holdSeconds', 'Seconds beyond')}
      {field('unit', 'Unit')}
      <div className="md:col-span-4">
        <Button size="small" variant="quiet" onClick={onRemove}>
          Take query {at + 1} out
        </Button>
      </div>
    </fieldset>
  )
}
