'use client'

import clsx from 'clsx'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { RATING_WORDS } from '@/components/ui/rating'
import { StateMark } from '@/components/ui/state-mark'
import type { FleetView } from '@/lib/client/health-store'
import { type Cursor, currentFinding, type Finding, type Findings } from './findings'
import { hostName } from './reading'
import { indexOf } from './rows'

/** ROW_REM is a line's height; it grows with the type on a wall display. */
const ROW_REM = 3
const STEP = 12
const WINDOW = 60

/** UnhealthyList says in words what the wall shows in shapes; it holds still while the pointer is on it. */
export function UnhealthyList({
  fleet,
  findings,
  cursor,
  onOpen,
}: {
  readonly fleet: FleetView
  readonly findings: Findings
  readonly cursor: Cursor
  readonly onOpen: (finding: Finding) => void
}): ReactNode {
  const [held, setHeld] = useState<Findings>()
  const [from, setFrom] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const shown = held ?? findings
  const waiting = held ? newIn(findings.list, held.list) : 0
  const first = Math.max(0, from - STEP)
  const rowPx = useRowPx()
  const current = currentFinding(shown.list, cursor)
  useCursorInSight(list, { index: current ? shown.list.indexOf(current) : -1, rowPx }, cursor)

  return (
    <section aria-label="GPUs to look at" className="flex min-h-0 flex-1 flex-col">
      <header className="flex h-11 items-baseline gap-2 px-6 pt-3">
        <h2 className="text-13">To look at</h2>
        <span className="text-12 text-ink-3">breach first, one line a host and finding</span>
        {waiting > 0 ? (
          <button
            type="button"
            className="link ml-auto text-12 text-accent"
            onClick={() => setHeld(findings)}
          >
            {waiting} new ↑
          </button>
        ) : null}
      </header>
      {shown.list.length === 0 ? (
        <p className="px-6 text-ink-2">Every GPU in this set is within its limits.</p>
      ) : (
        <div
          ref={list}
          className="relative min-h-0 flex-1 overflow-y-auto scroll-quiet"
          onPointerEnter={(event) => event.pointerType === 'mouse' && setHeld(findings)}
          onPointerLeave={() => setHeld(undefined)}
          onScroll={(event) => setFrom(Math.floor(event.currentTarget.scrollTop / rowPx / STEP) * STEP)}
        >
          <ul style={{ height: shown.list.length * rowPx }}>
            {shown.list.slice(first, first + WINDOW).map((finding, at) => (
              <li
                key={finding.key}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${(first + at) * rowPx}px)` }}
              >
                <FindingLine
                  fleet={fleet}
                  finding={finding}
                  isCurrent={finding === current}
                  onOpen={onOpen}
                />
              </li>
            ))}
          </ul>
        </div>
      )}
      {shown.away > 0 ? (
        <p className="border-t px-6 py-2 text-12 text-ink-3">
          {shown.away.toLocaleString('en')} more are away on purpose: stopped, coming or gone.
        </p>
      ) : null}
    </section>
  )
}

function FindingLine({
  fleet,
  finding,
  isCurrent,
  onOpen,
}: {
  readonly fleet: FleetView
  readonly finding: Finding
  readonly isCurrent: boolean
  readonly onOpen: (finding: Finding) => void
}): ReactNode {
  const { instances } = fleet
  return (
    <button
      type="button"
      aria-current={isCurrent || undefined}
      title={finding.reason}
      onClick={() => onOpen(finding)}
      className={clsx(
        'grid h-12 w-full grid-cols-[12px_minmax(0,1fr)] items-start gap-x-2.5 border-t px-6 py-1.5 text-left hover:bg-raise',
        isCurrent && 'bg-raise shadow-[inset_2px_0_var(--accent)]',
      )}
    >
      <StateMark mark={finding.rating} className="mt-0.5 size-3" />
      <span className="truncate text-13 leading-4">
        <span className="sr-only">{RATING_WORDS[finding.rating]}: </span>
        {finding.reason || RATING_WORDS[finding.rating]}
      </span>
      <span className="col-start-2 truncate text-12 text-ink-3">
        {hostName(fleet, finding.instance)}, {whichGpus(fleet, finding)} · {instances.model[finding.instance]}{' '}
        · {instances.region[finding.instance]}
      </span>
    </button>
  )
}

function whichGpus(fleet: FleetView, finding: Finding): string {
  if (finding.scope === 'rental') return `rental ${fleet.instances.id[finding.instance]}`
  const all = fleet.instances.gpus[finding.instance] ?? 0
  if (finding.rows.length === all && all > 1) return `all ${all} GPUs`
  if (finding.rows.length > 3) return `${finding.rows.length} of ${all} GPUs`
  return `GPU ${finding.rows.map((row) => indexOf(fleet, row)).join(', ')}`
}

function newIn(now: readonly Finding[], before: readonly Finding[]): number {
  const known = new Set(before.map((finding) => finding.key))
  return now.filter((finding) => !known.has(finding.key)).length
}

function useRowPx(): number {
  const [rowPx] = useState(
    () => ROW_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
  )
  return rowPx
}

function useCursorInSight(
  list: React.RefObject<HTMLDivElement | null>,
  at: { readonly index: number; readonly rowPx: number },
  { row, key }: Cursor,
): void {
  const latest = useRef(at)
  useEffect(() => {
    latest.current = at
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a move of the cursor scrolls, not a list that changed
  useEffect(() => {
    const element = list.current
    const { index, rowPx } = latest.current
    if (!element || index < 0) return
    const top = index * rowPx
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + rowPx > element.scrollTop + element.clientHeight) {
      element.scrollTop = top + rowPx - element.clientHeight
    }
  }, [list, row, key])
}
