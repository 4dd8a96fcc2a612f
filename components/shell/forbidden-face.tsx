import type { ReactNode } from 'react'
import { LinkButton } from '@/components/ui/link-button'
import { WayBack } from './way-back'

/** ForbiddenFace says which permission is missing and who can give it. */
export function ForbiddenFace({ permission }: { readonly permission: string }): ReactNode {
  return (
    <WayBack
      title="Your role does not open this room"
      actions={
        <LinkButton href="/" variant="primary">
          To the board
        </LinkButton>
      }
    >
      <p>
        It needs the permission <code className="font-mono text-ink">{permission}</code>, which none of your
        roles holds. An administrator can give it under Settings, People.
      </p>
    </WayBack>
  )
}
