'use client'

import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { toast } from '@/components/ui/toast-store'

/** CopyLine is a command as it is typed, with a button that copies it. */
export function CopyLine({ text, what }: { readonly text: string; readonly what: string }): ReactNode {
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text)
      toast({ tone: 'done', text: 'Copied' })
    } catch {
      toast({ tone: 'failed', text: 'The browser did not allow copying', detail: 'Select the line by hand.' })
    }
  }
  return (
    <div className="flex items-start gap-2 rounded-2 bg-sunk px-2 py-1.5">
      <code className="min-w-0 flex-1 font-mono text-12 break-words whitespace-pre-wrap select-all">
        {text}
      </code>
      <Button
        size="small"
        variant="quiet"
        aria-label={`Copy the command: ${what}`}
        onClick={() => void copy()}
      >
        Copy
      </Button>
    </div>
  )
}
