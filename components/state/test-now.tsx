'use client'

import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { StateMark } from '@/components/ui/state-mark'
import { problemText } from '@/lib/client/problem-text'
import type { TestVerdict } from '@/lib/sources/source'

/** TestNow tries what is set up, or what is typed, and says plainly what came back. */
export function TestNow({
  label,
  busyLabel,
  test,
  onFault,
}: {
  readonly label: string
  readonly busyLabel: string
  readonly test: () => Promise<TestVerdict>
  /** onFault takes a refusal to where its fields are; without it the refusal is said here. */
  readonly onFault?: (error: unknown) => void
}): ReactNode {
  const [isBusy, setBusy] = useState(false)
  const [verdict, setVerdict] = useState<TestVerdict | undefined>(undefined)

  async function run(): Promise<void> {
    setBusy(true)
    setVerdict(undefined)
    try {
      setVerdict(await test())
    } catch (error) {
      if (onFault === undefined) setVerdict({ ok: false, sentence: problemText(error) })
      else onFault(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <>
      <Button busy={isBusy} onClick={() => void run()}>
        {isBusy ? busyLabel : label}
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
