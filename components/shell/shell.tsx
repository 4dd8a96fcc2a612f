'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import { type ReactNode, useCallback, useState } from 'react'
import { DeclareHost } from '@/components/incidents/declare-host'
import { later } from '@/components/ui/later'
import { Toaster } from '@/components/ui/toaster'
import { useWarmUp } from '@/components/ui/use-warm-up'
import type { Role } from '@/lib/access/permissions'
import { useConsoleActions } from './console-actions'
import { Header } from './header'
import { PocketNav } from './pocket-nav'
import { Providers } from './providers'
import { type Room, roomAt } from './room'
import { StepUpHost } from './step-up-host'
import { typeAhead } from './typed-ahead'
import { useShortcuts } from './use-shortcuts'

const loadPalette = () => import('./palette').then((module) => module.Palette)
const Palette = later(loadPalette)
const Help = later(() => import('./help').then((module) => module.Help))
const WallBar = later(() => import('./wall-bar').then((module) => module.WallBar))

export type ShellActor = {
  readonly id: string
  readonly name: string
  readonly handle: string
  readonly roles: readonly Role[]
}

/** ShellProps are decided by the server: who is here, which rooms are open to them, whether they may declare. */
type ShellProps = {
  readonly actor: ShellActor
  readonly rooms: readonly Room[]
  readonly mayDeclare: boolean
  readonly banner: ReactNode
  readonly children: ReactNode
}

/** Shell is the frame of every room: header, banner, keys, palette; `?display=wall` leaves only the wall's bar. */
export function Shell(props: ShellProps): ReactNode {
  const { id, handle } = props.actor
  return (
    <Providers person={{ id, handle }}>
      <Frame {...props} />
    </Providers>
  )
}

function Frame({ actor, rooms, mayDeclare, banner, children }: ShellProps): ReactNode {
  const isWall = useSearchParams().get('display') === 'wall'
  const pathname = usePathname()
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
  useWarmUp(loadPalette)

  return (
    <div
      data-person={actor.id}
      data-display={isWall ? 'wall' : undefined}
      className="flex min-h-dvh flex-col"
    >
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
      {mayDeclare ? <DeclareHost me={actor} /> : null}
      {overlay === 'palette' ? <Palette onClose={close} /> : null}
      {overlay === 'help' ? <Help onClose={close} /> : null}
    </div>
  )
}
