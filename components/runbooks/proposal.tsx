'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { later } from '@/components/ui/later'
import { Link } from '@/components/ui/link'
import { can } from '@/lib/access/permissions'
import { ProblemError, queryOf } from '@/lib/client/api'
import { DiffView } from './diff-view'
import { FindingsList } from './findings-list'
import type { Me, ProposalData } from './types'

const FromPostmortem = later(() => import('./from-postmortem').then((module) => module.FromPostmortem))

/** Proposal is a text that waits for a second person: what changes, what the check says, and the decision. */
export function Proposal({
  id,
  slug,
  me,
}: {
  readonly id: string
  readonly slug: string
  readonly me: Me
}): ReactNode {
  const query = useQuery(queryOf('runbooks.proposal', { id }))
  if (query.isPending) return <Panel title="Proposal" face={{ kind: 'loading', rows: 6 }} />
  if (query.isError || query.data.slug !== slug)
    return (
      <Panel
        title="Proposal"
        face={{
          kind: 'failed',
          sentence: 'This proposal could not be read.',
          detail: query.error?.message ?? 'It belongs to another runbook.',
          retry: () => void query.refetch(),
        }}
      />
    )
  const { data } = query
  const faults = data.findings.filter(({ grade }) => grade === 'fault')
  return (
    <div className="grid gap-6">
      <header className="grid gap-1">
        <h2 className="text-16 text-pretty">
          {data.kind === 'file' ? 'The file counts again: ' : ''}
          {data.why}
        </h2>
        <p className="text-12 text-ink-3">
          @{data.by} · <Instant at={data.atMs / 1000} /> · text{' '}
          <code className="font-mono" title={data.textHash}>
            {data.textHash.slice(0, 12)}
          </code>{' '}
          over{' '}
          <code className="font-mono" title={data.baseHash}>
            {data.baseHash.slice(0, 12)}
          </code>
        </p>
      </header>
      {data.isStale ? <Stale data={data} /> : null}
      <DiffView
        left={data.baseText}
        right={data.text}
        label={
          data.state === 'open' && !data.isStale
            ? 'What counts, and what is proposed'
            : 'What counted then, and what was proposed'
        }
      />
      {data.state !== 'open' ? null : data.findings.length === 0 ? (
        <p className="text-ink-2">The check has nothing against it.</p>
      ) : (
        <Panel title="What the check says">
          <FindingsList findings={data.findings} path={data.path} />
        </Panel>
      )}
      <FromPostmortem data={data} />
      <Decision data={data} me={me} hasFaults={faults.length > 0} />
    </div>
  )
}

function Stale({ data }: { readonly data: ProposalData }): ReactNode {
  return (
    <div role="alert" className="grid gap-3 border-l-2 border-warn pl-3">
      <p className="text-pretty">
        <b className="font-medium">Another text counts since this was proposed.</b> It can’t be approved: @
        {data.by} must propose it anew over what counts now. Both stand here.
      </p>
      <DiffView
        left={data.baseText}
        right={data.now?.text ?? ''}
        label="What it was written over, and what counts now"
      />
    </div>
  )
}

function Decision({
  data,
  me,
  hasFaults,
}: {
  readonly data: ProposalData
  readonly me: Me
  readonly hasFaults: boolean
}): ReactNode {
  const client = useQueryClient()
  const [why, setWhy] = useState('')
  const [busy, setBusy] = useState<'approve' | 'refuse' | 'withdraw' | undefined>(undefined)
  const [problem, setProblem] = useState<string | undefined>(undefined)
  if (data.state !== 'open') return <Decided data={data} />
  async function decide(kind: 'approve' | 'refuse' | 'withdraw'): Promise<void> {
    setBusy(kind)
    setProblem(undefined)
    const proposalId = data.id
    try {
      if (kind === 'approve')
        await runCommand('runbooks.approve', { proposalId, textHash: data.textHash, why })
      else if (kind === 'refuse') await runCommand('runbooks.refuse', { proposalId, why })
      else await runCommand('runbooks.withdraw', { proposalId })
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      setProblem(error.problem.detail)
    } finally {
      setBusy(undefined)
      await client.invalidateQueries({
        predicate: ({ queryKey }) => String(queryKey[0]).startsWith('runbooks.'),
      })
    }
  }
  if (data.byId === me.id)
    return (
      <div className="grid justify-items-start gap-2">
        <p className="text-ink-2">You proposed this: somebody else must approve it.</p>
        <Button busy={busy === 'withdraw'} onClick={() => void decide('withdraw')}>
          Take it back
        </Button>
        {problem === undefined ? null : (
          <p role="alert" className="text-breach">
            {problem}
          </p>
        )}
      </div>
    )
  if (!can(me.roles, 'runbooks.approve'))
    return <p className="text-ink-2">A commander, a manager or an administrator decides.</p>
  const blocked = data.isStale ? 'another text counts now' : hasFaults ? 'has faults' : undefined
  return (
    <section aria-label="Decide" className="grid max-w-3xl gap-3">
      <Field
        label="Your reason"
        hint="Needed to refuse, and kept with the version when you approve."
        {...(problem === undefined ? {} : { error: problem })}
      >
        {(control) => (
          <Input {...control} maxLength={500} value={why} onChange={(event) => setWhy(event.target.value)} />
        )}
      </Field>
      <p className="flex flex-wrap gap-2">
        <Button
          variant="primary"
          busy={busy === 'approve'}
          {...(blocked === undefined ? {} : { waitsFor: blocked })}
          onClick={() => void decide('approve')}
        >
          Approve: it counts from now on
        </Button>
        <Button
          busy={busy === 'refuse'}
          {...(why.trim().length >= 3 ? {} : { waitsFor: 'say why' })}
          onClick={() => void decide('refuse')}
        >
          Refuse
        </Button>
      </p>
    </section>
  )
}

function Decided({ data }: { readonly data: ProposalData }): ReactNode {
  return (
    <p className="text-pretty">
      <b className="font-medium">
        {data.state === 'approved' ? 'Approved' : data.state === 'refused' ? 'Refused' : 'Taken back'}
      </b>{' '}
      by @{data.decidedBy}
      {data.decidedAtMs === null ? null : (
        <>
          , <Instant at={data.decidedAtMs / 1000} />
        </>
      )}
      {data.decidedWhy === '' ? '.' : `: “${data.decidedWhy}”`}{' '}
      <Link href={`/runbooks/${data.slug}?view=history`} className="link">
        History
      </Link>
    </p>
  )
}
