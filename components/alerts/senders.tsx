'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { failedFace } from '@/components/state/failed-face'
import { Panel } from '@/components/state/panel'
import { TimeAgo } from '@/components/time/time-ago'
import { Button } from '@/components/ui/button'
import { toast } from '@/components/ui/toast-store'
import { ProblemError, queryOf, type Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'
import { HOW_SIGNED, OUTCOME_WORDS, sourceWord } from './alert-words'
import { NewSecret } from './new-secret'

type Hook = Wire<QueryResult<'alerts.hooks'>>[number]

/** Senders shows each hook: its address, how it is signed, which secrets are in force, and how it was answered. */
export function Senders({ mayManage }: { readonly mayManage: boolean }): ReactNode {
  const hooks = useQuery(queryOf('alerts.hooks', {}))
  if (!hooks.data) {
    return (
      <Panel
        title="Senders"
        face={
          hooks.isError ? failedFace(hooks, 'The senders could not be read.') : { kind: 'loading', rows: 5 }
        }
      />
    )
  }
  return (
    <div className="grid max-w-4xl gap-8">
      {hooks.data.map((hook) => (
        <HookPanel key={hook.sender} hook={hook} mayManage={mayManage} />
      ))}
    </div>
  )
}

function HookPanel({ hook, mayManage }: { readonly hook: Hook; readonly mayManage: boolean }): ReactNode {
  const inForce = hook.secrets.length + hook.inEnvironment
  const answers = OUTCOME_WORDS.filter(([outcome]) => (hook.day[outcome] ?? 0) > 0)
  return (
    <Panel
      title={sourceWord(hook.sender)}
      aside={
        <>
          last stored <TimeAgo at={hook.lastStoredAt} />
        </>
      }
    >
      <div className="grid gap-2 border-t pt-2">
        <p className="font-mono text-12 break-all select-all">{hook.url}</p>
        <p className="text-ink-2">{HOW_SIGNED[hook.sender]}</p>
        <p className="text-12 text-ink-3">
          In the last 24 hours:{' '}
          {answers.length === 0
            ? 'no delivery'
            : answers.map(([outcome, word]) => `${hook.day[outcome]} ${word}`).join(', ')}
        </p>
        {inForce === 0 ? <p>No secret is in force, so every delivery is refused.</p> : null}
        {hook.inEnvironment > 0 ? (
          <p className="text-12 text-ink-3">{hook.inEnvironment} from the environment</p>
        ) : null}
        <ul>
          {hook.secrets.map((secret) => (
            <SecretRow key={secret.id} secret={secret} mayManage={mayManage} />
          ))}
        </ul>
        {mayManage ? <NewSecret sender={hook.sender} isFull={hook.secrets.length >= 2} /> : null}
      </div>
    </Panel>
  )
}

function SecretRow({
  secret,
  mayManage,
}: {
  readonly secret: Hook['secrets'][number]
  readonly mayManage: boolean
}): ReactNode {
  const client = useQueryClient()
  const [isSure, setSure] = useState(false)
  const [isBusy, setBusy] = useState(false)

  async function end(): Promise<void> {
    setBusy(true)
    try {
      await runCommand('alerts.revokeHookSecret', { id: secret.id })
      toast({ tone: 'done', text: `${secret.name} has ended` })
    } catch (error) {
      const detail = error instanceof ProblemError ? error.problem.detail : undefined
      toast({ tone: 'failed', text: 'The secret was not ended', detail })
    } finally {
      setBusy(false)
      setSure(false)
      await client.invalidateQueries({ queryKey: ['alerts.hooks'] })
    }
  }

  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t py-1.5">
      <b className="font-medium">{secret.name}</b>
      <span className="text-12 text-ink-3">
        made by {secret.createdBy} <TimeAgo at={secret.createdAt} />, used <TimeAgo at={secret.lastUsedAt} />
      </span>
      {mayManage ? (
        <span className="ml-auto inline-flex gap-1">
          {isSure ? (
            <>
              <Button size="small" busy={isBusy} onClick={() => void end()}>
                End it now
              </Button>
              <Button size="small" variant="quiet" onClick={() => setSure(false)}>
                Keep it
              </Button>
            </>
          ) : (
            <Button size="small" variant="quiet" onClick={() => setSure(true)}>
              End<span className="sr-only"> {secret.name}</span>
            </Button>
          )}
        </span>
      ) : null}
    </li>
  )
}
