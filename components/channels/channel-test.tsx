'use client'

import { type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { Button } from '@/components/ui/button'
import { StateMark } from '@/components/ui/state-mark'
import type { CommandInput } from '@/lib/registry'
import type { TestVerdict } from '@/lib/sources/source'
import { problemText } from './problem-text'

/** ChannelTest sends a test and says plainly what came back; with `ask` it tries what is typed. */
export function ChannelTest({
  id,
  ask,
}: {
  readonly id: string
  readonly ask?: () => Omit<CommandInput<'channels.test'>, 'id'>
}): ReactNode {
  const [isBusy, setBusy] = useState(false)
  const [verdict, setVerdict] = useState<TestVerdict | undefined>(undefined)

  async function test(): Promise<void> {
    setBusy(true)
    setVerdict(undefined)
    try {
      setVerdict(await runCommand('channels.test', { id: id === '' ? 'new' : id, ...ask?.() }))
    } catch (error) {
      setVerdict({ ok: false, sentence: problemText(error) })
    } finally {
      setBusy(false)
    }
  }

  return (
    <>
      <Button busy={isBusy} onClick={() => void test()}>
        {isBusy ? 'Sending' : 'Send a test'}
      </Button>
      <div role="status" className="order-last basis-full">
        {verdict === undefined ? null : (
          <p className="flex items-start gap-2 pt-1">
            <StateMark mark={verdict.ok ? 'clear' : 'breach'} className="mt-1 size-3" />
            <span>
              {verdict.sentence}
              {verdict.repair === undefined ? null : (
                <span className="block text-ink-2">{verdict.repair}</span>
              )}
            </span>
          </p>
        )}
      </div>
    </>
  )
}
