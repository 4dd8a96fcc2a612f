import type { ReactNode } from 'react'
import { duration } from './format'

/** Duration writes a span of seconds: `1h 04m`. */
export function Duration({ seconds }: { readonly seconds: number }): ReactNode {
  return (
    <time dateTime={`PT${Math.max(0, Math.floor(seconds))}S`} className="whitespace-nowrap">
      {duration(seconds)}
    </time>
  )
}
