'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { Link } from '@/components/ui/link'
import { PlainLinkButton } from '@/components/ui/plain-link-button'
import { queryOf, queryUrl } from '@/lib/client/api'
import { FAULT_WORDS } from '@/lib/postmortems/nodes'
import { TriedOn } from './dry-run'
import type { ProposalData } from './types'

/** FromPostmortem shows of which incident a change was proposed, and tries it on what triage saw there. */
export function FromPostmortem({ data }: { readonly data: ProposalData }): ReactNode {
  const query = useQuery(queryOf('postmortems.ofProposal', { proposalId: data.id }))
  const source = query.data?.source
  if (source === null || source === undefined) return null
  const { node } = source
  return (
    <Panel title="From a postmortem">
      <p className="text-pretty break-words">
        <Link href={`/postmortems/${source.name}`} className="link">
          {source.name}
        </Link>{' '}
        {source.title}: <code className="font-mono text-12">{node.node}</code>. {FAULT_WORDS[node.fault]}.{' '}
        {node.text}
      </p>
      {node.hasScenario ? (
        <div className="grid grid-cols-1 gap-4 pt-3">
          <p className="flex flex-wrap items-center gap-3">
            {source.incident} is attached as a scenario that replays.
            <PlainLinkButton href={queryUrl('postmortems.scenario', { nodeId: node.id })} download>
              Scenario
            </PlainLinkButton>
          </p>
          {source.incidentId === null ? null : (
            <LastMoment path={data.path} text={data.text} incidentId={source.incidentId} />
          )}
        </div>
      ) : (
        <p className="pt-2 text-12 text-ink-3">
          No scenario is attached: what triage saw of it was not kept.
        </p>
      )}
    </Panel>
  )
}

/** The last moment that was kept of the incident says what the proposal would have come to. */
function LastMoment({
  path,
  text,
  incidentId,
}: {
  readonly path: string
  readonly text: string
  readonly incidentId: string
}): ReactNode {
  const moments = useQuery(queryOf('triage.moments', {}))
  const last = (moments.data?.seen ?? [])
    .filter((one) => one.incidentId === incidentId)
    .toSorted((a, b) => b.n - a.n)[0]
  if (last === undefined) return null
  return <TriedOn path={path} text={text} moment={{ kind: 'seen', incidentId, n: last.n }} />
}
