'use client'

import { usePathname } from 'next/navigation'
import { type ReactNode, useEffect } from 'react'
import { StateMark } from '@/components/ui/state-mark'
import { askKeep, useIsKept } from '@/lib/client/kept'

/** KeptLine says that this page opens without the server too; it says nothing where that is not so. */
export function KeptLine(): ReactNode {
  const path = usePathname()
  const isKept = useIsKept(path)
  useEffect(() => {
    if (path !== '') askKeep()
  }, [path])
  if (!isKept) return null
  return (
    <span className="flex items-center gap-1.5 whitespace-nowrap">
      <StateMark mark="clear" />
      Kept on this device
    </span>
  )
}
