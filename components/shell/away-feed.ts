'use client'

import type { QueryClient } from '@tanstack/react-query'
import { RECORD_PAGE } from '@/components/incidents/record-page'
import { queryOf, queryUrl } from '@/lib/client/api'
import { startDraftSync } from '@/lib/client/draft-sync'
import { liveMode, onLiveMode } from '@/lib/client/health-store'
import { onHeldSent, replayHeld, startHeld } from '@/lib/client/held-queue'
import { type KeepItem, keepItems, onKeepAsked, startKeeping } from '@/lib/client/kept'
import { onHint } from '@/lib/client/live'

const KEPT_INCIDENTS = 12
const LEAST_MS = 20_000

let started = false

type Open = { readonly id: string; readonly name: string; readonly lastSeq: number; readonly version: number }

function itemOf({ id, name, lastSeq, version }: Open): KeepItem {
  return {
    path: `/incidents/${name}`,
    mark: `${lastSeq}.${version}`,
    urls: [
      queryUrl('incidents.byId', { ref: id }),
      queryUrl('incidents.timeline', { id, filter: 'all', limit: RECORD_PAGE }),
      queryUrl('checklists.ofIncident', { incidentId: id }),
    ],
  }
}

/** The list and what goes on, next due first. */
async function keepOpen(client: QueryClient): Promise<void> {
  const { incidents } = await client.fetchQuery({ ...queryOf('incidents.open', {}), staleTime: LEAST_MS })
  const items = incidents.slice(0, KEPT_INCIDENTS).map(itemOf)
  await keepItems([
    {
      path: '/incidents',
      urls: [queryUrl('incidents.open', {})],
      mark: items.map(({ mark }) => mark).join(),
    },
    ...items,
    {
      path: '/incidents',
      urls: [queryUrl('incidents.drafts', {}), queryUrl('access.people', {})],
      mark: 'day',
    },
  ])
}

/** The page that is open is kept at once, also when its incident is over. */
async function keepHere(): Promise<void> {
  const path = window.location.pathname
  if (/^\/(incidents(\/[\w-]+)?|postmortems\/[\w-]+\/edit)$/.test(path))
    await keepItems([{ path, urls: [], mark: '' }])
}

/** At most every 20 s, and once more afterwards when something happened meanwhile. */
function atMostEvery(ms: number, work: () => void): () => void {
  let lastMs = Number.NEGATIVE_INFINITY
  let timer: number | undefined
  return () => {
    if (timer !== undefined) return
    timer = window.setTimeout(
      () => {
        timer = undefined
        lastMs = performance.now()
        work()
      },
      Math.max(0, lastMs + ms - performance.now()),
    )
  }
}

async function keepGoing(client: QueryClient): Promise<void> {
  if (!(await startKeeping())) return
  const keep = atMostEvery(LEAST_MS, () => void keepOpen(client).catch(() => undefined))
  onHint((hint) => {
    if (hint === 'all' || hint.topic === 'incidents') keep()
  })
  onKeepAsked(() => void keepHere())
  await keepHere()
  keep()
}

/** startAway does what makes the console usable when the server is not: drafts, held work, pages kept on this device. */
export function startAway(client: QueryClient): void {
  if (started) return
  started = true
  startDraftSync()
  startHeld()
  onLiveMode(() => {
    if (liveMode() === 'live' || liveMode() === 'polling') void replayHeld().catch(() => undefined)
  })
  onHeldSent(() => {
    void client.invalidateQueries({
      predicate: (query) => /^(incidents|checklists)\./.test(String(query.queryKey[0])),
    })
  })
  // A console without the worker, as in development, answers 404 for it.
  if (document.documentElement.dataset.keeps === 'yes') void keepGoing(client).catch(() => undefined)
}
