'use client'

import type { ReactNode } from 'react'
import { toggleTheme } from '@/components/shell/theme'
import { ThemeIcon } from '@/components/ui/icons'

/** ThemeButton turns between dark and light where there is no console frame around. */
export function ThemeButton(): ReactNode {
  return (
    <button
      type="button"
      aria-label="Turn between dark and light"
      onClick={toggleTheme}
      className="grid size-8 place-items-center rounded-2 text-ink-3 hover:bg-raise hover:text-ink pointer-coarse:size-11"
    >
      <ThemeIcon className="size-4" />
    </button>
  )
}
