'use client'

import type { ReactNode } from 'react'
import { later } from '@/components/ui/later'
import { useBeats, usePresent } from './use-presence'

const PresentList = later(() => import('./present-list').then((module) => module.PresentList))

/** PresenceStrip names who else is at this incident now and what they write; it takes no place while nobody is. */
export function PresenceStrip({ incidentId }: { readonly incidentId: string }): ReactNode {
  const place = { room: 'incidents', id: incidentId } as const
  useBeats(place)
  const present = usePresent(place)
  return present.length === 0 ? null : <PresentList present={present} />
}
