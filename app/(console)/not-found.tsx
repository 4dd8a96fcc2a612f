import type { ReactNode } from 'react'
import { WayBack } from '@/components/shell/way-back'
import { LinkButton } from '@/components/ui/link-button'

export default function NotFound(): ReactNode {
  return (
    <WayBack
      title="There is nothing at this address"
      actions={
        <LinkButton href="/" variant="primary">
          To the board
        </LinkButton>
      }
    >
      <p>The link may be mistyped, or what it named is gone.</p>
    </WayBack>
  )
}
