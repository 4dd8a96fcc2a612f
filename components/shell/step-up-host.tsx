'use client'

import dynamic from 'next/dynamic'
import { type ReactNode, useSyncExternalStore } from 'react'
import { currentRequest, subscribeRequest } from './step-up-store'

const StepUp = dynamic(() => import('./step-up').then((module) => module.StepUp), { ssr: false })

/** StepUpHost shows the confirmation while one is asked for. */
export function StepUpHost(): ReactNode {
  const request = useSyncExternalStore(subscribeRequest, currentRequest, () => undefined)
  return request === undefined ? null : <StepUp settle={request.settle} />
}
