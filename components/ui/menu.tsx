'use client'

import { type ReactNode, useState } from 'react'
import { later } from '@/components/ui/later'

export type MenuItem =
  | { readonly kind: 'action'; readonly label: string; readonly keys?: string; readonly run: () => void }
  | { readonly kind: 'link'; readonly label: string; readonly keys?: string; readonly href: string }
  | { readonly kind: 'text'; readonly label: string; readonly detail?: string }
  | { readonly kind: 'line' }

export type MenuProps = {
  readonly label: string
  readonly trigger: ReactNode
  readonly triggerClassName?: string
  readonly items: readonly MenuItem[]
}

const MenuOpen = later(() => import('./menu-open').then((module) => module.MenuOpen))

/** Menu offers actions behind one button; its machinery is loaded at the first press. */
export function Menu(props: MenuProps): ReactNode {
  const [armed, setArmed] = useState(false)
  if (armed) return <MenuOpen {...props} />
  return (
    <button
      type="button"
      aria-label={props.label}
      aria-haspopup="menu"
      aria-expanded="false"
      className={props.triggerClassName}
      onClick={() => setArmed(true)}
    >
      {props.trigger}
    </button>
  )
}
