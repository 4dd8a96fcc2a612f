'use client'

import type { ReactNode } from 'react'
import { PanelFace } from '@/components/state/panel-face'
import { LinkButton } from '@/components/ui/link-button'
import { useLiveState } from '@/lib/client/health-store'

/** FleetWaiting stands until the first snapshot is here, and says so when the console does not answer. */
export function FleetWaiting({ title = 'Fleet' }: { readonly title?: string }): ReactNode {
  const { mode } = useLiveState()
  return (
    <div className="p-6">
      <h1 className="pb-3 text-20 font-normal text-ink-2">{title}</h1>
      {mode === 'offline' ? (
        <PanelFace
          face={{
            kind: 'failed',
            sentence: 'Watchfloor does not answer.',
            detail: 'The fleet can not be shown. The page tries again every few seconds by itself.',
            retry: () => window.location.reload(),
          }}
        />
      ) : (
        <p className="text-ink-2" role="status">
          Reading the fleet
        </p>
      )}
    </div>
  )
}

/** FleetEmpty is shown when no source lists any GPU. */
export function FleetEmpty({ title = 'Fleet' }: { readonly title?: string }): ReactNode {
  return (
    <div className="p-6">
      <h1 className="pb-3 text-20 font-normal text-ink-2">{title}</h1>
      <PanelFace
        face={{
          kind: 'empty',
          sentence:
            'No source lists a GPU yet. Connect your provider account, and the fleet appears within a minute.',
          action: <LinkButton href="/settings/sources">Connect a source</LinkButton>,
        }}
      />
    </div>
  )
}
