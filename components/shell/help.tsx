'use client'

import type { ReactNode } from 'react'
import { Dialog } from '@/components/ui/dialog'
import { Kbd } from '@/components/ui/kbd'
import { Link } from '@/components/ui/link'
import { type Action, useCurrentActions } from './actions'
import { keysLabel } from './keymap'
import { isMac } from './platform'
import { usePreference } from './use-preference'

const GROUPS: readonly Action['group'][] = ['On this page', 'Go to', 'Console']

/** Help lists every key that works here. */
export function Help({ onClose }: { readonly onClose: () => void }): ReactNode {
  const actions = useCurrentActions().filter((action) => action.keys !== undefined)
  const isOff = usePreference('keys') === 'off'
  return (
    <Dialog open onClose={onClose} title="Keyboard">
      {isOff ? <p className="text-warn">Single keys are switched off in Settings.</p> : null}
      <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
        {GROUPS.map((group) => (
          <KeyGroup key={group} group={group} actions={actions.filter((action) => action.group === group)} />
        ))}
      </div>
      <p className="text-12 text-ink-3">
        Keys rest while you type.{' '}
        <Link href="/settings" className="link" onClick={onClose}>
          Switch them off in Settings
        </Link>
        .
      </p>
    </Dialog>
  )
}

function KeyGroup({
  group,
  actions,
}: {
  readonly group: string
  readonly actions: readonly Action[]
}): ReactNode {
  if (actions.length === 0) return null
  return (
    <section>
      <h3 className="pb-1 text-12 font-medium text-ink-2">{group}</h3>
      <dl>
        {actions.map((action) => (
          <div key={action.id} className="flex items-center justify-between gap-4 border-t py-1.5">
            <dt>{action.title}</dt>
            <dd>
              <Kbd>{keysLabel(action.keys ?? '', isMac())}</Kbd>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
