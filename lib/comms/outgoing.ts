import { shownFacts } from './chips'
import type { Audience, ComponentImpact, Facts, Kind, Message, Severity, Status } from './model'
import { type FrozenText, freeze } from './render'

/** Outgoing is a frozen message with what the channels show around it; instants are ISO. */
export type Outgoing = FrozenText & {
  readonly audience: Audience
  readonly kind: Kind
  readonly severity: Severity
  readonly status: Status
  readonly nextUpdateAt: string | null
  readonly components: readonly ComponentImpact[]
  /** name is the incident's or deployment's name among ourselves; it stands in no public form. */
  readonly name: string
  readonly href: string | null
  readonly startedAt: string
  readonly commander: string | null
  /** seq counts the messages of an incident from 1. */
  readonly seq: number
  readonly factsAsOf: string | null
  readonly isDrill: boolean
}

/** outgoingOf freezes a message for the channels. `factsAsOf` becomes the oldest reading that the text shows. */
export function outgoingOf(input: {
  readonly message: Message
  readonly facts: Facts
  readonly incident: Pick<Outgoing, 'name' | 'href' | 'startedAt' | 'commander' | 'isDrill'>
  readonly seq: number
}): Outgoing {
  const { message, facts, incident, seq } = input
  const { audience, kind, severity, status, nextUpdateAt, components } = message
  return {
    ...freeze({ message, facts }),
    audience,
    kind,
    severity,
    status,
    nextUpdateAt: Number.isFinite(Date.parse(nextUpdateAt ?? '')) ? nextUpdateAt : null,
    components,
    ...incident,
    seq,
    factsAsOf: oldestRead(message, facts),
  }
}

function oldestRead(message: Message, facts: Facts): string | null {
  const shown = shownFacts(message, facts)
  const read = [...`${message.title} ${message.body}`.matchAll(/\{\{\s*(\w+)\s*\}\}/g)]
    .map((match) => match[1] ?? '')
    .flatMap((id) => (shown.has(id) && facts[id] ? [facts[id].asOf] : []))
  return read.sort()[0] ?? null
}
