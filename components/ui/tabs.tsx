import clsx from 'clsx'
import type { ReactNode } from 'react'
import { Link } from '@/components/ui/link'

export type TabItem = { readonly href: string; readonly label: string; readonly count?: number }

/** Tabs are links: the open one lives in the address, so a shared link shows the same thing. */
export function Tabs({
  label,
  items,
  current,
}: {
  readonly label: string
  readonly items: readonly TabItem[]
  readonly current: string
}): ReactNode {
  return (
    <nav aria-label={label} className="flex flex-wrap gap-x-4 border-b">
      {items.map((item) => (
        <Link
          key={item.href}
          href={item.href}
          aria-current={item.href === current ? 'page' : undefined}
          className={clsx(
            '-mb-px border-b-2 py-2',
            item.href === current
              ? 'border-ink font-medium text-ink'
              : 'border-transparent text-ink-2 hover:text-ink',
          )}
        >
          {item.label}
          {item.count === undefined ? null : (
            <span className="ml-1.5 font-mono text-11 text-ink-3">{item.count}</span>
          )}
        </Link>
      ))}
    </nav>
  )
}
