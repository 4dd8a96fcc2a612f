import clsx from 'clsx'

export type ButtonVariant = 'plain' | 'primary' | 'quiet'
export type ButtonSize = 'small' | 'medium'

const BASE =
  'inline-flex items-center justify-center gap-2 rounded-2 border font-medium whitespace-nowrap transition-colors pointer-coarse:min-h-11'
const VARIANTS: Readonly<Record<ButtonVariant, string>> = {
  plain: 'border-line-2 hover:bg-raise',
  primary: 'border-accent bg-accent text-on-accent hover:opacity-90',
  quiet: 'border-transparent text-ink-2 hover:bg-raise hover:text-ink',
}
const SIZES: Readonly<Record<ButtonSize, string>> = {
  small: 'h-6 px-2 text-12',
  medium: 'h-8 px-3 text-13',
}

/** buttonLook gives the classes of a button or of a link that looks like one. */
export function buttonLook(options: {
  readonly variant?: ButtonVariant
  readonly size?: ButtonSize
  readonly waiting?: boolean
  readonly className?: string
}): string {
  const look = options.waiting
    ? 'border-dashed border-line-2 text-ink-3'
    : VARIANTS[options.variant ?? 'plain']
  return clsx(BASE, look, SIZES[options.size ?? 'medium'], options.className)
}
