import type { ReactNode } from 'react'
import { WayBack } from '@/components/shell/way-back'
import { LinkButton } from '@/components/ui/link-button'
import type { Permission, Role } from '@/lib/access/permissions'

/** ForbiddenPage says what is missing, who has it, and the way back. */
export function ForbiddenPage({
  name,
  roles,
  permission,
  holders,
}: {
  readonly name: string
  readonly roles: readonly Role[]
  readonly permission: Permission | undefined
  readonly holders: readonly Role[]
}): ReactNode {
  return (
    <WayBack
      whole
      title="Your role does not open this room"
      actions={
        <LinkButton href="/" variant="primary">
          To the board
        </LinkButton>
      }
    >
      <p>
        You are signed in as {name} ({roles.join(', ') || 'no role'}).
        {permission === undefined ? null : (
          <>
            {' '}
            This room needs <code className="font-mono text-ink">{permission}</code>, which{' '}
            {holders.join(', ')} hold.
          </>
        )}
      </p>
      <p>An administrator can change your roles under Settings, People.</p>
    </WayBack>
  )
}
