import type { ComponentProps, ReactNode } from 'react'
import { Link } from '@/components/ui/link'
import { type ButtonSize, type ButtonVariant, buttonLook } from './button-look'
import { Kbd } from './kbd'

type LinkButtonProps = ComponentProps<typeof Link> & {
  readonly variant?: ButtonVariant
  readonly size?: ButtonSize
  readonly keys?: string
}

/** LinkButton goes somewhere and looks like a button. */
export function LinkButton({
  variant,
  size,
  keys,
  className,
  children,
  ...rest
}: LinkButtonProps): ReactNode {
  return (
    <Link className={buttonLook({ variant, size, className })} {...rest}>
      {children}
      {keys === undefined ? null : <Kbd onAccent={variant === 'primary'}>{keys}</Kbd>}
    </Link>
  )
}
