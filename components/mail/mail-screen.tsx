'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { StateMark } from '@/components/ui/state-mark'
import { toast } from '@/components/ui/toast-store'
import { queryOf } from '@/lib/client/api'
import { problemText } from '@/lib/client/problem-text'
import type { QueryResult } from '@/lib/registry'
import { MailServerForm } from './mail-server-form'

type Held = QueryResult<'mail.settings'>

/** MailScreen shows how mail to subscribers leaves, what stops it if anything does, and how many get it. */
export function MailScreen({
  mayConfigure,
  mayTest,
  mayForget,
}: {
  readonly mayConfigure: boolean
  readonly mayTest: boolean
  readonly mayForget: boolean
}): ReactNode {
  const { data, isPending, isError, error, refetch } = useQuery(queryOf('mail.settings', {}))
  if (isPending) return <Panel title="Mail to subscribers" face={{ kind: 'loading', rows: 4 }} />
  if (isError) {
    const face = {
      kind: 'failed',
      sentence: 'The settings of mail could not be read.',
      detail: error.message,
      retry: () => void refetch(),
    } as const
    return <Panel title="Mail to subscribers" face={face} />
  }
  return (
    <section aria-labelledby="mail-title" className="grid max-w-5xl gap-6">
      <header>
        <h2 id="mail-title" className="text-16">
          Mail to subscribers
        </h2>
        <p className="max-w-2xl pt-1 text-ink-2">
          Public updates go by mail to whoever asked for them on the status page and confirmed it. Every mail
          carries a link that ends it.
        </p>
      </header>
      <Standing held={data} mayTest={mayTest} />
      {mayConfigure ? (
        <>
          {data.origin === 'environment' ? (
            <p className="text-12 text-ink-3">
              These settings come from the environment. What is saved here wins over them.
            </p>
          ) : null}
          <MailServerForm held={data} />
        </>
      ) : null}
      {mayForget ? <Forget /> : null}
    </section>
  )
}

function Standing({ held, mayTest }: { readonly held: Held; readonly mayTest: boolean }): ReactNode {
  const { confirmed, pending, suppressed } = held.subscribers
  const { settings, stopped } = held
  return (
    <div className="grid gap-2">
      {stopped === null ? (
        <p className="flex items-center gap-1.5">
          <StateMark mark={settings === null ? 'warning' : 'clear'} />
          {settings === null
            ? 'No mail server is set: mail waits until there is one.'
            : `Mail leaves through ${settings.host} as ${settings.from}.`}
        </p>
      ) : (
        <div role="alert" className="flex flex-wrap items-center gap-x-3 gap-y-1 bg-breach-tint px-3 py-2">
          <StateMark mark="breach" />
          <p className="min-w-0 flex-1">
            No mail leaves since <Instant at={Date.parse(stopped.since) / 1_000} />: {stopped.problem} Nothing
            is lost; it is tried again by itself.
          </p>
          {mayTest ? (
            <Button size="small" onClick={() => void runCommand('mail.resume', {}).catch(say)}>
              Try now
            </Button>
          ) : null}
        </div>
      )}
      <p className="text-ink-2">
        {confirmed} {confirmed === 1 ? 'subscriber' : 'subscribers'}, {pending} not confirmed, {suppressed}{' '}
        with a mailbox that does not exist.
      </p>
    </div>
  )
}

function say(error: unknown): void {
  const text = problemText(error)
  toast({ tone: 'failed', text })
}

/** Forget deletes one subscriber by address: what somebody asks for by right. */
function Forget(): ReactNode {
  const client = useQueryClient()
  const [address, setAddress] = useState('')
  const [problem, setProblem] = useState<string>()

  async function forget(): Promise<void> {
    setProblem(undefined)
    try {
      const { isFound } = await runCommand('subscribers.forget', { address })
      setAddress('')
      toast({ tone: 'done', text: isFound ? 'The address is deleted.' : 'No such address is kept.' })
      await client.invalidateQueries({ queryKey: ['mail.settings'] })
    } catch (error) {
      setProblem(problemText(error))
    }
  }

  function submit(event: FormEvent): void {
    event.preventDefault()
    void forget()
  }

  return (
    <form onSubmit={submit} className="grid max-w-md gap-2 border-t pt-4">
      <Field
        label="Delete an address"
        hint="With everything kept about it. The record of it does not name the address."
        error={problem}
      >
        {(control) => (
          <Input
            {...control}
            value={address}
            autoComplete="off"
            placeholder="name@example.com"
            onChange={(event) => setAddress(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" className="justify-self-start">
        Delete
      </Button>
    </form>
  )
}
