import clsx from 'clsx'
import type { ComponentProps, ReactNode } from 'react'

type IconButtonProps = ComponentProps<'button'> & { readonly label: string }

/** IconButton is a square button whose name is read aloud and shown on hover. */
export function IconButton({
  label,
  className,
  children,
  type = 'button',
  ...rest
}: IconButtonProps): ReactNode {
  return (
    <button
      type={type}
      aria-label={label}
      title={label}
      className={clsx(
        'grid size-7 place-items-center rounded-2 text-ink-3 transition-colors hover:bg-raise hover:text-ink pointer-coarse:size-11 [&_svg]:size-3.5',
        className,
      )}
      {...rest}
    >
      {children}
    </button>
  )
}
