'use client'

import type { ReactNode } from 'react'
import { Button } from './button'
import { toast } from './toast-store'

/** ShownOnce shows a new secret until the person says that it is kept. */
export function ShownOnce({
  lead,
  secret,
  onDone,
}: {
  readonly lead: ReactNode
  readonly secret: string
  readonly onDone: () => void
}): ReactNode {
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(secret)
      toast({ tone: 'done', text: 'Copied' })
    } catch {
      toast({ tone: 'failed', text: 'The browser did not allow copying', detail: 'Select the line by hand.' })
    }
  }
  return (
    <div role="status" className="grid gap-3 rounded-3 border border-line-2 bg-raise p-4">
      <p>{lead}</p>
      <pre className="overflow-x-auto rounded-2 border bg-sunk p-3 font-mono text-12 break-all whitespace-pre-wrap select-all">
        {secret}
      </pre>
      <div className="flex gap-2">
        <Button variant="primary" onClick={() => void copy()}>
          Copy
        </Button>
        <Button variant="quiet" onClick={onDone}>
          I have it
        </Button>
      </div>
    </div>
  )
}
