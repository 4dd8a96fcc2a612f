/** ShownEvent is one change of a rating as the server tells it; `at` is ISO text or epoch seconds. */
export type ShownEvent = {
  readonly id: string | number
  readonly at: string | number
  readonly kind: string
  readonly subject: string
  readonly before: string
  readonly after: string
  readonly reason: string
}

/** EventGroup is a run of changes that say the same of several subjects; `events` are newest first. */
export type EventGroup = { readonly id: string; readonly events: readonly [ShownEvent, ...ShownEvent[]] }

const WINDOW_SECONDS = 120

function secondsOf(at: string | number): number {
  return typeof at === 'number' ? at : Date.parse(at) / 1000
}

function saysTheSame(a: ShownEvent, b: ShownEvent): boolean {
  return a.kind === b.kind && a.before === b.before && a.after === b.after && a.reason === b.reason
}

/**
 * eventGroups joins changes of the same kind, from and to the same rating for the same reason, within two minutes,
 * so that a restart of a source reads as one line and not as two hundred. The order of first appearance stays.
 */
export function eventGroups(events: readonly ShownEvent[]): readonly EventGroup[] {
  const groups: { id: string; events: [ShownEvent, ...ShownEvent[]] }[] = []
  for (const event of events) {
    const near = groups.find((group) => {
      const [newest] = group.events
      return saysTheSame(newest, event) && secondsOf(newest.at) - secondsOf(event.at) <= WINDOW_SECONDS
    })
    if (near) near.events.push(event)
    else groups.push({ id: String(event.id), events: [event] })
  }
  return groups
}

const FIGURES: Readonly<Record<string, string>> = {
  serverErrors: '5xx of the API',
  authErrors: '401, 403 of the API',
  rateLimited: '429 of the API',
  errorRatio: 'Error ratio of the API',
  p95: 'p95 of the API',
  p99: 'p99 of the API',
}
const NOUNS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  gpu: ['GPU', 'GPUs'],
  instance: ['Instance', 'instances'],
  queue: ['Queue', 'queues'],
  service: ['Service', 'services'],
  source: ['Source', 'sources'],
  api: ['Figure', 'figures of the API'],
}

/** eventTitle names the subject of a change, or how many subjects changed together. */
export function eventTitle(group: EventGroup): string {
  const [first] = group.events
  const subjects = new Set(group.events.map((event) => event.subject)).size
  const noun = NOUNS[first.kind]
  if (subjects > 1) return `${subjects} ${noun?.[1] ?? first.kind}`
  const times = group.events.length
  return times > 1 ? `${subjectTitle(first)}, ${times} times` : subjectTitle(first)
}

function subjectTitle(first: ShownEvent): string {
  const noun = NOUNS[first.kind]
  if (first.kind === 'gpu') {
    const [instance = first.subject, index] = first.subject.split('/')
    return index === undefined ? `GPU ${instance}` : `GPU ${index} of ${instance}`
  }
  if (first.kind === 'api') return FIGURES[first.subject] ?? first.subject
  if (first.kind === 'page') return 'Provider status page'
  if (first.kind === 'credit') return 'Credit'
  if (first.kind === 'queue') return `Queue ${first.subject.split('/').slice(1).join('/') || first.subject}`
  return noun === undefined ? first.subject : `${noun[0]} ${first.subject}`
}

/** eventHref is where to look at the subject of a change; undefined where no room shows it. */
export function eventHref(group: EventGroup): string | undefined {
  const [first] = group.events
  const isOne = group.events.every((event) => event.subject === first.subject)
  switch (first.kind) {
    case 'gpu': {
      const [instance = '', index = ''] = first.subject.split('/')
      return isOne ? `/fleet?gpu=${encodeURIComponent(`${instance}/${index}`)}` : '/fleet'
    }
    case 'instance':
      return isOne ? `/fleet?q=${encodeURIComponent(first.subject)}` : '/fleet'
    case 'queue':
      return isOne ? `/queues?queue=${encodeURIComponent(first.subject)}` : '/queues'
    case 'service':
      return isOne ? `/services?service=${encodeURIComponent(first.subject)}` : '/services'
    case 'source':
      return '/settings/sources'
    default:
      return undefined
  }
}
