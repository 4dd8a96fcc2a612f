'use client'

import dynamic from 'next/dynamic'
import { usePathname, useSearchParams } from 'next/navigation'
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import { DeclareHost } from '@/components/incidents/declare-host'
import { Toaster } from '@/components/ui/toaster'
import type { Role } from '@/lib/access/permissions'
import { useConsoleActions } from './console-actions'
import { Header } from './header'
import { PocketNav } from './pocket-nav'
import { Providers } from './providers'
import { roomAt, roomsFor } from './rooms'
import { StepUpHost } from './step-up-host'
import { typeAhead } from './typed-ahead'
import { useShortcuts } from './use-shortcuts'
import { WallBar } from './wall-bar'

const loadPalette = () => import('./palette').then((module) => module.Palette)
const Palette = dynamic(loadPalette, { ssr: false })
const Help = dynamic(() => import('./help').then((module) => module.Help), { ssr: false })

const WARM_UP_MS = 4_000

export type ShellActor = {
  readonly id: string
  readonly name: string
  readonly handle: string
  readonly roles: readonly Role[]
}

/** Shell is the frame of every room: header, banner, keys, palette; `?display=wall` leaves only the wall's bar. */
export function Shell({
  actor,
  banner,
  children,
}: {
  readonly actor: ShellActor
  readonly banner: ReactNode
  readonly children: ReactNode
}): ReactNode {
  return (
    <Providers>
      <Frame actor={actor} banner={banner}>
        {children}
      </Frame>
    </Providers>
  )
}

// Keys typed while the palette's code is still on its way would be lost to it.
function warmUp(): () => void {
  // Offline there is nothing to warm up: opening the palette asks again.
  const load = (): void => void loadPalette().catch(() => undefined)
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(load, WARM_UP_MS)
    return () => clearTimeout(timer)
  }
  const handle = requestIdleCallback(load, { timeout: WARM_UP_MS })
  return () => cancelIdleCallback(handle)
}

function Frame({
  actor,
  banner,
  children,
}: {
  readonly actor: ShellActor
  readonly banner: ReactNode
  readonly children: ReactNode
}): ReactNode {
  const isWall = useSearchParams().get('display') === 'wall'
  const pathname = usePathname()
  const rooms = useMemo(() => roomsFor(actor.roles), [actor.roles])
  const current = roomAt(rooms, pathname)
  const [overlay, setOverlay] = useState<'palette' | 'help' | undefined>(undefined)
  const openPalette = useCallback(() => {
    typeAhead()
    setOverlay('palette')
  }, [])
  const openHelp = useCallback(() => setOverlay('help'), [])
  const close = useCallback(() => setOverlay(undefined), [])
  useConsoleActions({ rooms, openPalette, openHelp })
  useShortcuts()
  useEffect(warmUp, [])

  return (
    <div data-display={isWall ? 'wall' : undefined} className="flex min-h-dvh flex-col">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-over focus:px-4 focus:py-2"
      >
        Skip to the content
      </a>
      {isWall ? (
        <WallBar />
      ) : (
        <Header actor={actor} rooms={rooms} current={current} openPalette={openPalette} />
      )}
      {banner}
      <main id="content" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
        {children}
      </main>
      {isWall ? null : <PocketNav rooms={rooms} current={current} />}
      <Toaster />
      <StepUpHost />
      <DeclareHost me={actor} />
      {overlay === 'palette' ? <Palette onClose={close} /> : null}
      {overlay === 'help' ? <Help onClose={close} /> : null}
    </div>
  )
}
