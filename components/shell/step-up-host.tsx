'use client'

import dynamic from 'next/dynamic'
import { type ReactNode, useSyncExternalStore } from 'react'
import { currentRequest, subscribeRequest } from './step-up-store'

const StepUpDialog = dynamic(
  () => import('@/components/access/step-up-dialog').then((module) => module.StepUpDialog),
  { ssr: false },
)

/** StepUpHost shows the confirmation while one is asked for. */
export function StepUpHost(): ReactNode {
  const request = useSyncExternalStore(subscribeRequest, currentRequest, () => undefined)
  if (request === undefined) return null
  return <StepUpDialog onConfirmed={() => request.settle(true)} onCancel={() => request.settle(false)} />
}
