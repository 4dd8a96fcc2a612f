'use client'

import type { ComponentProps, MouseEvent, ReactNode } from 'react'
import { type ButtonSize, type ButtonVariant, buttonLook } from './button-look'
import { Kbd } from './kbd'

type ButtonProps = Omit<ComponentProps<'button'>, 'disabled'> & {
  readonly variant?: ButtonVariant
  readonly size?: ButtonSize
  readonly keys?: string
  /** waitsFor disables the button and says in words what it waits for. */
  readonly waitsFor?: string
  readonly busy?: boolean
}

/** Button keeps its focus while disabled, so that the reason can be read by everyone. */
export function Button({
  variant,
  size,
  keys,
  waitsFor,
  busy = false,
  className,
  onClick,
  children,
  type = 'button',
  ...rest
}: ButtonProps): ReactNode {
  const waiting = waitsFor !== undefined || busy
  function press(event: MouseEvent<HTMLButtonElement>): void {
    if (waiting) event.preventDefault()
    else onClick?.(event)
  }
  return (
    <button
      type={type}
      aria-disabled={waiting || undefined}
      aria-busy={busy || undefined}
      title={waitsFor}
      className={buttonLook({ variant, size, waiting, className })}
      onClick={press}
      {...rest}
    >
      {children}
      {waitsFor === undefined ? null : <span className="font-normal">· {waitsFor}</span>}
      {keys === undefined || waiting ? null : <Kbd onAccent={variant === 'primary'}>{keys}</Kbd>}
    </button>
  )
}
