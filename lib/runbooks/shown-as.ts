/** GROUPS are the groups of the room in their order: folder, title, and what lies in it. */
export const GROUPS = [
  { folder: 'triage', title: 'Triage trees', what: 'What is asked, what it means, and what to do then' },
  { folder: 'actions', title: 'Actions', what: 'What may be done to the world, and how' },
  { folder: 'messages', title: 'Messages', what: 'What is told to whom' },
  { folder: 'services', title: 'Services', what: 'What is deployed, where, and what it takes' },
  { folder: 'policy', title: 'Policies', what: 'Thresholds, clocks and severities' },
  { folder: 'triage-cases', title: 'Recorded cases', what: 'Moments on which the trees are tried' },
  { folder: 'scenarios', title: 'Scenarios', what: 'Worlds to drill in, with the truth about them' },
] as const

/** folderOf is the first folder of a path. */
export function folderOf(path: string): string {
  return path.split('/')[0] ?? ''
}

/** Counting is one runbook as it counts, or as it is to: its content hash, and the approved edit over the file. */
export type Counting = {
  readonly path: string
  readonly hash?: string | undefined
  readonly version?: number | undefined
}

/**
 * FileState says how a runbook stands: it counts; it is refused for its own faults; it waits because others are refused,
 * so that all of the last good ones stay; it has been read by no worker yet.
 */
export type FileState = 'counts' | 'refused' | 'waits' | 'unread'

/** stateOf compares a runbook as it was read with what the worker goes by. */
export function stateOf(
  file: Counting & { readonly problems: readonly unknown[] },
  around: { readonly hasFaults: boolean; readonly counting: readonly Counting[] },
): FileState {
  if (file.problems.length > 0) return 'refused'
  const counting = around.counting.find((one) => one.path === file.path)
  if (counting && counting.hash === file.hash && counting.version === file.version) return 'counts'
  return around.hasFaults ? 'waits' : 'unread'
}

const POLICY_TITLES: Readonly<Record<string, string>> = {
  'policy/health': 'Health: when something warns or breaks',
  'policy/alerts': 'Alerts: severities and our own rules',
  'policy/incidents': 'Incidents: clocks and working days',
  'policy/rollouts': 'Rollouts: triggers, gates and the way back',
  'policy/windows': 'Windows: when a deployment may start',
}

/** titleOf is what a runbook is called. */
export function titleOf({ path, value }: { readonly path: string; readonly value: unknown }): string {
  if (value !== null && typeof value === 'object' && 'title' in value && typeof value.title === 'string')
    return value.title
  const slug = path.replace(/\.ya?ml$/, '')
  return POLICY_TITLES[slug] ?? slug.slice(slug.indexOf('/') + 1)
}
