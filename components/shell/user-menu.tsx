'use client'

import type { ReactNode } from 'react'
import { Menu } from '@/components/ui/menu'
import { currentActions } from './actions'
import type { ShellActor } from './shell'

function run(id: string): void {
  currentActions()
    .find((action) => action.id === id)
    ?.run()
}

/** UserMenu says who is signed in and holds the way out. */
export function UserMenu({ actor }: { readonly actor: ShellActor }): ReactNode {
  return (
    <Menu
      label={`Signed in as ${actor.name}`}
      triggerClassName="grid size-7 place-items-center rounded-full border border-line-2 text-11 text-ink-2 hover:text-ink pointer-coarse:size-11"
      trigger={<span aria-hidden="true">{actor.handle.slice(0, 2)}</span>}
      items={[
        { kind: 'text', label: actor.name, detail: `@${actor.handle} · ${actor.roles.join(', ')}` },
        { kind: 'line' },
        { kind: 'link', label: 'Settings', keys: 'G ,', href: '/settings' },
        { kind: 'action', label: 'Keyboard help', keys: '?', run: () => run('help') },
        { kind: 'action', label: 'UTC or local times', keys: 'Z', run: () => run('time') },
        { kind: 'line' },
        { kind: 'action', label: 'Sign out', run: () => run('sign-out') },
      ]}
    />
  )
}
