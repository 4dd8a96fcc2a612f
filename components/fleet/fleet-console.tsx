'use client'

import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react'
import { InSight } from '@/components/ui/in-sight'
import { later } from '@/components/ui/later'
import type { FleetView } from '@/lib/client/health-store'
import { rowWords, wallWords } from './describe'
import { FacetRail } from './facet-rail'
import { prepare, select } from './filter'
import { type Cursor, type Finding, findingsOf } from './findings'
import { FleetSentence } from './fleet-sentence'
import { FleetToolbar } from './fleet-toolbar'
import { NothingMatches } from './nothing-matches'
import { cleared, type FacetId, type FleetParams, isNarrowed, toggled } from './params'
import { findRow, parsePath, pathOf } from './rows'
import { UnhealthyList } from './unhealthy-list'
import { useFleetKeys } from './use-fleet-keys'
import type { ParamsChange } from './use-fleet-params'
import { WallFoot, WallHead } from './wall-edges'
import { WallPanel } from './wall-panel'

const GpuDrawer = later(() => import('./gpu-drawer').then((module) => module.GpuDrawer))
const FleetTable = later(() => import('./fleet-table').then((module) => module.FleetTable))
const FilterSheet = later(() => import('./filter-sheet').then((module) => module.FilterSheet))
const SavedFilters = later(() => import('./saved-filters').then((module) => module.SavedFilters))

/** FleetConsole is filters, the wall or the table, and beside it the list of findings or one GPU. */
export function FleetConsole({
  fleet,
  version,
  params,
  change,
}: {
  readonly fleet: FleetView
  readonly version: number
  readonly params: FleetParams
  readonly change: ParamsChange
}): ReactNode {
  const search = useRef<HTMLInputElement>(null)
  const wall = useRef<HTMLDivElement>(null)
  const [{ row: cursor, key }, setPlace] = useState<Cursor>({ row: -1 })
  const [hasSheet, setSheet] = useState(false)
  const { matcher, selection, findings } = useSet(fleet, version, params)
  const selected = findRow(fleet, parsePath(params.gpu))
  const isWallDisplay = params.display === 'wall'

  const setCursor = (row: number): void => setPlace({ row })
  const open = (row: number, line?: string): void => {
    setPlace((before) => ({ row, key: line ?? (before.row === row ? before.key : undefined) }))
    change({ ...params, gpu: pathOf(fleet, row) }, params.gpu ? 'replace' : 'push')
  }
  const openFinding = (finding: Finding): void => open(finding.rows[0] ?? -1, finding.key)
  const toggle = useToggle(params, change)
  const at = cursor >= 0 ? { row: cursor, key } : { row: selected }
  const close = (): void => change({ ...params, gpu: undefined })
  useFleetKeys({
    findings: findings.list,
    cursor: at,
    search,
    wall,
    onFinding: (finding) =>
      params.gpu ? openFinding(finding) : setPlace({ row: finding.rows[0] ?? -1, key: finding.key }),
    onClose: close,
    isDrawerOpen: params.gpu !== undefined,
  })

  const rail = (
    <>
      <FacetRail
        fleet={fleet}
        layout={fleet.layout}
        selection={selection}
        params={params}
        onToggle={toggle}
      />
      <InSight className="min-h-16">
        <SavedFilters params={params} change={change} />
      </InSight>
    </>
  )
  const isEmpty = selection.count === 0
  const hasAside = params.view === 'wall' || params.gpu !== undefined || isWallDisplay
  return (
    <div className="flex h-0 min-h-96 grow flex-col">
      <section
        className="flex flex-wrap items-center gap-x-6 gap-y-2 border-b px-6 py-3 max-md:px-4"
        aria-label="Fleet"
      >
        <FleetSentence
          selection={selection}
          findings={findings}
          total={fleet.gpus.count}
          isNarrowed={isNarrowed(params)}
        />
        {isWallDisplay ? null : (
          <FleetToolbar
            params={params}
            change={change}
            search={search}
            selection={selection}
            onFilters={() => setSheet(true)}
          />
        )}
      </section>
      <div className="flex min-h-0 flex-1">
        {isWallDisplay ? null : (
          <aside
            aria-label="Filters"
            className="w-53 shrink-0 overflow-y-auto border-r py-3.5 pr-4 pl-6 scroll-quiet max-lg:hidden"
          >
            {rail}
          </aside>
        )}
        <div className="flex min-w-0 flex-1 max-xl:flex-col">
          <div className="relative flex min-h-0 min-w-0 flex-1 flex-col max-xl:flex-[3]">
            {isEmpty ? <NothingMatches onClear={() => change(cleared(params))} /> : null}
            {params.view === 'table' && !isWallDisplay ? (
              <FleetTable
                fleet={fleet}
                version={version}
                selection={selection}
                params={params}
                change={change}
                selected={selected}
                onOpen={open}
              />
            ) : (
              <>
                <WallHead params={params} matcher={matcher} />
                <WallPanel
                  scroller={wall}
                  fleet={fleet}
                  version={version}
                  matcher={matcher}
                  selection={selection}
                  params={params}
                  description={wallWords(selection)}
                  cursor={cursor}
                  selected={selected}
                  onCursor={setCursor}
                  onOpen={open}
                />
                {isWallDisplay ? null : <WallFoot seq={fleet.seq} at={fleet.at} />}
              </>
            )}
          </div>
          {hasAside ? (
            <aside
              aria-label={selected >= 0 ? 'One GPU' : 'Findings'}
              className="flex min-h-0 w-105 shrink-0 flex-col border-l border-line-2 max-xl:w-auto max-xl:flex-[2] max-xl:border-t max-xl:border-l-0"
            >
              {params.gpu && !isWallDisplay ? (
                <GpuDrawer fleet={fleet} version={version} row={selected} path={params.gpu} onClose={close} />
              ) : (
                <UnhealthyList fleet={fleet} findings={findings} cursor={at} onOpen={openFinding} />
              )}
            </aside>
          ) : null}
        </div>
      </div>
      <p className="sr-only" role="status" aria-live="polite">
        {cursor >= 0 ? rowWords(fleet, cursor) : ''}
      </p>
      {hasSheet ? <FilterSheet onClose={() => setSheet(false)}>{rail}</FilterSheet> : null}
    </div>
  )
}

function useSet(
  fleet: FleetView,
  version: number,
  params: FleetParams,
): {
  readonly matcher: ReturnType<typeof prepare>
  readonly selection: ReturnType<typeof select>
  readonly findings: ReturnType<typeof findingsOf>
} {
  const { chosen, search } = params
  const filterKey = JSON.stringify([chosen, search])
  // biome-ignore lint/correctness/useExhaustiveDependencies: columns change in place (version), the filter by value (key)
  return useMemo(() => {
    const matcher = prepare(fleet, { chosen, search })
    const selection = select(matcher)
    return { matcher, selection, findings: findingsOf(fleet, selection.matches) }
  }, [fleet, version, filterKey])
}

function useToggle(params: FleetParams, change: ParamsChange): (facet: FacetId, value: string) => void {
  const latest = useRef(params)
  latest.current = params
  return useCallback((facet, value) => change(toggled(latest.current, facet, value)), [change])
}
