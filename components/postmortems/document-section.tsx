import type { ReactNode } from 'react'

/** DocumentSection is one part of the document under its heading; the outline leads to its id. */
export function DocumentSection({
  id,
  title,
  aside,
  children,
}: {
  readonly id: string
  readonly title: string
  readonly aside?: ReactNode
  readonly children: ReactNode
}): ReactNode {
  return (
    <section
      id={id}
      aria-labelledby={`${id}-title`}
      className="grid scroll-mt-16 grid-cols-1 gap-4 border-t border-line-2 pt-4 break-inside-auto"
    >
      <header className="flex flex-wrap items-baseline gap-x-3">
        <h2 id={`${id}-title`} className="text-20">
          {title}
        </h2>
        {aside === undefined ? null : <span className="ml-auto text-12 text-ink-3">{aside}</span>}
      </header>
      {children}
    </section>
  )
}
