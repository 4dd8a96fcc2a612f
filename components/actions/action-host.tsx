'use client'

import { type ReactNode, useEffect } from 'react'
import { later } from '@/components/ui/later'
import { openAction, useOpened } from './opened'

const ActionDrawer = later(() => import('./action-drawer').then((module) => module.ActionDrawer))

/** ActionHost holds the drawer of actions, whatever list it was opened from; leaving the page closes it. */
export function ActionHost({ incidentId }: { readonly incidentId: string }): ReactNode {
  const opened = useOpened()
  useEffect(() => () => openAction(undefined), [])
  if (opened === undefined) return null
  return <ActionDrawer opened={opened} incidentId={incidentId} onClose={() => openAction(undefined)} />
}
