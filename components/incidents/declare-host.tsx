'use client'

import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { type Action, useActions } from '@/components/shell/actions'
import { later } from '@/components/ui/later'
import { type DeclareFrom, onDeclare } from './declare-from'
import type { Me } from './types'

const DeclareDialog = later(() => import('./declare-dialog').then((module) => module.DeclareDialog))

type Asked = { readonly from?: DeclareFrom | undefined }

/** DeclareHost makes declaring possible from every page, for those who may: key D, the palette, and buttons. */
export function DeclareHost({ me }: { readonly me: Me }): ReactNode {
  const [asked, setAsked] = useState<Asked>()
  const actions = useMemo(
    (): readonly Action[] => [
      {
        id: 'declare',
        title: 'Declare an incident',
        group: 'Console',
        keys: 'D',
        words: 'open new outage',
        run: () => setAsked({}),
      },
    ],
    [],
  )
  useActions(actions)
  useEffect(() => onDeclare((from) => setAsked({ from })), [])
  return asked ? <DeclareDialog me={me} from={asked.from} onClose={() => setAsked(undefined)} /> : null
}
