import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { WayBack } from '@/components/shell/way-back'
import { PlainLinkButton } from '@/components/ui/plain-link-button'

export const metadata: Metadata = { title: 'Nothing here' }

export default function NotFound(): ReactNode {
  return (
    <main>
      <WayBack
        whole
        title="There is nothing at this address"
        actions={
          <>
            <PlainLinkButton href="/" variant="primary">
              To the board
            </PlainLinkButton>
            <PlainLinkButton href="/fleet">To the fleet</PlainLinkButton>
          </>
        }
      >
        <p>
          The link may be mistyped, or what it named is gone: an instance that was given back, for example.
        </p>
      </WayBack>
    </main>
  )
}
