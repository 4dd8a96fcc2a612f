'use client'

import type { ReactNode, RefObject } from 'react'
import { Button } from '@/components/ui/button'
import { buttonLook } from '@/components/ui/button-look'
import { DownloadIcon, FiltersIcon, TableIcon, WallIcon } from '@/components/ui/icons'
import { later } from '@/components/ui/later'
import { Popover } from '@/components/ui/popover'
import type { Selection } from './filter'
import { GROUPS } from './grouping'
import { COLOURS } from './paint-codes'
import { type FleetParams, isNarrowed } from './params'
import { SearchBox } from './search-box'
import type { ParamsChange } from './use-fleet-params'

const ExportLinks = later(() => import('./export-links').then((module) => module.ExportLinks))

/** FleetToolbar chooses how the fleet is shown; every choice is in the URL. */
export function FleetToolbar({
  params,
  change,
  search,
  selection,
  onFilters,
}: {
  readonly params: FleetParams
  readonly change: ParamsChange
  readonly search: RefObject<HTMLInputElement | null>
  readonly selection: Selection
  readonly onFilters: () => void
}): ReactNode {
  return (
    <div className="flex flex-wrap items-center gap-2 md:ml-auto">
      <Button size="small" className="lg:hidden" onClick={onFilters}>
        <FiltersIcon className="size-3" />
        Filters
      </Button>
      <ViewSwitch params={params} change={change} />
      {params.view === 'wall' ? (
        <>
          <Choice
            label="Group"
            value={params.group}
            options={GROUPS}
            onChoose={(group) => change({ ...params, group })}
          />
          <Choice
            label="Colour"
            value={params.colour}
            options={COLOURS}
            onChoose={(colour) => change({ ...params, colour })}
          />
        </>
      ) : null}
      <SearchBox params={params} change={change} input={search} />
      <Popover
        label="Export"
        align="end"
        trigger={
          <>
            <DownloadIcon className="size-3" />
            Export
          </>
        }
        triggerClassName={buttonLook({ size: 'small' })}
      >
        <ExportLinks matches={selection.matches} count={selection.count} isNarrowed={isNarrowed(params)} />
      </Popover>
    </div>
  )
}

const VIEWS = [
  { id: 'wall', title: 'Wall', Icon: WallIcon },
  { id: 'table', title: 'Table', Icon: TableIcon },
] as const

function ViewSwitch({
  params,
  change,
}: {
  readonly params: FleetParams
  readonly change: ParamsChange
}): ReactNode {
  return (
    <fieldset className="inline-flex overflow-hidden rounded-2 border border-line-2">
      <legend className="sr-only">View</legend>
      {VIEWS.map(({ id, title, Icon }) => (
        <button
          key={id}
          type="button"
          aria-pressed={params.view === id}
          onClick={() => change({ ...params, view: id })}
          className="flex h-5.5 items-center gap-1.5 px-2 text-12 text-ink-2 hover:text-ink aria-pressed:bg-ink aria-pressed:font-medium aria-pressed:text-bg focus-visible:-outline-offset-2 pointer-coarse:h-11"
        >
          <Icon className="size-3" />
          {title}
        </button>
      ))}
    </fieldset>
  )
}

function Choice<Id extends string>({
  label,
  value,
  options,
  onChoose,
}: {
  readonly label: string
  readonly value: Id
  readonly options: readonly { readonly id: Id; readonly title: string }[]
  readonly onChoose: (id: Id) => void
}): ReactNode {
  return (
    <label className="inline-flex items-center gap-1 text-12 text-ink-3">
      {label}
      <select
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.id === event.target.value)
          if (chosen) onChoose(chosen.id)
        }}
        className="h-6 rounded-2 bg-bg font-medium text-ink hover:bg-raise pointer-coarse:h-11 max-md:max-w-24"
      >
        {options.map((option) => (
          <option key={option.id} value={option.id}>
            {option.title}
          </option>
        ))}
      </select>
    </label>
  )
}
