import type { ReactNode } from 'react'
import { TextArea } from '@/components/ui/text-area'

const ROWS_MAX = 16

/** Text is what a machine wrote: it can be scrolled and copied by hand and by keyboard, and not changed. */
export function Text({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const lines = text.split('\n').reduce((sum, line) => sum + 1 + Math.floor(line.length / 64), 0)
  return (
    <TextArea
      readOnly
      aria-label={label}
      spellCheck={false}
      rows={Math.min(ROWS_MAX, lines)}
      value={text}
      className="resize-y border-line bg-sunk font-mono text-12"
    />
  )
}
