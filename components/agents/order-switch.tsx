'use client'

import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { TimeAgo } from '@/components/time/time-ago'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { ShownOnce } from '@/components/ui/shown-once'
import { toast } from '@/components/ui/toast-store'
import { problemText } from '@/lib/client/problem-text'

type Orders = { readonly since: string; readonly by: string } | null

/** OrderSwitch says whether the console may ask something of an instance's agent, and turns it on or off. */
export function OrderSwitch({
  instanceId,
  orders,
  mayManage,
}: {
  readonly instanceId: string
  readonly orders: Orders
  readonly mayManage: boolean
}): ReactNode {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      {orders === null ? (
        <span className="text-ink-3">off</span>
      ) : (
        <span>
          on, by @{orders.by} <TimeAgo at={Date.parse(orders.since) / 1000} />
        </span>
      )}
      {mayManage ? (
        <Button size="small" variant="quiet" className="ml-2" onClick={() => setOpen(true)}>
          {orders === null ? 'Allow orders' : 'End orders'}
        </Button>
      ) : null}
      {isOpen ? (
        <SwitchDialog instanceId={instanceId} isOn={orders !== null} onClose={() => setOpen(false)} />
      ) : null}
    </>
  )
}

function fileOf(key: string): string {
  return `(umask 077; printf '%s\\n' 'KEY=${key}' 'ALLOW=status restart start evidence' 'SERVICES=worker-gpu worker-cpu' > /etc/watchfloor-agent-orders.conf)`
}

function SwitchDialog({
  instanceId,
  isOn,
  onClose,
}: {
  readonly instanceId: string
  readonly isOn: boolean
  readonly onClose: () => void
}): ReactNode {
  const client = useQueryClient()
  const [isBusy, setBusy] = useState(false)
  const [key, setKey] = useState<string | undefined>(undefined)
  // The list is read again while the key is in sight: what this dialog is about stays as it was.
  const [endsThem] = useState(isOn)

  async function turn(): Promise<void> {
    setBusy(true)
    try {
      if (endsThem) {
        await runCommand('agents.endOrders', { instanceId })
        toast({ tone: 'done', text: `Orders are off for ${instanceId}` })
        onClose()
      } else setKey((await runCommand('agents.allowOrders', { instanceId })).key)
      await client.invalidateQueries({ queryKey: ['agents.list'] })
    } catch (error) {
      const detail = problemText(error)
      toast({ tone: 'failed', text: 'Nothing was changed', detail })
    } finally {
      setBusy(false)
    }
  }

  const title = endsThem ? `End orders to ${instanceId}?` : `Allow orders to ${instanceId}?`
  if (key !== undefined)
    return (
      <Dialog open onClose={onClose} title={`Orders to ${instanceId} are on`}>
        <ShownOnce
          lead={
            <>
              Run this on <b className="font-mono">{instanceId}</b>, with the words and programs that you
              mean. The key in it is shown <b className="font-semibold">this once</b>; until it stands there,
              the agent takes no order.
            </>
          }
          secret={fileOf(key)}
          onDone={onClose}
        />
      </Dialog>
    )
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      footer={
        <>
          <Button variant="quiet" onClick={onClose}>
            {endsThem ? 'Keep them' : 'Leave it off'}
          </Button>
          <Button busy={isBusy} onClick={() => void turn()}>
            {endsThem ? 'End orders' : 'Allow orders'}
          </Button>
        </>
      }
    >
      <p className="text-left whitespace-normal">
        {endsThem
          ? 'What waits is not handed out any more, and the key is forgotten. The agent goes on reporting.'
          : 'Actions may then ask its agent for the state of its programs, the restart or start of one, or evidence: with the answer to a report, signed, once. A file on the instance decides which of these it does.'}
      </p>
    </Dialog>
  )
}
