'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { BookmarkIcon, CloseIcon } from '@/components/ui/icons'
import { Input } from '@/components/ui/input'
import { queryOf, sendCommand } from '@/lib/client/api'
import { type FleetParams, isNarrowed, readParams, writeParams } from './params'
import type { ParamsChange } from './use-fleet-params'

/** SavedFilters keeps sets under a name: the URL's query string without the selected GPU. */
export function SavedFilters({
  params,
  change,
}: {
  readonly params: FleetParams
  readonly change: ParamsChange
}): ReactNode {
  const client = useQueryClient()
  const options = queryOf('health.filters', {})
  const filters = useQuery(options)
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: options.queryKey })
  const remove = useMutation({
    mutationFn: (id: string) => sendCommand('health.deleteFilter', { id }),
    onSettled: refresh,
  })
  const problem = filters.error ?? remove.error
  return (
    <section aria-label="Saved filters" className="grid gap-1.5 pt-4 text-12">
      <h2 className="flex items-center gap-1.5 text-12 font-medium">
        <BookmarkIcon className="size-3" />
        Saved
      </h2>
      {problem ? <p className="text-breach">{problem.message}</p> : null}
      <ul>
        {filters.data?.map((filter) => (
          <li key={filter.id} className="flex items-center justify-between gap-2">
            <button
              type="button"
              className="link min-w-0 truncate text-left text-ink-2 hover:text-ink pointer-coarse:min-h-11"
              onClick={() => change(readParams(new URLSearchParams(filter.query)))}
            >
              {filter.name}
            </button>
            <IconButton
              label={`Forget ${filter.name}`}
              className="size-5"
              onClick={() => remove.mutate(filter.id)}
            >
              <CloseIcon />
            </IconButton>
          </li>
        ))}
      </ul>
      {isNarrowed(params) ? (
        <SaveForm params={params} onSaved={refresh} />
      ) : filters.data?.length === 0 ? (
        <p className="text-ink-3">Choose filters, then keep them here under a name.</p>
      ) : null}
    </section>
  )
}

function SaveForm({
  params,
  onSaved,
}: {
  readonly params: FleetParams
  readonly onSaved: () => Promise<void>
}): ReactNode {
  const [name, setName] = useState('')
  const save = useMutation({
    mutationFn: () =>
      sendCommand('health.saveFilter', {
        name: name.trim(),
        query: writeParams({ ...params, gpu: undefined }),
      }),
    onSuccess: () => {
      setName('')
      return onSaved()
    },
  })
  function submit(event: FormEvent): void {
    event.preventDefault()
    if (name.trim() !== '') save.mutate()
  }
  return (
    <form onSubmit={submit} className="grid gap-1.5">
      <Input
        aria-label="Name of this filter"
        placeholder="Name this filter"
        value={name}
        maxLength={80}
        onChange={(event) => setName(event.target.value)}
        className="h-6 text-12"
      />
      {name.trim() === '' ? null : (
        <Button type="submit" size="small" busy={save.isPending}>
          Save
        </Button>
      )}
      {save.error ? <p className="text-breach">{save.error.message}</p> : null}
    </form>
  )
}
