'use client'

import { Command } from 'cmdk'
import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useState } from 'react'
import { Kbd } from '@/components/ui/kbd'
import { ModalFrame } from '@/components/ui/modal-frame'
import { StateMark } from '@/components/ui/state-mark'
import { useBoard } from '@/lib/client/health-store'
import type { Rating } from '@/lib/health/model'
import { type Action, useCurrentActions } from './actions'
import { keysLabel } from './keymap'
import { isMac } from './platform'
import { SOURCE_RATING } from './source-summary'
import { takeTyped } from './typed-ahead'

const GROUPS: readonly Action['group'][] = ['On this page', 'Go to', 'Console']
const ROW =
  'flex min-h-9 cursor-pointer items-center justify-between gap-4 rounded-2 px-3 aria-selected:bg-line'
const HEADING =
  '[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-3 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-12 [&_[cmdk-group-heading]]:text-ink-3'

/** Palette finds every action and every watched thing by a few letters and shows its key. */
export function Palette({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [search, setSearch] = useState('')
  useEffect(() => setSearch((text) => takeTyped() + text), [])
  const actions = useCurrentActions().filter((action) => action.id !== 'palette')

  function run(action: Action): void {
    onClose()
    action.run()
  }

  return (
    <ModalFrame
      onClose={onClose}
      aria-label="Everything you can do"
      className="mx-auto mt-[12vh] mb-auto w-[min(40rem,calc(100vw-1rem))] rounded-3 bg-over p-0 shadow-over"
    >
      <Command label="Everything you can do" loop>
        <Command.Input
          data-first-focus
          value={search}
          onValueChange={setSearch}
          placeholder="Do something, or go somewhere"
          className="h-12 w-full border-b bg-transparent px-4 text-16 outline-none placeholder:text-ink-3"
        />
        <Command.List className="max-h-[min(26rem,60vh)] overflow-y-auto p-1.5">
          <Command.Empty className="px-3 py-6 text-ink-2">Nothing by that name.</Command.Empty>
          {GROUPS.map((group) => (
            <Command.Group key={group} heading={group} className={HEADING}>
              {actions
                .filter((action) => action.group === group)
                .map((action) => (
                  <Command.Item
                    key={action.id}
                    value={action.id}
                    keywords={[action.title, action.words ?? '']}
                    onSelect={() => run(action)}
                    className={ROW}
                  >
                    {action.title}
                    {action.keys === undefined ? null : <Kbd>{keysLabel(action.keys, isMac())}</Kbd>}
                  </Command.Item>
                ))}
            </Command.Group>
          ))}
          <WatchedThings onClose={onClose} />
        </Command.List>
      </Command>
    </ModalFrame>
  )
}

type Thing = { readonly id: string; readonly name: string; readonly href: string; readonly rating: Rating }

function WatchedThings({ onClose }: { readonly onClose: () => void }): ReactNode {
  const router = useRouter()
  const board = useBoard((whole) => whole)
  if (board === undefined) return null
  const things: readonly Thing[] = [
    ...board.queues.map((queue) => ({
      id: `queue ${queue.type} ${queue.name}`,
      name: `${queue.name}, ${queue.type} queue`,
      href: `/queues?queue=${encodeURIComponent(`${queue.type}/${queue.name}`)}`,
      rating: queue.rating,
    })),
    ...board.services.map((service) => ({
      id: `service ${service.id}`,
      name: `${service.name}, service`,
      href: `/services?service=${encodeURIComponent(service.id)}`,
      rating: service.rating,
    })),
    ...board.sources.map((source) => ({
      id: `source ${source.id}`,
      name: `${source.title}, source`,
      href: `/settings/sources#${source.id}`,
      rating: SOURCE_RATING[source.state],
    })),
  ]
  return (
    <Command.Group heading="Watched" className={HEADING}>
      {things.map((thing) => (
        <Command.Item
          key={thing.id}
          value={thing.id}
          keywords={[thing.name]}
          className={ROW}
          onSelect={() => {
            onClose()
            router.push(thing.href)
          }}
        >
          {thing.name}
          <StateMark mark={thing.rating} />
        </Command.Item>
      ))}
    </Command.Group>
  )
}
