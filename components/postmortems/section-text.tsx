import type { ReactNode } from 'react'

/** SectionText is what people wrote under a heading, or that nobody has written. */
export function SectionText({ body, empty }: { readonly body: string; readonly empty: string }): ReactNode {
  if (body.trim() === '') return <p className="text-ink-3">{empty}</p>
  return <p className="max-w-[42rem] text-16 break-words whitespace-pre-wrap text-pretty">{body}</p>
}
