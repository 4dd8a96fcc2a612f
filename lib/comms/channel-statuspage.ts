import { counterpartOf } from './counterparts'
import { type LimitFault, tooLong } from './limits'
import type { ComponentState, Severity } from './model'
import type { Outgoing } from './outgoing'
import { isTouched } from './words'

const NAME_MAX = 255
const BODY_MAX = 25_000

type Impact = 'none' | 'minor' | 'major' | 'critical' | 'maintenance'

/** StatuspageIncident is the body of Statuspage v1’s create and update; `metadata` holds our mark for reconciling. */
export type StatuspageIncident = {
  readonly incident: {
    readonly name: string
    readonly status: string
    readonly impact_override: Impact
    readonly body: string
    readonly components: Readonly<Record<string, ComponentState>>
    readonly component_ids: readonly string[]
    readonly deliver_notifications: boolean
    readonly metadata: Readonly<Record<string, Readonly<Record<string, string | number>>>>
  }
}

/** StatuspageMaintenance adds the window of planned work; instants are ISO. */
export type StatuspageMaintenance = {
  readonly incident: StatuspageIncident['incident'] & {
    readonly scheduled_for: string
    readonly scheduled_until: string
  }
}

/** MapOfComponents gives the remote component of one of ours; what it does not name is asked for, never guessed. */
export type MapOfComponents = Readonly<Record<string, string>>

type Mark = { readonly deliveryId: string; readonly seq: number; readonly reference: string }

const BY_SEVERITY: Readonly<Record<Severity, Impact>> = {
  P1: 'critical',
  P2: 'major',
  P3: 'minor',
  P4: 'none',
}

/** statuspageIncident gives the body for creating an incident or adding an update to it; `reference` is a name that outsiders may see. */
export function statuspageIncident(
  out: Outgoing,
  { map, mark }: { readonly map: MapOfComponents; readonly mark: Mark },
): StatuspageIncident {
  const components = mappedStates(out, map)
  const { deliveryId, seq, reference } = mark
  return {
    incident: {
      name: out.title,
      status: out.status,
      impact_override: BY_SEVERITY[out.severity],
      body: out.body,
      components,
      component_ids: Object.keys(components),
      deliver_notifications: true,
      metadata: { console: { delivery_id: deliveryId, update_seq: seq, reference } },
    },
  }
}

/** statuspageMaintenance gives the body for planned work in a window. */
export function statuspageMaintenance(
  out: Outgoing,
  around: {
    readonly map: MapOfComponents
    readonly mark: Mark
    readonly startsAt: string
    readonly endsAt: string
  },
): StatuspageMaintenance {
  const { incident } = statuspageIncident(out, around)
  const status = {
    investigating: 'scheduled',
    identified: 'scheduled',
    monitoring: 'in_progress',
    resolved: 'completed',
  }
  return {
    incident: {
      ...incident,
      status: status[out.status],
      impact_override: 'maintenance',
      scheduled_for: around.startsAt,
      scheduled_until: around.endsAt,
    },
  }
}

/** unmappedComponents names the touched components that a channel has no remote component for. */
export function unmappedComponents(
  out: Pick<Outgoing, 'components'>,
  map: MapOfComponents,
): readonly string[] {
  return out.components
    .filter((it) => isTouched(it) && remoteOf(it, map) === undefined)
    .map(({ name }) => name)
}

/** statuspageLimits gives what is too long for Statuspage. */
export function statuspageLimits(out: Outgoing): readonly LimitFault[] {
  return [
    ...tooLong('Statuspage title', out.title, NAME_MAX),
    ...tooLong('Statuspage text', out.body, BODY_MAX),
  ]
}

function mappedStates(out: Outgoing, map: MapOfComponents): Readonly<Record<string, ComponentState>> {
  return Object.fromEntries(
    out.components.filter(isTouched).flatMap((it) => {
      const id = remoteOf(it, map)
      return id === undefined ? [] : [[id, it.to]]
    }),
  )
}

function remoteOf(
  { componentId, name }: Outgoing['components'][number],
  map: MapOfComponents,
): string | undefined {
  return counterpartOf(map, { id: componentId, name })
}
