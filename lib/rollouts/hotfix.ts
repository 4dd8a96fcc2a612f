/** HOTFIX_STATES lead from an open debt to its proof; each step needs evidence. */
export const HOTFIX_STATES = [
  'open',
  'in_repo',
  'image_built',
  'deployed',
  'verified_clean',
  'waived',
] as const

/** HotfixState is where a hotfix stands. */
export type HotfixState = (typeof HOTFIX_STATES)[number]

/** HOTFIX_WORDS say each state as people read it. */
export const HOTFIX_WORDS: Readonly<Record<HotfixState, string>> = {
  open: 'only on the instance',
  in_repo: 'in the repository',
  image_built: 'in an image',
  deployed: 'deployed',
  verified_clean: 'gone from the instance, proven',
  waived: 'waived',
}

/** isOpen tells whether a hotfix is still a debt. */
export function isOpen(state: HotfixState): boolean {
  return state !== 'verified_clean' && state !== 'waived'
}

/** isErasable tells whether making the container anew loses a hotfix: until an image that holds it was deployed. */
export function isErasable(state: string): boolean {
  return state === 'open' || state === 'in_repo' || state === 'image_built'
}

/** isOnInstance tells whether what a person wrote as the instance of a hotfix means this one: its number, or its label. */
export function isOnInstance(
  written: string,
  { id, label }: { readonly id: string; readonly label: string },
): boolean {
  if (written.split(/[^0-9]+/).includes(id)) return true
  return label !== '' && written.trim().toLowerCase() === label.trim().toLowerCase()
}

/** erasedWords says what would be lost with a hotfix, and the ways out. */
export function erasedWords(hotfix: {
  readonly number: number
  readonly instance: string
  readonly state: string
  readonly files: readonly string[]
  readonly owner: string
}): string {
  const [first = 'no file named', ...others] = hotfix.files
  const files = others.length === 0 ? first : `${first} and ${others.length} more`
  const stands = hotfix.state === 'image_built' ? 'in an image that is not deployed' : 'in no image'
  return `this would erase hotfix ${hotfix.number} on ${hotfix.instance} (${files}, owner @${hotfix.owner}), which is ${stands} yet. Promote it into an image and deploy that, or close it with evidence under Deployments, Log.`
}

/** nextOf is the state after this one; undefined at the end. */
export function nextOf(state: HotfixState): HotfixState | undefined {
  const order: readonly HotfixState[] = ['open', 'in_repo', 'image_built', 'deployed', 'verified_clean']
  const at = order.indexOf(state)
  return at < 0 ? undefined : order[at + 1]
}

/** evidenceFor says what the next state of a hotfix has to show. */
export function evidenceFor(next: HotfixState): 'commit' | 'digest' | 'deployment' | 'version' | undefined {
  switch (next) {
    case 'in_repo':
      return 'commit'
    case 'image_built':
      return 'digest'
    case 'deployed':
      return 'deployment'
    case 'verified_clean':
      return 'version'
    case 'open':
    case 'waived':
      return undefined
  }
}

/** dueAtOf is the last second of the same day where the team is; a day of daylight change ends at its own midnight. */
export function dueAtOf(at: Date, zone: string): Date {
  const day = dayIn(at, zone)
  // The day ends within 25 hours; walking by minutes from its latest possible end finds the last instant of it.
  let low = at.getTime()
  let high = at.getTime() + 26 * 3_600_000
  while (high - low > 1_000) {
    const middle = Math.floor((low + high) / 2)
    if (dayIn(new Date(middle), zone) === day) low = middle
    else high = middle
  }
  return new Date(Math.floor(low / 1_000) * 1_000)
}

function dayIn(at: Date, zone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(at)
}
