/** Audience is who an update from Slack is for. */
export type Audience = 'internal' | 'public' | 'executive'

/** Asked is what somebody typed after `/inc`, understood; `incident` is undefined where none was named. */
export type Asked =
  | { readonly kind: 'declare'; readonly severity: 'P1' | 'P2' | 'P3' | 'P4'; readonly title: string }
  | {
      readonly kind: 'update'
      readonly incident: string | undefined
      readonly audience: Audience
      /** text is empty when the drafted text is to be sent as it is. */
      readonly text: string
    }
  | { readonly kind: 'status'; readonly incident: string | undefined }
  | { readonly kind: 'note'; readonly incident: string | undefined; readonly text: string }
  | { readonly kind: 'ack'; readonly incident: string | undefined }
  | { readonly kind: 'help'; readonly why: string | undefined }

const SEVERITY = /^(?:P|SEV)([1-4])$/i
const INCIDENT = /^(?:INC|DRILL)-\d{1,9}$/i
const AUDIENCES: readonly string[] = ['internal', 'public', 'executive']

/** askedOf understands the text of a slash command; what can't be understood is help, with the reason. */
export function askedOf(text: string): Asked {
  const [verb = '', ...words] = text.trim().split(/\s+/)
  switch (verb.toLowerCase()) {
    case 'declare':
      return declareOf(words)
    case 'update':
      return updateOf(words)
    case 'status':
      return { kind: 'status', incident: incidentIn(words).incident }
    case 'note': {
      const { incident, rest } = incidentIn(words)
      if (rest.length === 0) return help('Write the note after the word note.')
      return { kind: 'note', incident, text: unescaped(rest.join(' ')) }
    }
    case 'ack':
      return { kind: 'ack', incident: incidentIn(words).incident }
    case '':
    case 'help':
      return help(undefined)
    default:
      return help(`There is no command ${verb.slice(0, 30)}.`)
  }
}

function declareOf([first = '', ...rest]: readonly string[]): Asked {
  const severity = SEVERITY.exec(first)?.[1]
  if (severity === undefined) return help('Say how bad it is first: P1, P2, P3 or P4.')
  if (rest.length === 0) return help('Say what is wrong and where after the severity.')
  return {
    kind: 'declare',
    severity: `P${severity}` as 'P1' | 'P2' | 'P3' | 'P4',
    title: unescaped(rest.join(' ')),
  }
}

function updateOf(words: readonly string[]): Asked {
  const { incident, rest } = incidentIn(words)
  const [first = '', ...others] = rest
  const isAudience = AUDIENCES.includes(first.toLowerCase())
  return {
    kind: 'update',
    incident,
    audience: isAudience ? (first.toLowerCase() as Audience) : 'internal',
    text: unescaped((isAudience ? others : rest).join(' ')),
  }
}

function incidentIn(words: readonly string[]): {
  readonly incident: string | undefined
  readonly rest: readonly string[]
} {
  const [first = '', ...rest] = words
  return INCIDENT.test(first) ? { incident: first.toUpperCase(), rest } : { incident: undefined, rest: words }
}

function help(why: string | undefined): Asked {
  return { kind: 'help', why }
}

/** Form is what somebody who typed no more than a verb wants to fill in. */
export type Form =
  | { readonly of: 'declare' }
  | { readonly of: 'update'; readonly incident: string | undefined }

/** formOf tells which form is meant by a command that says nothing yet; undefined when it says something. */
export function formOf(text: string): Form | undefined {
  const [verb = '', ...words] = text.trim().split(/\s+/)
  if (verb.toLowerCase() === 'declare' && words.length === 0) return { of: 'declare' }
  const { incident, rest } = incidentIn(words)
  return verb.toLowerCase() === 'update' && rest.length === 0 ? { of: 'update', incident } : undefined
}

/** unescaped takes back what Slack does to three characters of what people type. */
export function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

/** HELP is what `/inc help` says. */
export const HELP = [
  '`/inc declare P2 what is wrong and where`',
  '`/inc update [INC-0042] [internal|public|executive] the text` (without a text: the draft from the facts)',
  '`/inc status [INC-0042]`',
  '`/inc note [INC-0042] what happened`',
  '`/inc ack [INC-0042]`',
  'Where the Slack app has a bot, `/inc declare` and `/inc update [INC-0042]` alone open a form.',
  'Without a number the one open incident is meant.',
].join('\n')
