import type { ReactNode } from 'react'
import { WayBack } from '@/components/shell/way-back'
import { buttonLook } from '@/components/ui/button-look'

/** NoAccessPage says why a person who proved who they are still can't come in. */
export function NoAccessPage({
  title,
  children,
}: {
  readonly title: string
  readonly children: ReactNode
}): ReactNode {
  return (
    <WayBack
      whole
      title={title}
      actions={
        <a href="/sign-in" className={buttonLook({})}>
          Sign in as somebody else
        </a>
      }
    >
      {children}
    </WayBack>
  )
}
