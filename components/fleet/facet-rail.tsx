'use client'

import { memo, type ReactNode, useMemo, useState } from 'react'
import { RATING_WORDS } from '@/components/ui/rating'
import type { FleetView } from '@/lib/client/health-store'
import { RATINGS } from '@/lib/health/model'
import { xidName } from '@/lib/health/rules/xid-names'
import { facetOrder, OUT, type Selection } from './filter'
import { findingTitle } from './finding-words'
import { FACET_IDS, type FacetId, type FleetParams } from './params'
import { TileSwatch } from './tile-swatch'

const TITLES: Readonly<Record<FacetId, string>> = {
  rating: 'Rating',
  code: 'Finding',
  region: 'Region',
  model: 'Model',
  allocation: 'Allocation',
  actual: 'Actual state',
  xid: 'Last XID',
  label: 'Label',
}
const FIRST = 6

/** FacetRail narrows the fleet by its columns; each count is what that value would give with the other filters in place. */
export function FacetRail({
  fleet,
  layout,
  selection,
  params,
  onToggle,
}: {
  readonly fleet: FleetView
  /** layout is the fleet's make-up counter: values are listed anew only when rows came or went. */
  readonly layout: number
  readonly selection: Selection
  readonly params: FleetParams
  readonly onToggle: (facet: FacetId, value: string) => void
}): ReactNode {
  return (
    <div className="grid gap-3.5">
      {FACET_IDS.map((facet) => (
        <Facet
          key={facet}
          facet={facet}
          fleet={fleet}
          layout={layout}
          counts={selection.facets[facet]}
          chosen={params.chosen[facet]}
          onToggle={onToggle}
        />
      ))}
    </div>
  )
}

type FacetProps = {
  readonly facet: FacetId
  readonly fleet: FleetView
  readonly layout: number
  readonly counts: ReadonlyMap<string, number>
  readonly chosen: readonly string[]
  readonly onToggle: (facet: FacetId, value: string) => void
}

const Facet = memo(function Facet({ facet, fleet, layout, counts, chosen, onToggle }: FacetProps): ReactNode {
  const [isLong, setLong] = useState(false)
  const live = facet === 'xid' || facet === 'code' || facet === 'actual' || facet === 'allocation'
  const moving = live ? [...counts.keys()].join('\n') : layout
  // biome-ignore lint/correctness/useExhaustiveDependencies: `moving` stands for the columns, which change in place
  const values = useMemo(() => facetOrder(fleet, facet), [fleet, facet, moving])
  const shown = isLong ? values : values.slice(0, FIRST)
  const kept = [...shown, ...chosen.filter((value) => !shown.includes(value))]
  if (values.length === 0) return null
  return (
    <fieldset className="min-w-0">
      <legend className="pb-0.5 text-12 font-medium">{TITLES[facet]}</legend>
      <ul>
        {kept.map((value) => (
          <li key={value}>
            <label className="flex h-6 min-w-0 items-center gap-2 text-12 text-ink-2 hover:text-ink pointer-coarse:h-11">
              <input
                type="checkbox"
                className="size-3 shrink-0 appearance-none rounded-1 border border-edge checked:border-accent checked:bg-accent checked:shadow-[inset_0_0_0_2px_var(--bg)]"
                checked={chosen.includes(value)}
                onChange={() => onToggle(facet, value)}
              />
              <ValueWords facet={facet} value={value} />
              <span className="ml-auto font-mono text-ink-3">
                {(counts.get(value) ?? 0).toLocaleString('en')}
              </span>
            </label>
          </li>
        ))}
      </ul>
      {values.length > FIRST ? (
        <button type="button" className="link min-h-6 text-12 text-ink-3" onClick={() => setLong(!isLong)}>
          {isLong ? 'Fewer' : `All ${values.length}`}
        </button>
      ) : null}
    </fieldset>
  )
}, sameFacet)

function sameFacet(before: FacetProps, after: FacetProps): boolean {
  if (before.fleet !== after.fleet || before.layout !== after.layout || before.onToggle !== after.onToggle)
    return false
  if (before.chosen.join('\n') !== after.chosen.join('\n') || before.counts.size !== after.counts.size)
    return false
  for (const [value, count] of after.counts) if (before.counts.get(value) !== count) return false
  return true
}

function ValueWords({ facet, value }: { readonly facet: FacetId; readonly value: string }): ReactNode {
  if (facet === 'rating' && value === OUT)
    return (
      <>
        <span className="size-2.5 text-center leading-2.5 text-ink-3" aria-hidden="true">
          –
        </span>
        Out of service
      </>
    )
  if (facet === 'rating') {
    const rating = RATINGS.find((one) => one === value) ?? 'unknown'
    return (
      <>
        <TileSwatch rating={rating} />
        {RATING_WORDS[rating]}
      </>
    )
  }
  return (
    <span className="min-w-0 truncate" title={value}>
      {facetWords(facet, value)}
    </span>
  )
}

function facetWords(facet: FacetId, value: string): string {
  if (facet === 'xid') return xidLabel(value)
  if (facet === 'code') return findingTitle(value)
  return value === '' ? 'not named' : value
}

function xidLabel(value: string): string {
  if (value === 'none') return 'none'
  if (value === 'unread') return 'can not be read'
  return `${value} ${xidName(Number(value))}`
}
