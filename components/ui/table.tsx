import clsx from 'clsx'
import type { ReactNode } from 'react'

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
    <section className="overflow-x-auto" aria-label={label} tabIndex={-1}>
      <table className={clsx('dense', className)}>
        <caption className="sr-only">{label}</caption>
        {children}
      </table>
    </section>
  )
}
