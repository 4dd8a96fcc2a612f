'use client'

import { type ReactNode, useSyncExternalStore } from 'react'
import { Drawer } from '@/components/ui/drawer'
import { IconButton } from '@/components/ui/icon-button'
import { CloseIcon } from '@/components/ui/icons'
import type { FleetView } from '@/lib/client/health-store'
import { GpuDetail } from './gpu-detail'
import { hostName, nameOf } from './reading'
import { parsePath } from './rows'

const NARROW = '(width < 80rem)'

/** GpuDrawer is one GPU: docked beside the wall where there is room, a sheet over the page where there is not. */
export function GpuDrawer({
  fleet,
  version,
  row,
  path,
  onClose,
}: {
  readonly fleet: FleetView
  readonly version: number
  /** row is −1 when the fleet no longer has this GPU; what is on record of it is still shown. */
  readonly row: number
  readonly path: string
  readonly onClose: () => void
}): ReactNode {
  const isNarrow = useIsNarrow()
  const gpu = parsePath(path)
  const title =
    row >= 0 ? nameOf(fleet, row) : gpu ? `GPU ${gpu.index}, instance ${gpu.instanceId}` : 'No such GPU'
  const subtitle = row >= 0 ? subtitleOf(fleet, row) : 'Not in the fleet now'
  const body = gpu ? (
    <GpuDetail key={gpu.instanceId} fleet={fleet} version={version} row={row} gpu={gpu} />
  ) : (
    <p className="py-4 text-ink-2">This link names no GPU. Choose one on the wall.</p>
  )
  if (isNarrow) {
    return (
      <Drawer open onClose={onClose} title={title} subtitle={subtitle}>
        {body}
      </Drawer>
    )
  }
  return (
    <section aria-label={title} className="flex min-h-0 flex-1 flex-col">
      <header className="flex items-start justify-between gap-4 px-6 pt-3 pb-2.5">
        <div className="min-w-0">
          <h2 className="text-16 break-words">{title}</h2>
          <p className="text-ink-2">{subtitle}</p>
        </div>
        <IconButton label="Close" onClick={onClose} className="-mr-2">
          <CloseIcon />
        </IconButton>
      </header>
      <section
        className="min-h-0 flex-1 overflow-y-auto px-6 pb-6 scroll-quiet"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller must be reachable by keyboard
        tabIndex={0}
        aria-label="Details"
      >
        {body}
      </section>
    </section>
  )
}

function subtitleOf(fleet: FleetView, row: number): ReactNode {
  const at = fleet.gpus.instance[row] ?? 0
  const { instances } = fleet
  return (
    <>
      {[instances.model[at], instances.region[at], hostName(fleet, at) === '' ? '' : instances.label[at]]
        .filter((text) => text)
        .join(' · ')}{' '}
      · instance <code className="font-mono">{instances.id[at]}</code>
    </>
  )
}

function useIsNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = window.matchMedia(NARROW)
      query.addEventListener('change', listener)
      return () => query.removeEventListener('change', listener)
    },
    () => window.matchMedia(NARROW).matches,
    () => false,
  )
}
