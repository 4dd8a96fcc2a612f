import { type Found, found, foundAt, type Hit, hitsOf, type Subject, tellsOfIncident } from './lint-subject'
import { clockText } from './units'

const MINUTE_MS = 60_000
const SOONEST_MS = 2 * MINUTE_MS
const DAY_MS = 24 * 60 * MINUTE_MS

const ABSOLUTE =
  /\b(?:[01]?\d|2[0-3]):[0-5]\d\s?(?:UTC|Z|GMT)\b|\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)/g
const ZONES = 'UTC|Z|GMT|CET|CEST|EET|EEST|WET|EDT|PDT|MDT|CDT|JST|AEST|AEDT|NZST|NZDT'
const AMBIGUOUS = 'IST|CST|BST|PST|EST|MST|AST|SST|GST|WST|ECT|AMT|ET|PT|CT|MT'
const CLOCK = String.raw`(?<![\d:.])(?:[01]?\d|2[0-3]):[0-5]\d`
// The first of two times shares the zone of the second.
const BARE = new RegExp(
  String.raw`${CLOCK}(?![\d:])(?:\s?[ap]\.?m\b\.?)?(?!\s?(?:${ZONES}|${AMBIGUOUS}|[+-]\d\d)\b)(?!\s?(?:–|-|to|and|until)\s?${CLOCK.replace('(?<![\\d:.])', '')}\s?(?:${ZONES}|${AMBIGUOUS})\b)|\b(?:1[0-2]|[1-9])\s?[ap]m\b(?!\s?(?:${ZONES}|${AMBIGUOUS})\b)`,
  'g',
)
const TWO_WAYS = new RegExp(
  String.raw`\b\d{1,2}(?::\d\d)?\s?(?:[ap]m\s?)?(?:${AMBIGUOUS})\b|\b(?:midnight|noon)\b`,
  'g',
)
const RELATIVE =
  /\b(?:soon|shortly|asap|momentarily|in (?:the next )?(?:\d+|an?|a few|half an) (?:min(?:ute)?s?|h(?:our)?s?))\b/gi
const PROMISE =
  /\b(?:next|another|further|more)\b[^.\n]{0,40}\b(?:update|post|news|message)\b|\bupdate\b[^.\n]{0,20}\b(?:by|at|before|until)\b|\btell you more\b|\bpost again\b/i

/** lintTimes judges the promised time and every time that the text tells: S02 to S08, S23. */
export function lintTimes(subject: Subject): readonly Found[] {
  return [
    ...promised(subject),
    ...otherTimes(subject),
    ...relativeTimes(subject),
    ...hitsOf(subject, BARE).map((hit) =>
      foundAt('S07', hit, `Readers can't tell which zone ${hit.text.trim()} is in.`, zoneFix(subject, hit)),
    ),
    ...hitsOf(subject, TWO_WAYS).map((hit) =>
      foundAt('S08', hit, `“${hit.text.trim()}” can be read two ways. Write the time in UTC.`),
    ),
    ...maintenanceWindow(subject),
  ]
}

function promised(subject: Subject): readonly Found[] {
  const { message, policy, nowMs } = subject
  const isPlanned = message.kind === 'maintenance'
  if (message.nextUpdateAt === null) {
    if (message.status === 'resolved' || isPlanned) return []
    return [found('S02', 'Say when the next update comes.')]
  }
  const nextMs = Date.parse(message.nextUpdateAt)
  if (!Number.isFinite(nextMs)) return [found('S02', 'The time of the next update can’t be read.')]
  const soonestMs = tellsOfIncident(subject) ? SOONEST_MS : 0
  if (nextMs <= nowMs) return [found('S03', `The next update, ${clockText(nextMs)}, is past.`)]
  if (nextMs - nowMs < soonestMs) return [found('S03', 'The next update is less than 2 minutes away.')]
  const cadence = tellsOfIncident(subject) ? policy.cadenceMinutes[message.severity][message.status] : null
  if (cadence === null || nextMs - nowMs <= (cadence + 1) * MINUTE_MS) return []
  return [
    found(
      'S04',
      `${message.severity} is told at least every ${cadence} min; this promises ${clockText(nextMs)}.`,
    ),
  ]
}

/** In a sentence that promises the next update every time must be the promised one. */
function otherTimes(subject: Subject): readonly Found[] {
  const { message, nowMs, sentences } = subject
  const fieldMs = message.nextUpdateAt === null ? undefined : Date.parse(message.nextUpdateAt)
  const fix = fieldMs === undefined || !Number.isFinite(fieldMs) ? null : clockText(fieldMs)
  return sentences
    .filter(({ text }) => PROMISE.test(text))
    .flatMap(({ text, from }) =>
      [...text.matchAll(ABSOLUTE)].flatMap((match) => {
        const told = instantOf(match[0], nowMs)
        const isSame =
          fieldMs !== undefined && Math.floor(told / MINUTE_MS) === Math.floor(fieldMs / MINUTE_MS)
        if (isSame || (fieldMs !== undefined && told < nowMs && !isPromised(text, match.index))) return []
        const why =
          fix === null
            ? `The text promises an update at ${match[0]}, and no next update is set.`
            : `The text promises ${match[0]}, the next update is set to ${fix}.`
        const at = from + match.index
        return [found('S05', why, { from: at, to: at + match[0].length, fix })]
      }),
    )
}

/** promiseIn gives the instant (ISO) at which a text itself promises its next update; null when it promises none. */
export function promiseIn(sentences: Subject['sentences'], nowMs: number): string | null {
  for (const { text } of sentences) {
    if (!PROMISE.test(text)) continue
    const promised = [...text.matchAll(ABSOLUTE)].find((match) => isPromised(text, match.index))
    if (promised) return new Date(instantOf(promised[0], nowMs)).toISOString()
  }
  return null
}

/** A time that has passed may tell of the past, as in `no change since 02:20 UTC`, unless it follows the promise itself. */
function isPromised(sentence: string, at: number): boolean {
  return /\b(?:by|at|before|until)\s*$/i.test(sentence.slice(0, at)) && PROMISE.test(sentence.slice(0, at))
}

function instantOf(text: string, nowMs: number): number {
  if (/^\d{4}-/.test(text)) return Date.parse(text)
  const [hours = 0, minutes = 0] = text.split(':').map((part) => Number.parseInt(part, 10))
  const dayMs = Math.floor(nowMs / DAY_MS) * DAY_MS
  const atMs = dayMs + (hours * 60 + minutes) * MINUTE_MS
  // The day that is nearest: an update just before midnight promises one just after it.
  return [atMs - DAY_MS, atMs, atMs + DAY_MS].reduce((best, it) =>
    Math.abs(it - nowMs) < Math.abs(best - nowMs) ? it : best,
  )
}

function relativeTimes(subject: Subject): readonly Found[] {
  const { message, nowMs } = subject
  return hitsOf(subject, RELATIVE).map((hit) => {
    const minutes = Number(/\d+/.exec(hit.text)?.[0])
    const atMs = /\bh/i.test(hit.text) ? nowMs + minutes * 60 * MINUTE_MS : nowMs + minutes * MINUTE_MS
    const isUpdate = message.nextUpdateAt !== null && !/\d/.test(hit.text)
    const fix = Number.isFinite(atMs) ? `at ${clockText(atMs)}` : isUpdate ? 'by {{next_update}}' : null
    return foundAt('S06', hit, `“${hit.text}” depends on when it is read. Give the time.`, fix)
  })
}

/** UTC is offered only where the time is one that we know to be in UTC. */
function zoneFix({ message, shown }: Subject, hit: Hit): string | null {
  const known = [
    shown.get('started_at'),
    shown.get('next_update'),
    shown.get('resolved_at'),
    shown.get('last_update_at'),
  ]
  const text = `${hit.text.trim().padStart(5, '0')} UTC`
  return message.body !== '' && known.includes(text) ? text : null
}

function maintenanceWindow(subject: Subject): readonly Found[] {
  if (subject.message.kind !== 'maintenance') return []
  const times = new Set([...subject.body.text.matchAll(ABSOLUTE)].map((match) => match[0]))
  // Both ends of `02:00–04:00 UTC` count, though the zone is written once.
  const pairs = new RegExp(String.raw`${CLOCK}\s?(?:–|-|to|and|until)\s?\d{1,2}:\d\d\s?(?:UTC|GMT|Z)\b`).test(
    subject.body.text,
  )
  if (times.size >= 2 || pairs) return []
  return [found('S23', 'Say when the work begins and when it ends, with the zone.')]
}
