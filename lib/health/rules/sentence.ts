import type { Rating } from '../model'
import type { PlaneRow, QueueRow } from '../wire'
import { isUnread } from './aggregate'
import { isUnwatched } from './plane-row'
import { capital, countWords, durationWords, listWords, plural } from './words'

/** SentencePart is a run of the board's sentence in one tone; parts join without added spaces. */
export type SentencePart = { readonly text: string; readonly tone: 'plain' | Rating }

/** SentenceInput is what the sentence speaks of; all of it is in a Snapshot, so the browser may build it. */
export type SentenceInput = {
  /** gpus counts those in service by rating; `outOfService` those stopped as intended or not there yet. */
  readonly gpus: Readonly<Record<Rating, number>> & { readonly outOfService?: number }
  readonly planes: readonly PlaneRow[]
  readonly queues: readonly QueueRow[]
  /** incidents are the open ones, most severe first. */
  readonly incidents?: readonly {
    readonly severity: string
    readonly title: string
    readonly minutes: number
  }[]
  /** lastReadingSeconds is the age of the newest reading of the fleet; undefined = never. */
  readonly lastReadingSeconds?: number
}

/** boardSentence says the state of everything in one sentence, calm when all is well, never calm about what is unread. */
export function boardSentence(input: SentenceInput): readonly SentencePart[] {
  const lead = incidentParts(input)
  const trouble = troubleClauses(input)
  const unread = unreadClauses(input)
  if (lead.length === 0 && trouble.length === 0) {
    if (input.lastReadingSeconds === undefined)
      return [{ text: 'Nothing has been read yet.', tone: 'unknown' }]
    return unread.length === 0 ? calm(input) : blind(unread)
  }
  const clauses = [...trouble, ...unread]
  if (clauses.length === 0) return lead
  const gap: readonly SentencePart[] = lead.length > 0 ? [plain(' ')] : []
  const rest = [...joined(clauses), plain('.')]
  return lead.length > 0 ? [...lead, ...gap, ...rest] : capitalised(rest)
}

function capitalised([first, ...rest]: readonly SentencePart[]): readonly SentencePart[] {
  return first ? [{ ...first, text: capital(first.text) }, ...rest] : []
}

type Clause = readonly SentencePart[]

// Planes whose trouble the GPU and queue clauses already tell.
const TOLD: ReadonlySet<string> = new Set(['gpu', 'queue'])

const PLANE_WORDS: Readonly<Record<string, string>> = {
  code: 'our code',
  account: 'the account',
  quota: 'our quota',
  'provider-api': "the provider's API",
  'provider-page': "the provider's page",
  host: 'hosts',
  gpu: 'GPUs',
  queue: 'queues',
  'control-plane': 'the control plane',
}

function plain(text: string): SentencePart {
  return { text, tone: 'plain' }
}

function incidentParts({ incidents = [] }: SentenceInput): readonly SentencePart[] {
  const [first, ...others] = incidents
  if (!first) return []
  const parts: SentencePart[] = [
    { text: first.severity, tone: first.severity === 'P1' ? 'breach' : 'warning' },
    plain(` ${first.title} for ${plural(Math.max(1, Math.round(first.minutes)), 'minute')}.`),
  ]
  if (others.length > 0)
    parts.push(plain(` ${plural(others.length, 'more incident', 'more incidents')} active.`))
  return parts
}

function troubleClauses({ gpus, planes, queues }: SentenceInput): readonly Clause[] {
  const clauses: Clause[] = []
  const total = gpus.clear + gpus.warning + gpus.breach + gpus.unknown + gpus.stale
  if (gpus.breach > 0) {
    clauses.push([
      { text: countWords(gpus.breach), tone: 'breach' },
      plain(` of ${plural(total, 'GPU')} in breach`),
    ])
  } else if (gpus.warning > 0) {
    clauses.push([
      { text: countWords(gpus.warning), tone: 'warning' },
      plain(` of ${plural(total, 'GPU')} warn`),
    ])
  }
  for (const plane of planes) {
    if (TOLD.has(plane.id) || (plane.rating !== 'breach' && plane.rating !== 'warning')) continue
    clauses.push([
      plain(`${PLANE_WORDS[plane.id] ?? plane.id}: `),
      { text: plane.figure, tone: plane.rating },
    ])
  }
  const late = loudestQueue(queues)
  if (late) clauses.push(queueClause(late))
  return clauses.slice(0, 4)
}

function loudestQueue(queues: readonly QueueRow[]): QueueRow | undefined {
  const weight = (row: QueueRow): number => (row.rating === 'breach' ? 2 : row.rating === 'warning' ? 1 : 0)
  const age = (row: QueueRow): number => row.oldestSeconds.value ?? -1
  return queues
    .filter((row) => weight(row) > 0)
    .reduce<QueueRow | undefined>((loudest, row) => {
      if (!loudest) return row
      const louder = weight(row) - weight(loudest)
      return louder > 0 || (louder === 0 && age(row) > age(loudest)) ? row : loudest
    }, undefined)
}

function queueClause(row: QueueRow): Clause {
  const name = plain(`the ${shortName(row.name)} queue `)
  switch (row.state) {
    case 'backlogged':
      return row.oldestSeconds.value === null
        ? [name, { text: 'growing', tone: row.rating }]
        : [name, { text: `${roughly(row.oldestSeconds.value)} behind`, tone: row.rating }]
    case 'stalled':
      return [name, { text: 'stalled', tone: row.rating }]
    case 'no-workers':
      return [name, { text: 'without workers', tone: row.rating }]
    case 'throttled':
      return [name, { text: 'held back by a rate limit', tone: row.rating }]
    case 'never-seen':
      return [name, { text: 'never seen', tone: row.rating }]
    default:
      return [name, { text: row.state, tone: row.rating }]
  }
}

// "video-processing@gpu" is the gpu queue.
function shortName(name: string): string {
  return name.split('@').at(-1) ?? name
}

function roughly(seconds: number): string {
  if (seconds < 60) return plural(Math.round(seconds), 'second')
  if (seconds < 5_400) return plural(Math.floor(seconds / 60), 'minute')
  return plural(Math.floor(seconds / 3_600), 'hour')
}

function unreadClauses({ gpus, planes }: SentenceInput): readonly Clause[] {
  const clauses: Clause[] = []
  const unread = gpus.unknown + gpus.stale
  if (unread > 0) clauses.push([{ text: `${countWords(unread)} unread`, tone: 'unknown' }])
  const blind = planes.filter((it) => it.id !== 'gpu' && isUnread(it.rating) && !isUnwatched(it))
  if (blind.length === 1) {
    const name = PLANE_WORDS[blind[0]?.id ?? ''] ?? ''
    clauses.push([{ text: `${name} not known`, tone: 'unknown' }])
  } else if (blind.length > 1) {
    clauses.push([{ text: `${blind.length} planes not known`, tone: 'unknown' }])
  }
  return clauses
}

// A cell that nobody chose to watch does not spoil the calm, but it is named.
function calm({ gpus, planes, lastReadingSeconds }: SentenceInput): readonly SentencePart[] {
  const age = durationWords(lastReadingSeconds ?? 0)
  const parts: SentencePart[] = [
    { text: 'Nothing is burning.', tone: 'clear' },
    plain(` ${plural(gpus.clear, 'GPU')} serving, last reading ${age} ago.`),
  ]
  const unwatched = planes.filter(isUnwatched).map((it) => PLANE_WORDS[it.id] ?? it.id)
  if (unwatched.length === 0) return parts
  return [...parts, { text: ` Not watched: ${listWords(unwatched)}.`, tone: 'unknown' }]
}

function blind(unread: readonly Clause[]): readonly SentencePart[] {
  return [plain('No known trouble, but '), ...joined(unread), plain('.')]
}

function joined(clauses: readonly Clause[]): readonly SentencePart[] {
  return clauses.flatMap((clause, index) => (index === 0 ? [...clause] : [plain(', '), ...clause]))
}
