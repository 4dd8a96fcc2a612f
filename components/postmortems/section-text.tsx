import type { ReactNode } from 'react'
import { Markdown } from './markdown'

/** SectionText is what people wrote under a heading, or that nobody has written. */
export function SectionText({ body, empty }: { readonly body: string; readonly empty: string }): ReactNode {
  if (body.trim() === '') return <p className="text-ink-3">{empty}</p>
  return <Markdown text={body} />
}
