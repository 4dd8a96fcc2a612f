import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select } from '@/components/ui/select'
import { queryOf } from '@/lib/client/api'
import { NO_QUERY, type QueryDraft, QueryFields, queryOfDraft } from './query-fields'
import type { MigrationData } from './types'
import { useMigrationCommand } from './use-migration-command'

/** An owner that an older plan holds as free text stays until somebody chooses a person. */
const KEPT = 'kept'

/** PlanForm sets the first day, who of the house owns each phase, and which queries the gates read. */
export function PlanForm({
  data,
  onClose,
}: {
  readonly data: MigrationData
  readonly onClose: () => void
}): ReactNode {
  const { busy, send } = useMigrationCommand()
  const people = useQuery(queryOf('access.people', {}))
  // What is saved is compared with what was shown at first: somebody else's plan is not overwritten unseen.
  const [version] = useState(data.version)
  const [startsOn, setStart] = useState(data.plan.startsOn ?? '')
  const [owners, setOwners] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(
      data.phases.map(({ phase, owner }) => [phase, owner === null ? '' : (owner.personId ?? KEPT)]),
    ),
  )
  const [queries, setQueries] = useState<readonly QueryDraft[]>(() =>
    data.plan.queries.map((query, id) => ({
      ...query,
      id,
      ok: String(query.ok),
      breach: String(query.breach),
      holdSeconds: String(query.holdSeconds),
    })),
  )
  const mayAsk = data.state !== 'shifting' && data.state !== 'awaiting-cutover'
  const chosen = queries.map(queryOfDraft)
  const missing = chosen.find((query) => typeof query === 'string')
  async function save(): Promise<void> {
    const named = Object.fromEntries(
      Object.entries(owners).flatMap(([phase, owner]) =>
        owner === KEPT ? [] : [[phase, owner === '' ? null : owner]],
      ),
    )
    const plan = {
      startsOn: startsOn === '' ? null : startsOn,
      owners: named,
      ...(mayAsk ? { queries: chosen.filter((query) => typeof query !== 'string') } : {}),
    }
    if (await send('migrations.plan', { number: data.number, version, plan })) onClose()
  }
  return (
    <form
      aria-label="Plan"
      className="mb-3 grid grid-cols-1 gap-3 border bg-sunk p-3 md:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (missing === undefined) void save()
      }}
    >
      <Field label="First day">
        {(control) => (
          <Input
            {...control}
            type="date"
            value={startsOn}
            onChange={(event) => setStart(event.target.value)}
          />
        )}
      </Field>
      {data.phases.map(({ phase, title, owner }) => (
        <Field key={phase} label={`Owner of ${title.toLowerCase()}`}>
          {(control) => (
            <Select
              {...control}
              value={owners[phase] ?? ''}
              onChange={(event) => setOwners({ ...owners, [phase]: event.target.value })}
            >
              <option value="">Nobody</option>
              {owner !== null && owner.personId === null ? (
                <option value={KEPT}>{owner.name} (free text)</option>
              ) : null}
              {(people.data ?? [])
                .filter(({ id, isDisabled }) => !isDisabled || id === owner?.personId)
                .map(({ id, handle }) => (
                  <option key={id} value={id}>
                    @{handle}
                  </option>
                ))}
              {people.data === undefined && owner !== null && owner.personId !== null ? (
                <option value={owner.personId}>@{owner.name}</option>
              ) : null}
            </Select>
          )}
        </Field>
      ))}
      {mayAsk ? (
        queries.map((query, at) => (
          <QueryFields
            key={query.id}
            query={query}
            at={at}
            onChange={(next) => setQueries(queries.with(at, next))}
            onRemove={() => setQueries(queries.toSpliced(at, 1))}
          />
        ))
      ) : (
        <p className="text-12 text-ink-2 md:col-span-2">
          Traffic is shifted: the queries of its gates stand until it is at 0 % again.
        </p>
      )}
      <div className="flex flex-wrap gap-2 md:col-span-2">
        <Button type="submit" variant="primary" busy={busy} waitsFor={missing}>
          Save the plan
        </Button>
        {mayAsk && queries.length < 3 ? (
          <Button
            onClick={() =>
              setQueries([...queries, { ...NO_QUERY, id: 1 + Math.max(-1, ...queries.map(({ id }) => id)) }])
            }
          >
            Let gates read a query
          </Button>
        ) : null}
        <Button variant="quiet" onClick={onClose}>
          Not now
        </Button>
      </div>
    </form>
  )
}
