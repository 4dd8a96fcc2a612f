import clsx from 'clsx'
import type { ComponentProps, ReactNode } from 'react'

type CheckboxProps = Omit<ComponentProps<'input'>, 'type'> & { readonly label: ReactNode }

/** Checkbox is a box with its label; both are one target. */
export function Checkbox({ label, className, ...rest }: CheckboxProps): ReactNode {
  return (
    <label className={clsx('inline-flex items-center gap-2 pointer-coarse:min-h-11', className)}>
      <input type="checkbox" className="size-3.5 accent-(--accent)" {...rest} />
      {label}
    </label>
  )
}
