'use client'

import { type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { TimeAgo } from '@/components/time/time-ago'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { toast } from '@/components/ui/toast-store'
import { problemText } from '@/lib/client/problem-text'
import type { ChannelEntry } from './channel-entry'

/** ChannelPause says why a channel stands still and lets it go on, or stops it with a reason. */
export function ChannelPause({
  entry,
  mayPause,
}: {
  readonly entry: ChannelEntry
  readonly mayPause: boolean
}): ReactNode {
  const [reason, setReason] = useState<string | undefined>(undefined)
  const [isBusy, setBusy] = useState(false)
  const [fault, setFault] = useState('')

  async function send(what: () => Promise<unknown>, done: string): Promise<void> {
    setBusy(true)
    setFault('')
    try {
      await what()
      setReason(undefined)
      toast({ tone: 'done', text: done })
    } catch (error) {
      setFault(problemText(error))
    } finally {
      setBusy(false)
    }
  }

  const { id, name, paused, waiting } = entry
  if (paused !== null)
    return (
      <div className="grid gap-2 border-l-2 border-breach pl-3">
        <p>
          <span className="font-medium text-breach">Stands still </span>
          since <TimeAgo at={Date.parse(paused.at) / 1_000} suffix="" />, {byWhom(paused.by)}: {paused.reason}
          .
          <span className="block text-ink-2">
            Nothing is dropped: {waiting === 1 ? '1 message waits' : `${waiting} messages wait`} and will go
            out in order.
          </span>
        </p>
        {mayPause ? (
          <div>
            <Button
              busy={isBusy}
              onClick={() => void send(() => runCommand('channels.resume', { id }), `${name} goes on.`)}
            >
              Let it go on
            </Button>
          </div>
        ) : null}
        <Fault text={fault} />
      </div>
    )
  if (!mayPause) return null
  if (reason === undefined)
    return (
      <div>
        <Button variant="quiet" onClick={() => setReason('')}>
          Stop this channel
        </Button>
      </div>
    )
  return (
    <form
      className="grid max-w-xl gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        void send(
          () => runCommand('channels.pause', { id, reason }),
          `${name} stands still; what comes waits.`,
        )
      }}
    >
      <Field label="Why it is to stand still">
        {(control) => (
          <Input
            {...control}
            required
            minLength={3}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      <div className="flex gap-2">
        <Button type="submit" busy={isBusy}>
          Stop it
        </Button>
        <Button variant="quiet" onClick={() => setReason(undefined)}>
          Leave it
        </Button>
      </div>
      <Fault text={fault} />
    </form>
  )
}

function byWhom(by: string): string {
  return by.startsWith('machine:') ? 'stopped by Watchfloor itself' : `stopped by @${by}`
}

function Fault({ text }: { readonly text: string }): ReactNode {
  return text === '' ? null : (
    <p role="alert" className="text-breach">
      {text}
    </p>
  )
}
