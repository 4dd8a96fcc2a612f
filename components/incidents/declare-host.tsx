'use client'

import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { type Action, useActions } from '@/components/shell/actions'
import { later } from '@/components/ui/later'
import type { Me } from './types'

const DeclareDialog = later(() => import('./declare-dialog').then((module) => module.DeclareDialog))

const EVENT = 'watchfloor:declare'

/** openDeclare opens the dialog from a button anywhere in the console. */
export function openDeclare(): void {
  window.dispatchEvent(new Event(EVENT))
}

/** DeclareHost makes declaring possible from every page, for those who may: key D, the palette, and `openDeclare`. */
export function DeclareHost({ me }: { readonly me: Me }): ReactNode {
  const [isOpen, setOpen] = useState(false)
  const actions = useMemo(
    (): readonly Action[] => [
      {
        id: 'declare',
        title: 'Declare an incident',
        group: 'Console',
        keys: 'D',
        words: 'open new outage',
        run: () => setOpen(true),
      },
    ],
    [],
  )
  useActions(actions)
  useEffect(() => {
    const show = (): void => setOpen(true)
    window.addEventListener(EVENT, show)
    return () => window.removeEventListener(EVENT, show)
  }, [])
  return isOpen ? <DeclareDialog me={me} onClose={() => setOpen(false)} /> : null
}
