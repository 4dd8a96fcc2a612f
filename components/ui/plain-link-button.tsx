import type { ComponentProps, ReactNode } from 'react'
import { type ButtonSize, type ButtonVariant, buttonLook } from './button-look'

type PlainLinkButtonProps = ComponentProps<'a'> & {
  readonly variant?: ButtonVariant
  readonly size?: ButtonSize
}

/** PlainLinkButton leaves by a whole page load: for faces that every page carries, and after which nothing is to be kept. */
export function PlainLinkButton({
  variant,
  size,
  className,
  children,
  ...rest
}: PlainLinkButtonProps): ReactNode {
  return (
    <a className={buttonLook({ variant, size, className })} {...rest}>
      {children}
    </a>
  )
}
