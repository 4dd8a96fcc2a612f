import type { ReactNode } from 'react'
import { WayBack } from '@/components/shell/way-back'
import { PlainLinkButton } from '@/components/ui/plain-link-button'

export default function NotFound(): ReactNode {
  return (
    <WayBack
      title="There is nothing at this address"
      actions={
        <PlainLinkButton href="/" variant="primary">
          To the board
        </PlainLinkButton>
      }
    >
      <p>The link may be mistyped, or what it named is gone.</p>
    </WayBack>
  )
}
