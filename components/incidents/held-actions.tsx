'use client'

import type { ReactNode } from 'react'
import { later } from '@/components/ui/later'
import { useWarmUp } from '@/components/ui/use-warm-up'
import { useHeld } from './use-held'

const loadItems = () => import('./held-items').then((module) => module.HeldItems)
const HeldItems = later(loadItems)

/** HeldActions shows what this person did here and the server has not taken yet, or has refused. */
export function HeldActions({ incidentId }: { readonly incidentId: string }): ReactNode {
  const mine = useHeld().mine.filter(({ incident }) => incident.id === incidentId)
  useWarmUp(loadItems)
  return mine.length === 0 ? null : <HeldItems actions={mine} />
}
