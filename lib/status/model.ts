/** COMPONENT_STATES are what may be said of a component, in the words of Statuspage, from the best to the worst. */
export const COMPONENT_STATES = [
  'operational',
  'under_maintenance',
  'degraded_performance',
  'partial_outage',
  'major_outage',
] as const

/** ComponentState is what people said of a component. */
export type ComponentState = (typeof COMPONENT_STATES)[number]

/** ShownState is what a page may show of a component: what people said, or that nobody can say. */
export type ShownState = ComponentState | 'unknown'

/** INCIDENT_STATUSES are the public phases in their usual order. */
export const INCIDENT_STATUSES = ['investigating', 'identified', 'monitoring', 'resolved'] as const

/** IncidentStatus is the public phase of an incident. */
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number]

/** MAINTENANCE_STATUSES are the states of a window; a cancelled one is told, then forgotten. */
export const MAINTENANCE_STATUSES = ['scheduled', 'in_progress', 'completed', 'cancelled'] as const

/** MaintenanceStatus is the state of a window of planned work. */
export type MaintenanceStatus = (typeof MAINTENANCE_STATUSES)[number]

/** IMPACTS of an incident from the least. */
export const IMPACTS = ['none', 'minor', 'major', 'critical'] as const

/** Impact says how bad an incident is, in the words of Statuspage. */
export type Impact = (typeof IMPACTS)[number]

/** Indicator is the whole page in one word of Statuspage. */
export type Indicator = Impact | 'maintenance'

/** ComponentWord is what one update says of one component. */
export type ComponentWord = {
  readonly componentId: string
  readonly name: string
  readonly from: ShownState
  readonly to: ComponentState
}

/** PageRow is the page itself; `confirmedAt` is when our monitoring was last surely alive. */
export type PageRow = {
  readonly name: string
  readonly url: string
  readonly timeZone: string
  readonly confirmedAt: Date | null
  readonly sequence: number
  readonly updatedAt: Date | null
}

/** ComponentRow is one component that is not retired. */
export type ComponentRow = {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly position: number
  readonly state: ComponentState
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** ChangeRow is from when a component was in which state. */
export type ChangeRow = { readonly componentId: string; readonly at: Date; readonly to: ShownState }

/** UpdateRow is one published text of an incident or of a maintenance. */
export type UpdateRow = {
  readonly id: string
  readonly incidentId: string | null
  readonly maintenanceId: string | null
  readonly status: string
  readonly body: string
  readonly components: readonly ComponentWord[]
  readonly corrects: string | null
  readonly at: Date
  readonly isEmergency: boolean
}

/** IncidentRow is what the public knows of one incident. */
export type IncidentRow = {
  readonly id: string
  readonly name: string
  readonly status: IncidentStatus
  readonly impact: Impact
  readonly startedAt: Date
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly monitoringAt: Date | null
  readonly resolvedAt: Date | null
  readonly nextUpdateAt: Date | null
  readonly words: Readonly<Record<string, ComponentState>>
}

/** MaintenanceRow is one window of planned work. */
export type MaintenanceRow = {
  readonly id: string
  readonly name: string
  readonly body: string
  readonly status: MaintenanceStatus
  readonly scheduledFor: Date
  readonly scheduledUntil: Date
  readonly componentIds: readonly string[]
  readonly startedAt: Date | null
  readonly completedAt: Date | null
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** PublicRows is the public projection: everything that the page, the feeds and the copies may know. */
export type PublicRows = {
  readonly page: PageRow
  readonly components: readonly ComponentRow[]
  readonly changes: readonly ChangeRow[]
  readonly incidents: readonly IncidentRow[]
  readonly updates: readonly UpdateRow[]
  readonly maintenances: readonly MaintenanceRow[]
}

/** worstState gives the worst of these states; operational when there is none. */
export function worstState(states: readonly ComponentState[]): ComponentState {
  return states.reduce<ComponentState>(
    (worst, state) => (COMPONENT_STATES.indexOf(state) > COMPONENT_STATES.indexOf(worst) ? state : worst),
    'operational',
  )
}

/** worstImpact gives the worst of these impacts; none when there is none. */
export function worstImpact(impacts: readonly Impact[]): Impact {
  return impacts.reduce<Impact>(
    (worst, impact) => (IMPACTS.indexOf(impact) > IMPACTS.indexOf(worst) ? impact : worst),
    'none',
  )
}

const IMPACT_OF: Readonly<Record<ComponentState, Impact>> = {
  operational: 'none',
  under_maintenance: 'none',
  degraded_performance: 'minor',
  partial_outage: 'major',
  major_outage: 'critical',
}

/** impactOf gives how bad a component's state is. */
export function impactOf(state: ComponentState): Impact {
  return IMPACT_OF[state]
}

/** componentStateOf derives what stands of a component: the worst word of open incidents, else maintenance, else operational. */
export function componentStateOf(
  componentId: string,
  around: {
    readonly open: readonly Pick<IncidentRow, 'words'>[]
    readonly inProgress: readonly Pick<MaintenanceRow, 'componentIds'>[]
  },
): ComponentState {
  const said = around.open.flatMap(({ words }) => words[componentId] ?? [])
  const planned = around.inProgress.some(({ componentIds }) => componentIds.includes(componentId))
  return worstState(planned ? [...said, 'under_maintenance'] : said)
}
