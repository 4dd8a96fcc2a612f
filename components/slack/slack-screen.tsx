'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { Panel } from '@/components/state/panel'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { StateMark } from '@/components/ui/state-mark'
import { Table } from '@/components/ui/table'
import { toast } from '@/components/ui/toast-store'
import { queryOf } from '@/lib/client/api'
import { problemText } from '@/lib/client/problem-text'
import type { QueryResult } from '@/lib/registry'

type Held = QueryResult<'slack.settings'>

/** SlackScreen sets what Slack may ask for: its signing secret, and which person each of its members is. */
export function SlackScreen({ mayManage }: { readonly mayManage: boolean }): ReactNode {
  const { data, isPending, isError, error, refetch } = useQuery(queryOf('slack.settings', {}))
  if (isPending) return <Panel title="Slack commands" face={{ kind: 'loading', rows: 4 }} />
  if (isError) {
    const face = {
      kind: 'failed',
      sentence: 'The settings of Slack could not be read.',
      detail: error.message,
      retry: () => void refetch(),
    } as const
    return <Panel title="Slack commands" face={face} />
  }
  return (
    <section aria-labelledby="slack-title" className="grid max-w-5xl gap-6">
      <header className="grid gap-1">
        <h2 id="slack-title" className="text-16">
          Slack commands
        </h2>
        <p className="max-w-2xl text-ink-2">
          In Slack, <code className="font-mono">/inc declare, update, status, note</code> and{' '}
          <code className="font-mono">ack</code> do what the person may do here, and no more. Waiting updates
          are approved and refused there by button.
        </p>
        <p>
          Request address of the app, for the command and for interactivity:{' '}
          <code className="font-mono break-all">{data.address}</code>
        </p>
      </header>
      <p className="flex items-center gap-1.5">
        <StateMark mark={data.isTaken ? 'clear' : 'warning'} />
        {data.isTaken
          ? 'Requests are taken when their signature holds.'
          : 'No signing secret is set: no request is taken.'}
      </p>
      {mayManage ? <SecretForm held={data} /> : null}
      <People held={data} mayManage={mayManage} />
    </section>
  )
}

function SecretForm({ held }: { readonly held: Held }): ReactNode {
  const client = useQueryClient()
  const [secret, setSecret] = useState('')
  const [problem, setProblem] = useState<string>()

  async function save(next: string | null): Promise<void> {
    setProblem(undefined)
    try {
      await runCommand('slack.configure', { secret: next, version: held.version })
      setSecret('')
      toast({ tone: 'done', text: next === null ? 'Slack is not listened to.' : 'The secret is saved.' })
      await client.invalidateQueries({ queryKey: ['slack.settings'] })
    } catch (error) {
      setProblem(problemText(error))
    }
  }

  function submit(event: FormEvent): void {
    event.preventDefault()
    void save(secret)
  }

  return (
    <form onSubmit={submit} className="grid max-w-md gap-2">
      <Field
        label="Signing secret"
        hint="From the app’s page at Slack. Stored sealed, and never shown again."
        error={problem}
      >
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="off"
            value={secret}
            placeholder={held.isTaken ? 'kept' : ''}
            onChange={(event) => setSecret(event.target.value)}
          />
        )}
      </Field>
      <div className="flex gap-2">
        <Button type="submit" variant="primary">
          Save
        </Button>
        {held.isTaken ? (
          <Button variant="quiet" onClick={() => void save(null)}>
            Stop taking requests
          </Button>
        ) : null}
      </div>
    </form>
  )
}

function People({ held, mayManage }: { readonly held: Held; readonly mayManage: boolean }): ReactNode {
  return (
    <Table label="Who is who in Slack">
      <thead>
        <tr>
          <th scope="col">Person</th>
          <th scope="col">Member id in Slack</th>
        </tr>
      </thead>
      <tbody>
        {held.people.map((person) => (
          <tr key={person.id}>
            <td>
              {person.name} <span className="text-ink-3">@{person.handle}</span>
            </td>
            <td>
              {mayManage ? (
                <MemberField key={person.slackUser ?? ''} person={person} />
              ) : (
                <span className="font-mono">{person.slackUser ?? 'not named'}</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

function MemberField({ person }: { readonly person: Held['people'][number] }): ReactNode {
  const client = useQueryClient()
  const held = person.slackUser ?? ''
  const [member, setMember] = useState(held)

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault()
    try {
      const slackUser = member.trim() === '' ? null : member.trim().toUpperCase()
      await runCommand('slack.namePerson', { personId: person.id, slackUser })
      toast({ tone: 'done', text: `@${person.handle} is ${slackUser ?? 'nobody'} in Slack.` })
      await client.invalidateQueries({ queryKey: ['slack.settings'] })
    } catch (error) {
      toast({ tone: 'failed', text: problemText(error) })
    }
  }

  return (
    <form onSubmit={(event) => void save(event)} className="flex items-center gap-2">
      <Input
        aria-label={`Member id of @${person.handle}`}
        value={member}
        autoComplete="off"
        placeholder="U2CERLKJA"
        onChange={(event) => setMember(event.target.value)}
      />
      {member.trim() === held ? null : (
        <Button type="submit" size="small">
          Save
        </Button>
      )}
    </form>
  )
}
