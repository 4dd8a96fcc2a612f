'use client'

/** isMac tells whether the command key is ⌘ here. */
export function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent)
}
