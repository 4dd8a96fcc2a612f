import type { Environment, Provider, ServiceDefinition } from './model'

/** Item is one point of the checklist: who can tell, what the word is about, and how long it counts. */
export type Item = {
  readonly id: string
  readonly title: string
  readonly group:
    | 'Before'
    | 'Configuration'
    | 'Code'
    | 'Infrastructure'
    | 'Dependencies'
    | 'Documentation'
    | 'App'
  /** by: a probe finds it out, or a person says it with a link. */
  readonly by: 'probe' | 'person'
  /** about: the word counts for this image only, or for the service until it is old. */
  readonly about: 'release' | 'service'
  readonly freshHours: number
  readonly providers?: readonly Provider[]
}

const DAYS = 24
const PROBE_HOURS = 0.25

function probe(id: string, title: string, group: Item['group'], over: Partial<Item> = {}): Item {
  return { id, title, group, by: 'probe', about: 'release', freshHours: PROBE_HOURS, ...over }
}

function person(id: string, title: string, group: Item['group'], over: Partial<Item> = {}): Item {
  return { id, title, group, by: 'person', about: 'service', freshHours: 90 * DAYS, ...over }
}

const RELEASE = { about: 'release', freshHours: 7 * DAYS } as const

/** ITEMS is the production checklist; rules D-CHK name every item. Image and way back stand apart: they can't be waived. */
export const ITEMS: readonly Item[] = [
  person('before.smoke', 'Smoke tests passed in staging', 'Before', RELEASE),
  person('before.pipeline', 'The pipeline is configured', 'Before'),
  probe('before.rules', 'Monitoring rules are present', 'Before'),
  person('config.vault', 'Keys lie in a vault', 'Configuration'),
  person('config.variables', 'Environment variables are set in the platform', 'Configuration', RELEASE),
  person('config.scopes', 'Key scopes are minimal', 'Configuration'),
  person('config.webhooks', 'Webhooks use HTTPS and their secrets are stored', 'Configuration'),
  person('code.tests', 'All tests pass in CI', 'Code', RELEASE),
  person('code.credentials', 'No credentials in the code', 'Code', RELEASE),
  person('code.errors', 'Every error type of the provider is handled', 'Code'),
  person('code.backoff', 'Rate limits and backoff', 'Code'),
  person('code.logging', 'Logging fit for production', 'Code'),
  person('code.reviewed', 'Reviewed and merged to main', 'Code', RELEASE),
  probe('code.version', 'The version is a semantic one', 'Code'),
  probe('code.notes', 'Deployment notes are ready', 'Code'),
  probe('infra.health', 'The health endpoint includes the provider', 'Infrastructure'),
  person('infra.breaker', 'Circuit breaker', 'Infrastructure'),
  person('infra.degradation', 'Degrades gracefully', 'Infrastructure'),
  person('infra.runbooks', 'Runbooks were reviewed', 'Infrastructure', { freshHours: 30 * DAYS }),
  probe('infra.size', 'Memory and CPU match staging', 'Infrastructure'),
  probe('deps.database', 'The database is reachable', 'Dependencies'),
  probe('deps.secrets', 'Required secrets are present', 'Dependencies'),
  person('deps.network', 'The network was verified', 'Dependencies'),
  probe('deps.limits', 'API limits have room', 'Dependencies'),
  person('docs.incident', 'Incident runbook', 'Documentation'),
  person('docs.rotation', 'Key rotation is written down', 'Documentation'),
  person('docs.rollback', 'Rollback is written down', 'Documentation'),
  person('docs.escalation', 'On-call escalation is written down', 'Documentation'),
  probe('app.name', 'The staging app is named as one', 'App'),
  probe('app.rotation', 'No secret is overdue for rotation', 'App'),
  person('app.scaling', 'Auto stop, auto start and minimum machines are as intended', 'App', {
    providers: ['fly'],
  }),
]

/** itemsOf gives the items that count for a plan of a service: its own beside the checklist's, without those left out with a reason. */
export function itemsOf(service: ServiceDefinition, environment: Environment): readonly Item[] {
  if (environment === 'staging') return []
  const out = new Set(service.leaveOut.map(({ item }) => item))
  const own = service.items.map(
    ({ id, title, freshHours }): Item => person(id, title, 'Before', { about: 'release', freshHours }),
  )
  return [...ITEMS, ...own].filter(
    (item) => !out.has(item.id) && (item.providers?.includes(service.provider) ?? true),
  )
}

/** Standing is how one item stands for a plan. */
export type ItemStanding = {
  readonly item: Item
  readonly state: 'passed' | 'failed' | 'unknown' | 'waived' | 'open' | 'stale'
  readonly words: string
  readonly link: string
  readonly by: string
  readonly atMs: number | undefined
  readonly freshUntilMs: number | undefined
}

/** CheckRow is what was found or said about an item, as it is kept. */
export type CheckRow = {
  readonly item: string
  readonly state: 'passed' | 'failed' | 'unknown' | 'waived'
  readonly kind: 'probe' | 'person'
  readonly words: string
  readonly link: string
  readonly by: string
  readonly atMs: number
  readonly freshUntilMs: number | undefined
  /** digest is the image that a word about a release was said of. */
  readonly digest: string
  readonly isOfThisPlan: boolean
}

/** standingOf says how an item stands now: what is old counts no more, and what was said of another image never did. Rules D-CHK-2 to D-CHK-4. */
export function standingOf(
  item: Item,
  rows: readonly CheckRow[],
  now: { digest: string; nowMs: number },
): ItemStanding {
  const about = rows
    .filter((row) => row.item === item.id)
    .filter((row) => row.isOfThisPlan || (item.about === 'service' && row.state !== 'waived'))
    .filter((row) => (item.about === 'service' && row.state !== 'waived') || row.digest === now.digest)
    .sort((a, b) => b.atMs - a.atMs)
  const row = about[0]
  if (!row)
    return {
      item,
      state: 'open',
      words: item.by === 'probe' ? 'not looked at yet' : 'nobody has said so',
      link: '',
      by: '',
      atMs: undefined,
      freshUntilMs: undefined,
    }
  const isOld = row.freshUntilMs !== undefined && now.nowMs >= row.freshUntilMs
  return {
    item,
    state: isOld ? 'stale' : row.state,
    words: row.words,
    link: row.link,
    by: row.by,
    atMs: row.atMs,
    freshUntilMs: row.freshUntilMs,
  }
}

/** isMet says whether an item stands in nobody's way. */
export function isMet({ state }: Pick<ItemStanding, 'state'>): boolean {
  return state === 'passed' || state === 'waived'
}
