'use client'

import { type ReactNode, useState } from 'react'
import { runCommand } from '@/components/shell/run-command'
import { Button } from '@/components/ui/button'
import { StateMark } from '@/components/ui/state-mark'
import type { SourceId } from '@/lib/settings/sources'
import type { TestVerdict } from '@/lib/sources/source'

/** SourceTest looks at a source now and says plainly what came back; with `ask` it tries what is typed. */
export function SourceTest({
  id,
  ask,
  onFault,
}: {
  readonly id: SourceId
  readonly ask?: () => { readonly settings: Record<string, unknown>; readonly secret?: string }
  readonly onFault: (error: unknown) => void
}): ReactNode {
  const [isBusy, setBusy] = useState(false)
  const [verdict, setVerdict] = useState<TestVerdict | undefined>(undefined)

  async function test(): Promise<void> {
    setBusy(true)
    setVerdict(undefined)
    try {
      setVerdict(await runCommand('sources.test', { id, ...ask?.() }))
    } catch (error) {
      onFault(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <>
      <Button busy={isBusy} onClick={() => void test()}>
        {isBusy ? 'Testing' : 'Test now'}
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
