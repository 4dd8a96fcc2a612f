'use client'

import { useSyncExternalStore } from 'react'
import { cookieText, cookieValue, KEYS_COOKIE, THEME_COOKIE, TIME_COOKIE } from './preferences'

export type PreferenceName = 'theme' | 'time' | 'keys'

const COOKIES: Readonly<Record<PreferenceName, string>> = {
  theme: THEME_COOKIE,
  time: TIME_COOKIE,
  keys: KEYS_COOKIE,
}

const listeners = new Set<() => void>()

let cookies: string | undefined

function tellAll(): void {
  cookies = undefined
  for (const listener of listeners) listener()
}

// Another tab may have changed a preference while this one was away.
function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) window.addEventListener('focus', tellAll)
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) window.removeEventListener('focus', tellAll)
  }
}

/** readPreference gives the stored value of this browser; undefined means the default. */
export function readPreference(name: PreferenceName): string | undefined {
  cookies ??= document.cookie
  return cookieValue(cookies, COOKIES[name])
}

/** writePreference stores a value for this browser and tells every reader on the page. */
export function writePreference(name: PreferenceName, value: string | undefined): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and Safari
  document.cookie = cookieText(COOKIES[name], value)
  if (name === 'theme') {
    if (value === undefined) delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = value
  }
  tellAll()
}

/** usePreference follows a stored value; the server always renders the default. */
export function usePreference(name: PreferenceName): string | undefined {
  return useSyncExternalStore(
    subscribe,
    () => readPreference(name),
    () => undefined,
  )
}
