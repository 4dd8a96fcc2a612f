import type { ReactNode } from 'react'
import { WayBack } from '@/components/shell/way-back'
import { buttonLook } from '@/components/ui/button-look'

const REASONS: Readonly<Record<string, { readonly title: string; readonly text: string }>> = {
  idle: {
    title: 'Your session ended',
    text: 'The console was not in use for an hour, so it signed you out.',
  },
  expired: {
    title: 'Your session ended',
    text: 'A session lasts twelve hours at most, however much it is used.',
  },
  revoked: {
    title: 'Your session was ended',
    text: 'You signed out elsewhere, changed your password, or an administrator ended it.',
  },
  you: { title: 'You are signed out', text: 'The session is over on the server too.' },
}

/** SessionEndedPage says why a session is over and leads back to where the person was. */
export function SessionEndedPage({ why, back }: { readonly why: string; readonly back: string }): ReactNode {
  const reason = REASONS[why] ?? { title: 'Your session ended', text: 'Sign in to go on.' }
  const query = back === '/' ? '' : `?${new URLSearchParams({ return: back })}`
  return (
    <WayBack
      whole
      title={reason.title}
      actions={
        <a href={`/sign-in${query}`} className={buttonLook({ variant: 'primary' })}>
          {back === '/' ? 'Sign in' : 'Sign in and go back'}
        </a>
      }
    >
      <p>{reason.text}</p>
    </WayBack>
  )
}
