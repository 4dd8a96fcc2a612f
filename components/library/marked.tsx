import type { ReactNode } from 'react'
import { piecesOf } from '@/lib/library/model'

/** Marked writes a snippet with what was searched for marked; it is text, never markup. */
export function Marked({ snippet }: { readonly snippet: string }): ReactNode {
  let at = 0
  return piecesOf(snippet).map(({ text, isHit }) => {
    const key = at
    at += text.length
    return isHit ? (
      <mark
        key={key}
        className="bg-transparent font-semibold text-ink underline decoration-accent underline-offset-2"
      >
        {text}
      </mark>
    ) : (
      <span key={key}>{text}</span>
    )
  })
}
