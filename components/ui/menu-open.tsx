'use client'

import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { Link } from '@/components/ui/link'
import { Kbd } from './kbd'
import type { MenuItem, MenuProps } from './menu'

const ROW =
  'flex h-8 items-center justify-between gap-6 rounded-2 px-2 outline-none data-highlighted:bg-line pointer-coarse:h-11'

/** MenuOpen is the menu itself, opened as soon as it is there. */
export function MenuOpen({ label, trigger, triggerClassName, items }: MenuProps): ReactNode {
  return (
    <DropdownMenu.Root defaultOpen modal={false}>
      <DropdownMenu.Trigger aria-label={label} className={triggerClassName}>
        {trigger}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className="z-40 min-w-48 rounded-3 bg-over p-1.5 shadow-over"
        >
          {items.map((item, index) => (
            <MenuRow key={item.kind === 'line' ? `line-${index}` : item.label} item={item} />
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

function MenuRow({ item }: { readonly item: MenuItem }): ReactNode {
  switch (item.kind) {
    case 'line':
      return <DropdownMenu.Separator className="my-1.5 h-px bg-line" />
    case 'text':
      return (
        <DropdownMenu.Label className="px-2 py-1">
          <span className="block font-medium">{item.label}</span>
          {item.detail === undefined ? null : <span className="block text-12 text-ink-3">{item.detail}</span>}
        </DropdownMenu.Label>
      )
    case 'link':
      return (
        <DropdownMenu.Item asChild>
          <Link href={item.href} className={ROW}>
            {item.label}
            {item.keys === undefined ? null : <Kbd>{item.keys}</Kbd>}
          </Link>
        </DropdownMenu.Item>
      )
    case 'action':
      return (
        <DropdownMenu.Item className={ROW} onSelect={item.run}>
          {item.label}
          {item.keys === undefined ? null : <Kbd>{item.keys}</Kbd>}
        </DropdownMenu.Item>
      )
  }
}
