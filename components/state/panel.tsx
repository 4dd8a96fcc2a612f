import clsx from 'clsx'
import { type ReactNode, useId } from 'react'
import { type Face, PanelFace } from './panel-face'

/** Panel is a titled section with four honest faces beside its content: loading, failed, empty, unknown or stale. */
export function Panel({
  title,
  note,
  aside,
  face = { kind: 'ready' },
  className,
  children,
}: {
  readonly title: string
  readonly note?: ReactNode
  /** aside is the source and the age of what the panel shows. */
  readonly aside?: ReactNode
  readonly face?: Face
  readonly className?: string
  readonly children?: ReactNode
}): ReactNode {
  const titleId = useId()
  const showsContent = face.kind === 'ready' || face.kind === 'stale'
  return (
    <section
      aria-labelledby={titleId}
      aria-busy={face.kind === 'loading' || undefined}
      className={clsx('min-w-0', className)}
    >
      <header className="flex items-baseline gap-2 pb-2">
        <h2 id={titleId} className="text-13">
          {title}
        </h2>
        {note === undefined ? null : <span className="text-12 text-ink-3">{note}</span>}
        {aside === undefined ? null : <span className="ml-auto text-12 text-ink-3">{aside}</span>}
      </header>
      {face.kind === 'ready' ? null : <PanelFace face={face} />}
      {showsContent ? <div className={clsx(face.kind === 'stale' && 'text-ink-3')}>{children}</div> : null}
    </section>
  )
}
