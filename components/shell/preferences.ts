export const THEME_COOKIE = 'wf-theme'
export const TIME_COOKIE = 'wf-time'
export const KEYS_COOKIE = 'wf-keys'

export type Theme = 'dark' | 'light'

/** themeOf reads the stored theme; undefined follows the system. */
export function themeOf(stored: string | undefined): Theme | undefined {
  return stored === 'dark' || stored === 'light' ? stored : undefined
}

/** cookieValue finds one cookie in a `document.cookie` text. */
export function cookieValue(cookies: string, name: string): string | undefined {
  for (const part of cookies.split(';')) {
    const [key, value] = part.trim().split('=')
    if (key === name) return value
  }
  return undefined
}

/** cookieText is what to assign to `document.cookie`; an undefined value forgets the preference. */
export function cookieText(name: string, value: string | undefined): string {
  const age = value === undefined ? 0 : 31_536_000
  return `${name}=${value ?? ''}; Path=/; Max-Age=${age}; SameSite=Lax`
}
