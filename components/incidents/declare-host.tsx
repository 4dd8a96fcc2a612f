'use client'

import dynamic from 'next/dynamic'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { type Action, useActions } from '@/components/shell/actions'
import { can } from '@/lib/access/permissions'
import type { Me } from './types'

const DeclareDialog = dynamic(() => import('./declare-dialog').then((module) => module.DeclareDialog), {
  ssr: false,
})

const EVENT = 'watchfloor:declare'

/** openDeclare opens the dialog from a button anywhere in the console. */
export function openDeclare(): void {
  window.dispatchEvent(new Event(EVENT))
}

/** DeclareHost makes declaring possible from every page: key D, the palette, and `openDeclare`. */
export function DeclareHost({ me }: { readonly me: Me }): ReactNode {
  const [isOpen, setOpen] = useState(false)
  const mayDeclare = can(me.roles, 'incidents.declare')
  const actions = useMemo(
    (): readonly Action[] =>
      mayDeclare
        ? [
            {
              id: 'declare',
              title: 'Declare an incident',
              group: 'Console',
              keys: 'D',
              words: 'open new outage',
              run: () => setOpen(true),
            },
          ]
        : [],
    [mayDeclare],
  )
  useActions(actions)
  useEffect(() => {
    const show = (): void => setOpen(true)
    window.addEventListener(EVENT, show)
    return () => window.removeEventListener(EVENT, show)
  }, [])
  return isOpen && mayDeclare ? <DeclareDialog me={me} onClose={() => setOpen(false)} /> : null
}
