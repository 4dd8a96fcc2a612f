'use client'

import dynamic from 'next/dynamic'
import { type ReactNode, useCallback, useState } from 'react'
import { ProblemError } from '@/lib/client/api'

const StepUpDialog = dynamic(() => import('./step-up-dialog').then((module) => module.StepUpDialog), {
  ssr: false,
})

type Waiting = { readonly confirmed: () => void; readonly cancelled: () => void }

/** StepUp runs what may need a fresh confirmation; render `dialog` somewhere on the page. */
export type StepUp = {
  readonly run: <Result>(task: () => Promise<Result>) => Promise<Result>
  readonly dialog: ReactNode
}

/** useStepUp asks for the password when the server wants a fresh confirmation, then runs the same task again. */
export function useStepUp(): StepUp {
  const [waiting, setWaiting] = useState<Waiting>()

  const run = useCallback(async <Result,>(task: () => Promise<Result>): Promise<Result> => {
    try {
      return await task()
    } catch (error) {
      if (!(error instanceof ProblemError && error.problem.code === 'step_up')) throw error
      await new Promise<void>((resolve, reject) => {
        setWaiting({ confirmed: resolve, cancelled: () => reject(error) })
      }).finally(() => setWaiting(undefined))
      return task()
    }
  }, [])

  const dialog = waiting ? (
    <StepUpDialog onConfirmed={waiting.confirmed} onCancel={waiting.cancelled} />
  ) : null
  return { run, dialog }
}
