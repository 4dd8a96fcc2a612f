'use client'

import { type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { TimeAgo } from '@/components/time/time-ago'
import { Button } from '@/components/ui/button'
import { toast } from '@/components/ui/toast-store'
import { problemText } from '@/lib/client/problem-text'
import type { AskingEntry } from './channel-entry'

/** AskingMessages are the messages that wait for a person's word, each with what can be said. */
export function AskingMessages({ messages }: { readonly messages: readonly AskingEntry[] }): ReactNode {
  if (messages.length === 0) return null
  return (
    <ul className="grid gap-3" aria-label="Messages to decide">
      {messages.map((message) => (
        <li key={message.id} className="grid gap-1 border-l-2 border-warn pl-3">
          <Asking message={message} />
        </li>
      ))}
    </ul>
  )
}

const WORDS = {
  'delivery.markSent': 'Marked as sent.',
  'delivery.retry': 'It is sent again.',
  'delivery.giveUp': 'It is given up.',
} as const

function Asking({ message }: { readonly message: AskingEntry }): ReactNode {
  const [busy, setBusy] = useState<string | undefined>(undefined)
  const [fault, setFault] = useState('')

  async function say(word: keyof typeof WORDS): Promise<void> {
    setBusy(word)
    setFault('')
    try {
      await runCommand(word, { id: message.id })
      toast({ tone: 'done', text: WORDS[word] })
    } catch (error) {
      setFault(problemText(error))
    } finally {
      setBusy(undefined)
    }
  }

  const { may, trouble, text, sentAt } = message
  return (
    <>
      <p>
        {trouble.text}
        {sentAt === null ? null : (
          <span className="text-12 text-ink-3">
            {' '}
            <TimeAgo at={Date.parse(sentAt) / 1_000} />
          </span>
        )}
      </p>
      <p className="line-clamp-2 text-ink-2">“{text}”</p>
      <div className="flex flex-wrap gap-2">
        {may.markSent && trouble.code !== 'unmapped-component' ? (
          <Button busy={busy === 'delivery.markSent'} onClick={() => void say('delivery.markSent')}>
            Mark it sent
          </Button>
        ) : null}
        {may.sendAgain ? (
          <Button busy={busy === 'delivery.retry'} onClick={() => void say('delivery.retry')}>
            Send it again
          </Button>
        ) : null}
        {may.giveUp ? (
          <Button
            variant="quiet"
            busy={busy === 'delivery.giveUp'}
            onClick={() => void say('delivery.giveUp')}
          >
            Give it up
          </Button>
        ) : null}
      </div>
      {fault === '' ? null : (
        <p role="alert" className="text-breach">
          {fault}
        </p>
      )}
    </>
  )
}
