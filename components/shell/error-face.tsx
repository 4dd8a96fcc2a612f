'use client'

import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { LinkButton } from '@/components/ui/link-button'
import { WayBack } from './way-back'

/** ErrorFace is shown when a page failed to render; the digest finds the cause in the log. */
export function ErrorFace({
  error,
  reset,
  whole = false,
}: {
  readonly error: Error & { digest?: string }
  readonly reset: () => void
  readonly whole?: boolean
}): ReactNode {
  return (
    <WayBack
      whole={whole}
      title="This page failed"
      actions={
        <>
          <Button variant="primary" onClick={reset}>
            Try again
          </Button>
          <LinkButton href="/">To the board</LinkButton>
        </>
      }
    >
      <p>Nothing was changed, and the console goes on watching. Only this page could not be shown.</p>
      {error.digest === undefined ? null : (
        <p>
          The log has the cause under <code className="font-mono text-ink">{error.digest}</code>.
        </p>
      )}
    </WayBack>
  )
}
