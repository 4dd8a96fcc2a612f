'use client'

import { type ReactNode, useSyncExternalStore } from 'react'
import { later } from '@/components/ui/later'
import { currentRequest, subscribeRequest } from './step-up-store'

const StepUpDialog = later(() =>
  import('@/components/access/step-up-dialog').then((module) => module.StepUpDialog),
)

/** StepUpHost shows the confirmation while one is asked for. */
export function StepUpHost(): ReactNode {
  const request = useSyncExternalStore(subscribeRequest, currentRequest, () => undefined)
  if (request === undefined) return null
  return <StepUpDialog onConfirmed={() => request.settle(true)} onCancel={() => request.settle(false)} />
}
