'use client'

import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { Instant } from '@/components/time/instant'
import { TimeAgo } from '@/components/time/time-ago'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Link } from '@/components/ui/link'
import { StateWord } from '@/components/ui/state-word'
import { toast } from '@/components/ui/toast-store'
import type { Wire } from '@/lib/client/api'
import { useServerNow } from '@/lib/client/health-store'
import { problemText } from '@/lib/client/problem-text'
import type { QueryResult } from '@/lib/registry'
import { agentState } from './agent-state'
import { OrderSwitch } from './order-switch'

type Agent = Wire<QueryResult<'agents.list'>>[number]

function secondsOf(text: string | null): number {
  return text === null ? 0 : Date.parse(text) / 1000
}

/** AgentRow is one agent with the way to end its token. */
export function AgentRow({
  agent,
  mayManage,
}: {
  readonly agent: Agent
  readonly mayManage: boolean
}): ReactNode {
  const now = useServerNow()
  const lastReportAt = secondsOf(agent.lastReportAt)
  const isEnded = agent.revokedAt !== null
  const state = agentState({ revoked: isEnded, lastReportAt, nowSeconds: now / 1000 })
  return (
    <tr>
      <td>
        <StateWord rating={state.rating} word={state.word} />
      </td>
      <td>
        <Link href={`/fleet?q=${encodeURIComponent(agent.instanceId)}`} className="link font-mono">
          {agent.instanceId}
        </Link>
      </td>
      <td>
        <TimeAgo at={lastReportAt} />
      </td>
      <td>
        <Instant at={secondsOf(agent.issuedAt)} />
        {agent.revokedAt === null ? null : (
          <span className="text-ink-3">
            , ended <Instant at={secondsOf(agent.revokedAt)} />
          </span>
        )}
      </td>
      <td>
        {isEnded ? null : (
          <OrderSwitch instanceId={agent.instanceId} orders={agent.orders} mayManage={mayManage} />
        )}
      </td>
      <td className="num">{mayManage && !isEnded ? <EndToken instanceId={agent.instanceId} /> : null}</td>
    </tr>
  )
}

function EndToken({ instanceId }: { readonly instanceId: string }): ReactNode {
  const client = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const [isBusy, setBusy] = useState(false)

  async function end(): Promise<void> {
    setBusy(true)
    try {
      await runCommand('agents.revokeToken', { instanceId })
      toast({
        tone: 'done',
        text: `The token of ${instanceId} is ended`,
        detail: 'Its next report is refused.',
      })
      await client.invalidateQueries({ queryKey: ['agents.list'] })
      setOpen(false)
    } catch (error) {
      const detail = problemText(error)
      toast({ tone: 'failed', text: 'The token still holds', detail })
    } finally {
      setBusy(false)
    }
  }

  return (
    <>
      <Button size="small" variant="quiet" onClick={() => setOpen(true)}>
        End token
      </Button>
      <Dialog
        open={isOpen}
        onClose={() => setOpen(false)}
        title={`End the token of ${instanceId}?`}
        footer={
          <>
            <Button variant="quiet" onClick={() => setOpen(false)}>
              Keep it
            </Button>
            <Button busy={isBusy} onClick={() => void end()}>
              End token
            </Button>
          </>
        }
      >
        <p className="text-left whitespace-normal">
          Its next report is refused, and what only the agent tells turns unknown within a minute. A new token
          needs the install line run again on the instance.
        </p>
      </Dialog>
    </>
  )
}
