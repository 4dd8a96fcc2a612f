import clsx from 'clsx'
import type { ReactNode } from 'react'

/** A table wider than the screen can be reached and scrolled with the keyboard; what only readers hear scrolls with it. */
const REGION = { role: 'group', tabIndex: 0 } as const

/** Table is a dense table; `label` is its name for readers; a cell with class `num` aligns right. */
export function Table({
  label,
  className,
  children,
}: {
  readonly label: string
  readonly className?: string
  readonly children: ReactNode
}): ReactNode {
  return (
    <div className="relative overflow-x-auto" {...REGION}>
      <table className={clsx('dense', className)}>
        <caption className="sr-only">{label}</caption>
        {children}
      </table>
    </div>
  )
}
