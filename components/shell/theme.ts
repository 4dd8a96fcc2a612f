'use client'

import type { Theme } from './preferences'
import { readPreference, writePreference } from './use-preference'

/** shownTheme is the theme on screen: the chosen one, else the system's. */
export function shownTheme(): Theme {
  const stored = readPreference('theme')
  if (stored === 'dark' || stored === 'light') return stored
  return window.matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark'
}

/** toggleTheme turns to the other theme and remembers it for this browser. */
export function toggleTheme(): void {
  writePreference('theme', shownTheme() === 'dark' ? 'light' : 'dark')
}

/** toggleTime turns every time between UTC first and local first. */
export function toggleTime(): void {
  writePreference('time', readPreference('time') === 'local' ? undefined : 'local')
}
