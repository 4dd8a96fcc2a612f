'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useMemo, useState } from 'react'
import { tellProblem } from '@/components/incidents/use-incident-command'
import { type Action, useActions } from '@/components/shell/actions'
import { runCommand } from '@/components/shell/run-command'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { can, type Role } from '@/lib/access/permissions'
import { ProblemError, queryOf, queryUrl, type Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'

type BundleData = Wire<QueryResult<'evidence.ofIncident'>>['bundles'][number]

const TITLE = 'Evidence'
const WHILE_BUILDING_MS = 2_000

/** EvidencePanel asks for an evidence bundle, shows how far it is, and gives finished ones. */
export function EvidencePanel({
  incidentId,
  me,
}: {
  readonly incidentId: string
  readonly me: { readonly roles: readonly Role[] }
}): ReactNode {
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const query = useQuery({
    ...queryOf('evidence.ofIncident', { incidentId }),
    refetchInterval: ({ state }) => (state.data?.bundles.some(isUnderWay) ? WHILE_BUILDING_MS : false),
  })
  const bundles = query.data?.bundles ?? []
  const mayCollect = can(me.roles, 'evidence.collect')
  const isBuilding = bundles.some(isUnderWay)
  async function collect(): Promise<void> {
    setBusy(true)
    try {
      await runCommand('evidence.collect', { incidentId })
      await client.invalidateQueries({ queryKey: ['evidence.ofIncident'] })
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      tellProblem(error.problem)
    } finally {
      setBusy(false)
    }
  }
  useCollectAction(mayCollect && !isBuilding ? collect : undefined)
  const button = mayCollect ? (
    <Button
      size="small"
      busy={busy}
      {...(isBuilding ? { waitsFor: 'one is being built' } : {})}
      onClick={() => void collect()}
    >
      Collect evidence
    </Button>
  ) : undefined
  if (query.data === undefined) {
    if (query.error === null) return <Panel title={TITLE} face={{ kind: 'loading', rows: 1 }} />
    const retry = (): void => void query.refetch()
    return (
      <Panel title={TITLE} face={{ kind: 'failed', sentence: 'The evidence could not be read.', retry }} />
    )
  }
  if (bundles.length === 0)
    return (
      <Panel
        title={TITLE}
        face={{
          kind: 'empty',
          sentence: 'No bundle was collected: logs of the hour, metrics of two, every look, with digests.',
          action: button,
        }}
      />
    )
  return (
    <Panel title={TITLE} aside={button}>
      <ul aria-label="Evidence bundles">
        {bundles.map((bundle) => (
          <Bundle key={bundle.id} bundle={bundle} incidentId={incidentId} />
        ))}
      </ul>
    </Panel>
  )
}

function isUnderWay({ state }: BundleData): boolean {
  return state === 'queued' || state === 'building'
}

function Bundle({
  bundle,
  incidentId,
}: {
  readonly bundle: BundleData
  readonly incidentId: string
}): ReactNode {
  return (
    <li className="grid gap-1 border-t py-2">
      <p className="flex flex-wrap items-baseline gap-x-3">
        {bundle.state === 'ready' ? (
          <a
            className="link break-all"
            href={queryUrl('evidence.archive', { incidentId, bundleId: bundle.id })}
            download={bundle.filename}
          >
            {bundle.filename}
          </a>
        ) : (
          <span>{stateWords(bundle)}</span>
        )}
        <span className="ml-auto text-12 text-ink-3">
          @{bundle.askedBy} <Instant at={bundle.askedAtMs / 1000} />
        </span>
      </p>
      {isUnderWay(bundle) ? (
        <progress
          aria-label="Steps done"
          className="h-1 w-full accent-(--accent)"
          max={bundle.steps}
          value={bundle.step}
        />
      ) : null}
      {bundle.state === 'ready' ? (
        <p className="text-12 text-ink-3">
          {Math.ceil(bundle.sizeBytes / 1024).toLocaleString('en-US')} kB · {bundle.files} files ·{' '}
          {bundle.missing === 0 ? 'nothing missing' : `${bundle.missing} missing, named in it`} · manifest{' '}
          <span className="font-mono" title={bundle.manifestSha256}>
            {bundle.manifestSha256.slice(0, 12)}
          </span>
        </p>
      ) : null}
    </li>
  )
}

function stateWords({ state, step, steps, stepName, problem }: BundleData): string {
  if (state === 'queued') return 'Waiting for the worker'
  if (state === 'building') return `${stepName}, step ${Math.min(step + 1, steps)} of ${steps}`
  return `Not built: ${problem}`
}

function useCollectAction(collect: (() => Promise<void>) | undefined): void {
  const isOffered = collect !== undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: the function is made anew at each render and does the same
  const actions = useMemo(
    (): readonly Action[] =>
      collect === undefined
        ? []
        : [
            {
              id: 'evidence-collect',
              title: 'Collect evidence',
              group: 'On this page',
              words: 'bundle archive download logs metrics',
              run: () => void collect(),
            },
          ],
    [isOffered],
  )
  useActions(actions)
}
