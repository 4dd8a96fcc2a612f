'use client'

import type { ReactNode } from 'react'
import { Drawer } from '@/components/ui/drawer'

/** FilterSheet holds the facets on screens too narrow for a rail. */
export function FilterSheet({
  onClose,
  children,
}: {
  readonly onClose: () => void
  readonly children: ReactNode
}): ReactNode {
  return (
    <Drawer open onClose={onClose} title="Filters">
      {children}
    </Drawer>
  )
}
