'use client'

import type { ReactNode } from 'react'
import { ComponentsPanel } from './components-panel'
import { ExportsPanel } from './exports-panel'
import { MaintenancePanel } from './maintenance-panel'
import { PagePanel } from './page-panel'

/** StatusPageScreen is where the public page is set up: its name, components, planned work and places for copies. */
export function StatusPageScreen(props: {
  readonly mayManage: boolean
  readonly mayMaintain: boolean
  readonly mayExport: boolean
  readonly mayEnd: boolean
}): ReactNode {
  return (
    <div className="grid max-w-5xl grid-cols-1 gap-10">
      <div>
        <h2 className="text-16">The public status page</h2>
        <p className="max-w-2xl pt-1 text-ink-2">
          What customers read. States follow from published updates and planned work: nobody sets them by
          hand, and the page is never green while an incident is open or while nothing is confirmed.
        </p>
      </div>
      <PagePanel mayManage={props.mayManage} mayEnd={props.mayEnd} />
      <ComponentsPanel mayManage={props.mayManage} />
      <MaintenancePanel mayMaintain={props.mayMaintain} />
      <ExportsPanel mayExport={props.mayExport} />
    </div>
  )
}
