'use client'

import { useRouter } from 'next/navigation'
import { useMemo } from 'react'
import { toast } from '@/components/ui/toast-store'
import { type Action, useActions } from './actions'
import type { Room } from './room'
import { signOut } from './sign-out'
import { toggleTheme, toggleTime } from './theme'

async function copyLink(): Promise<void> {
  try {
    await navigator.clipboard.writeText(window.location.href)
    toast({ tone: 'done', text: 'Link copied', detail: 'It shows the same thing to whoever opens it.' })
  } catch {
    toast({
      tone: 'failed',
      text: 'The browser did not allow copying',
      detail: window.location.href,
    })
  }
}

/** useConsoleActions offers what works everywhere: rooms, palette, help, search, times, theme, link, sign out. */
export function useConsoleActions(options: {
  readonly rooms: readonly Room[]
  readonly openPalette: () => void
  readonly openHelp: () => void
}): void {
  const { rooms, openPalette, openHelp } = options
  const router = useRouter()
  const actions = useMemo((): readonly Action[] => {
    function search(): void {
      const field = document.querySelector<HTMLElement>('[data-search]')
      if (field) field.focus()
      else openPalette()
    }
    return [
      ...rooms.map(
        (room): Action => ({
          id: `go-${room.id}`,
          title: room.title,
          group: 'Go to',
          keys: `G ${room.key}`,
          run: () => router.push(room.href),
        }),
      ),
      { id: 'palette', title: 'Everything you can do', group: 'Console', keys: 'Mod+K', run: openPalette },
      { id: 'search', title: 'Search', group: 'Console', keys: '/', run: search },
      { id: 'help', title: 'Keyboard help', group: 'Console', keys: '?', run: openHelp },
      { id: 'time', title: 'Turn times between UTC and local', group: 'Console', keys: 'Z', run: toggleTime },
      { id: 'link', title: 'Copy a link to this', group: 'Console', keys: '.', run: () => void copyLink() },
      {
        id: 'theme',
        title: 'Turn to the other theme',
        group: 'Console',
        words: 'dark light',
        run: toggleTheme,
      },
      {
        id: 'wall',
        title: 'Wall display of the board',
        group: 'Console',
        words: 'big screen kiosk',
        run: () => router.push('/?display=wall'),
      },
      {
        id: 'sign-out',
        title: 'Sign out',
        group: 'Console',
        words: 'log out leave',
        run: () => void signOut(),
      },
    ]
  }, [rooms, openPalette, openHelp, router])
  useActions(actions)
}
