'use client'

import type { ReactNode } from 'react'
import { buttonLook } from '@/components/ui/button-look'
import { PlainLinkButton } from '@/components/ui/plain-link-button'
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
          <button type="button" onClick={reset} className={buttonLook({ variant: 'primary' })}>
            Try again
          </button>
          <PlainLinkButton href="/">To the board</PlainLinkButton>
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
