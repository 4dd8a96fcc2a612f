'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { useAddress } from '@/components/shell/use-address'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { TimeAgo } from '@/components/time/time-ago'
import { Button } from '@/components/ui/button'
import { Drawer } from '@/components/ui/drawer'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { SeverityMark } from '@/components/ui/severity-mark'
import { queryOf, type Wire } from '@/lib/client/api'
import { problemText } from '@/lib/client/problem-text'
import type { QueryResult } from '@/lib/registry'
import { AlertIncidents } from './alert-incidents'
import { resolvedWords, ruleWords, skewWords, sourceWord } from './alert-words'

type Detail = Wire<QueryResult<'alerts.detail'>>

/** AlertDrawer is one episode: what it says, since when, who silenced or acknowledged it, its other episodes. */
export function AlertDrawer({
  id,
  onClose,
  mayAcknowledge,
  mayDeclare,
}: {
  readonly id: string
  readonly onClose: () => void
  readonly mayAcknowledge: boolean
  readonly mayDeclare: boolean
}): ReactNode {
  const detail = useQuery({ ...queryOf('alerts.detail', { id }), retry: 1 })
  const { data } = detail
  return (
    <Drawer
      open
      onClose={onClose}
      title={data?.name ?? 'Alert'}
      subtitle={
        data ? `${sourceWord(data.source)}, ${data.status === 'firing' ? 'firing' : 'over'}` : undefined
      }
    >
      {data ? (
        <Content detail={data} mayAcknowledge={mayAcknowledge} mayDeclare={mayDeclare} />
      ) : (
        <Panel
          title="Alert"
          face={
            detail.isError
              ? { kind: 'failed', sentence: 'This alert could not be read.', detail: detail.error.message }
              : { kind: 'loading', rows: 6 }
          }
        />
      )}
    </Drawer>
  )
}

function Content({
  detail,
  mayAcknowledge,
  mayDeclare,
}: {
  readonly detail: Detail
  readonly mayAcknowledge: boolean
  readonly mayDeclare: boolean
}): ReactNode {
  const { annotations, labels } = detail
  const summary = annotations.summary ?? annotations.description ?? ''
  const others = Object.entries(annotations).filter(([name]) => name !== 'summary')
  return (
    <div className="grid gap-5">
      <div className="grid gap-1">
        <SeverityMark severity={detail.level} />
        {summary === '' ? null : <p className="text-16 break-words">{summary}</p>}
      </div>
      {detail.status === 'firing' ? <Acknowledge detail={detail} mayAcknowledge={mayAcknowledge} /> : null}
      <AlertIncidents detail={detail} mayDeclare={mayDeclare} />
      <Times detail={detail} />
      <Silences detail={detail} />
      <Pairs title="Labels" pairs={Object.entries(labels)} />
      {others.length === 0 ? null : <Pairs title="What its sender adds" pairs={others} />}
      {detail.link === '' ? null : (
        <p>
          <a href={detail.link} target="_blank" rel="noopener noreferrer nofollow" className="underline">
            Open at its source
          </a>
        </p>
      )}
      <Earlier detail={detail} />
    </div>
  )
}

function Line({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="grid grid-cols-[9rem_minmax(0,1fr)] gap-4 border-t py-1.5">
      <dt className="text-ink-2">{title}</dt>
      <dd className="break-words">{children}</dd>
    </div>
  )
}

function Times({ detail }: { readonly detail: Detail }): ReactNode {
  const skew = skewWords(detail.skew)
  const rule = ruleWords(detail.promState)
  return (
    <dl>
      <Line title="Since">
        <Instant at={detail.since} seconds both /> (<TimeAgo at={detail.since} />)
      </Line>
      {skew === '' ? null : (
        <Line title="Claimed start">
          <span className="font-mono">{detail.startsRaw}</span>, {skew}: the age counts from when we first
          heard of it
        </Line>
      )}
      <Line title="First heard">
        <Instant at={detail.firstSeenAt} seconds />
      </Line>
      <Line title="Last heard">
        <Instant at={detail.lastSeenAt} seconds />
      </Line>
      <Line title="Deliveries">
        {detail.seen === 0
          ? detail.via === 'rule'
            ? 'none: our own rule'
            : 'none: found by the poll'
          : detail.seen}
      </Line>
      {detail.status === 'resolved' ? (
        <Line title="Over">
          <Instant at={detail.resolvedAt} seconds />: {resolvedWords(detail.resolvedBy)}
        </Line>
      ) : null}
      {detail.missingSince === 0 ? null : (
        <Line title="Not listed">
          The alert source does not list it since <Instant at={detail.missingSince} seconds />
        </Line>
      )}
      {rule === '' ? null : <Line title="Prometheus">{rule}</Line>}
      <Line title="Severity word">{detail.severity === '' ? 'none' : detail.severity}</Line>
      <Line title="Fingerprint">
        <span className="font-mono">{detail.fingerprint}</span>
      </Line>
      {detail.policyHash === null ? null : (
        <Line title="Rule version">
          <span className="font-mono">{detail.policyHash.slice(0, 12)}</span>
        </Line>
      )}
    </dl>
  )
}

function Silences({ detail }: { readonly detail: Detail }): ReactNode {
  if (detail.silences.length === 0 && !detail.inhibited) return null
  return (
    <Panel title="Why nobody is told">
      <ul>
        {detail.silences.map((silence) => (
          <li key={silence.id} className="border-t py-1.5">
            Silenced by <b className="font-medium">{silence.createdBy}</b> until{' '}
            <Instant at={silence.endsAt} both />
            {silence.comment === '' ? null : <span className="block text-ink-2">{silence.comment}</span>}
          </li>
        ))}
        {detail.inhibited ? (
          <li className="border-t py-1.5">Inhibited by another alert that fires.</li>
        ) : null}
      </ul>
    </Panel>
  )
}

function Pairs({
  title,
  pairs,
}: {
  readonly title: string
  readonly pairs: readonly (readonly [string, string])[]
}): ReactNode {
  return (
    <Panel title={title}>
      <dl>
        {pairs.map(([name, value]) => (
          <Line key={name} title={name}>
            <span className="font-mono text-12">{value}</span>
          </Line>
        ))}
      </dl>
    </Panel>
  )
}

function Earlier({ detail }: { readonly detail: Detail }): ReactNode {
  const open = useAddress('alert')
  if (detail.earlier.length === 0) return null
  return (
    <Panel title="Other episodes of this alert">
      <ul>
        {detail.earlier.map((one) => (
          <li key={one.id} className="border-t py-1.5">
            <a {...open.linkTo(one.id)} className="underline">
              <Instant at={one.since} />
            </a>{' '}
            {one.status === 'firing' ? 'firing' : `over: ${resolvedWords(one.resolvedBy)}`}, {one.seen}{' '}
            deliveries
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Acknowledge({
  detail,
  mayAcknowledge,
}: {
  readonly detail: Detail
  readonly mayAcknowledge: boolean
}): ReactNode {
  const client = useQueryClient()
  const [isBusy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()
  const target = { ids: [detail.id] }

  async function change(task: () => Promise<unknown>): Promise<void> {
    setBusy(true)
    setFault(undefined)
    try {
      await task()
      await client.invalidateQueries({
        predicate: (query) => String(query.queryKey[0]).startsWith('alerts.'),
      })
    } catch (error) {
      setFault(problemText(error))
    } finally {
      setBusy(false)
    }
  }

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const note = String(new FormData(event.currentTarget).get('note') ?? '')
    void change(() => runCommand('alerts.acknowledge', { target, note }))
  }

  if (detail.ackedBy !== null) {
    return (
      <div className="grid justify-items-start gap-2 border-t pt-2">
        <p>
          Acknowledged by <b className="font-medium">{detail.ackedBy}</b> <TimeAgo at={detail.ackedAt} />
          {detail.ackNote === '' ? null : <span className="block text-ink-2">{detail.ackNote}</span>}
        </p>
        {mayAcknowledge ? (
          <Button
            size="small"
            busy={isBusy}
            onClick={() => void change(() => runCommand('alerts.withdrawAcknowledgement', { target }))}
          >
            Take back
          </Button>
        ) : null}
        {fault === undefined ? null : <p role="alert">{fault}</p>}
      </div>
    )
  }
  if (!mayAcknowledge) return <p className="border-t pt-2 text-ink-2">Nobody has acknowledged it yet.</p>
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-2 border-t pt-2">
      <Field label="Note" error={fault} className="min-w-48 flex-1">
        {(control) => (
          <Input {...control} name="note" maxLength={500} placeholder="what you are doing about it" />
        )}
      </Field>
      <Button type="submit" variant="primary" busy={isBusy}>
        Acknowledge
      </Button>
    </form>
  )
}
