import type { z } from 'zod'
import { actionsSchema } from '../actions/policy'
import { checkActions } from '../actions/policy-check'
import { alertsPolicySchema } from '../alerts/policy'
import { messagesSchema } from '../comms/policy'
import { checkMessages } from '../comms/policy-check'
import { serviceSchema } from '../deployments/policy-services'
import { windowsPolicySchema } from '../deployments/policy-windows'
import { healthPolicySchema } from '../health/policy'
import { incidentsPolicySchema } from '../incidents/policy'
import { migrationsPolicySchema } from '../migrations/policy'
import { postmortemsPolicySchema } from '../postmortems/policy'
import { commsPolicySchema } from '../publications/policy'
import { ROLLOUT_POLICY } from '../rollouts/policy'
import { casesSchema, treeSchema } from '../triage/policy'
import { checkForest, type ForestFault } from '../triage/policy-check'

/** RunbookKind ties a folder of runbook files (or the one file `name` in it) to the schema that they must satisfy. */
export type RunbookKind<T = unknown> = {
  readonly folder: string
  /** name is the only file this kind reads, without its ending; undefined reads every file of the folder. */
  readonly name?: string
  readonly schema: z.ZodType<T>
  /** together finds what only all files of the kind show; it is asked when each file fits its schema. */
  readonly together?: (
    files: readonly { readonly file: string; readonly value: T }[],
  ) => readonly ForestFault[]
}

/** HEALTH_POLICY_KIND is `policy/health.yaml`: the thresholds and holds of the rating rules. */
export const HEALTH_POLICY_KIND = {
  folder: 'policy',
  name: 'health',
  schema: healthPolicySchema,
} as const satisfies RunbookKind

/** ALERTS_POLICY_KIND is `policy/alerts.yaml`: severity words, our own alert rules, heartbeat and reconciliation. */
export const ALERTS_POLICY_KIND = {
  folder: 'policy',
  name: 'alerts',
  schema: alertsPolicySchema,
} as const satisfies RunbookKind

/** INCIDENTS_POLICY_KIND is `policy/incidents.yaml`: response targets, cadences and the team's working days. */
export const INCIDENTS_POLICY_KIND = {
  folder: 'policy',
  name: 'incidents',
  schema: incidentsPolicySchema,
} as const satisfies RunbookKind

/** COMMS_POLICY_KIND is `policy/comms.yaml`: who approves what is said, and how long it can be taken back. */
export const COMMS_POLICY_KIND = {
  folder: 'policy',
  name: 'comms',
  schema: commsPolicySchema,
} as const satisfies RunbookKind

/** POSTMORTEMS_POLICY_KIND is `policy/postmortems.yaml`: stated formulas, and after which incidents a postmortem is proposed. */
export const POSTMORTEMS_POLICY_KIND = {
  folder: 'policy',
  name: 'postmortems',
  schema: postmortemsPolicySchema,
} as const satisfies RunbookKind

/** WINDOWS_POLICY_KIND is `policy/windows.yaml`: when a deployment may start. */
export const WINDOWS_POLICY_KIND = {
  folder: 'policy',
  name: 'windows',
  schema: windowsPolicySchema,
} as const satisfies RunbookKind

/** ROLLOUTS_POLICY_KIND is `policy/rollouts.yaml`: what a rollout is judged by, and how it goes back. */
export const ROLLOUTS_POLICY_KIND = {
  folder: 'policy',
  name: 'rollouts',
  schema: ROLLOUT_POLICY,
} as const satisfies RunbookKind

/** SERVICES_KIND is `services/*.yaml`: what is deployed, where it runs and what it takes. */
export const SERVICES_KIND = {
  folder: 'services',
  schema: serviceSchema,
} as const satisfies RunbookKind

/** MIGRATIONS_POLICY_KIND is `policy/migrations.yaml`: kinds, phases with their checklists, batches, gates and steps. */
export const MIGRATIONS_POLICY_KIND = {
  folder: 'policy',
  name: 'migrations',
  schema: migrationsPolicySchema,
} as const satisfies RunbookKind

/** TRIAGE_TREE_KIND is `triage/*.yaml`: questions, leaves and checklists, checked together. */
export const TRIAGE_TREE_KIND = {
  folder: 'triage',
  schema: treeSchema,
  together: checkForest,
} as const satisfies RunbookKind<z.infer<typeof treeSchema>>

/** TRIAGE_CASES_KIND is `triage-cases/*.yaml`: recorded moments with the diagnosis that must come of them. */
export const TRIAGE_CASES_KIND = {
  folder: 'triage-cases',
  schema: casesSchema,
} as const satisfies RunbookKind

/** ACTIONS_KIND is `actions/*.yaml`: what may be done, its parameters with their bounds, its undo and its verification. */
export const ACTIONS_KIND = {
  folder: 'actions',
  schema: actionsSchema,
  together: checkActions,
} as const satisfies RunbookKind<z.infer<typeof actionsSchema>>

/** MESSAGES_KIND is `messages/*.yaml`: what is told to whom, checked against the catalogue of facts and by the linter. */
export const MESSAGES_KIND = {
  folder: 'messages',
  schema: messagesSchema,
  together: checkMessages,
} as const satisfies RunbookKind<z.infer<typeof messagesSchema>>

/** RUNBOOK_KINDS is the registry of everything that may lie in the runbooks directory; a room adds its kinds here. */
export const RUNBOOK_KINDS: readonly RunbookKind[] = [
  HEALTH_POLICY_KIND,
  ALERTS_POLICY_KIND,
  INCIDENTS_POLICY_KIND,
  COMMS_POLICY_KIND,
  POSTMORTEMS_POLICY_KIND,
  MIGRATIONS_POLICY_KIND,
  WINDOWS_POLICY_KIND,
  ROLLOUTS_POLICY_KIND,
  SERVICES_KIND,
  widened(TRIAGE_TREE_KIND),
  TRIAGE_CASES_KIND,
  widened(ACTIONS_KIND),
  widened(MESSAGES_KIND),
]

/** A kind's own check gets only values that its own schema has parsed. */
function widened<T>(kind: RunbookKind<T>): RunbookKind {
  return kind as unknown as RunbookKind
}

/** FOREIGN_FOLDERS lie in the directory but are read by others: the simulator reads scenarios. */
export const FOREIGN_FOLDERS: ReadonlySet<string> = new Set(['scenarios'])

/** kindOf finds the kind of a file by its folder and its name without ending; undefined when no room reads it. */
export function kindOf(kinds: readonly RunbookKind[], folder: string, name: string): RunbookKind | undefined {
  return kinds.find((kind) => kind.folder === folder && (kind.name === undefined || kind.name === name))
}
