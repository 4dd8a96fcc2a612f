import { FACT_DEFS } from '../comms/catalogue'
import { lint } from '../comms/lint'
import type {
  Audience,
  ComponentImpact,
  ComponentState,
  Finding,
  LintPolicy,
  Message,
  Severity,
  Status,
} from '../comms/model'
import type { Occasion } from '../comms/policy'
import { type Draft, draftOf, freeze } from '../comms/render'
import { chipsOf, driftOf, type FactProblem, factProblems, type Told } from './fact-check'
import type { Situation } from './situation'

/** ComponentChoice is what a message says about one component. */
export type ComponentChoice = { readonly componentId: string; readonly to: ComponentState }

/** Choices are what a person picks for all audiences at once; what is left out follows from the incident. */
export type Choices = {
  readonly status?: Status | undefined
  readonly occasion?: Occasion | undefined
  /** nextUpdateAt is an ISO instant. */
  readonly nextUpdateAt?: string | null | undefined
  readonly components?: readonly ComponentChoice[] | undefined
}

const MINUTE_MS = 60_000
/** Where the cadence is "on change" something is promised all the same: readers must know when to look again. */
const ON_CHANGE_MINUTES = 120
const SHORTEST_MINUTES = 5

const STATE_OF: Readonly<Record<Severity, ComponentState>> = {
  P1: 'major_outage',
  P2: 'partial_outage',
  P3: 'degraded_performance',
  P4: 'degraded_performance',
}

/** nextMinutesOf gives in how many minutes the next update is promised when nobody chooses; null once it is resolved. */
export function nextMinutesOf(situation: Situation, status: Status): number | null {
  if (status === 'resolved') return null
  const minutes = situation.cadence[situation.incident.severity][status] ?? ON_CHANGE_MINUTES
  return Math.max(SHORTEST_MINUTES, Math.floor(minutes / situation.speed))
}

/** nextUpdateOf gives the instant that is promised: as chosen, else by the cadence in whole minutes; null once it is resolved. */
export function nextUpdateOf(situation: Situation, choices: Choices, now: Date): string | null {
  if (choices.nextUpdateAt !== undefined) return choices.nextUpdateAt
  const status = choices.status ?? situation.incident.status
  const minutes = nextMinutesOf(situation, status)
  if (minutes === null) return null
  return new Date(Math.floor(now.getTime() / MINUTE_MS + minutes) * MINUTE_MS).toISOString()
}

/**
 * componentsOf gives what a message says of components: as chosen; else as told before; else those that the incident's
 * own words name, in the state of its severity, and none when they name none. Resolved: all that were told work again.
 */
export function componentsOf(
  situation: Situation,
  choices: Choices,
  audience?: Audience,
): readonly ComponentImpact[] {
  const { components, before, incident } = situation
  const status = choices.status ?? incident.status
  const known = new Map(components.map((one) => [one.id, one]))
  const earlier = before.public ?? (audience === undefined ? undefined : before[audience])
  const chosen =
    choices.components ??
    earlier?.components.map(({ componentId, to }) => ({ componentId, to })) ??
    named(situation).map((componentId) => ({ componentId, to: STATE_OF[incident.severity] }))
  return chosen.flatMap(({ componentId, to }) => {
    const component = known.get(componentId)
    if (component === undefined) return []
    const isOver = status === 'resolved' && choices.components === undefined
    return [
      { componentId, name: component.name, from: component.state, to: isOver ? 'operational' : to } as const,
    ]
  })
}

function named({ components, incident, facts }: Situation): readonly string[] {
  const words = new Set(
    `${incident.title} ${facts.impact?.value ?? ''}`.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [],
  )
  const fitting = components.filter(({ name }) =>
    (name.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []).some((word) => words.has(word)),
  )
  return fitting.map(({ id }) => id)
}

/** draftFor writes the draft of one audience from the situation and the choices; undefined where no template is written. */
export function draftFor(
  situation: Situation,
  audience: Audience,
  choices: Choices,
  now: Date,
): Draft | undefined {
  const status = choices.status ?? situation.incident.status
  const before = situation.before[audience]
  const draft = draftOf({
    audience,
    kind: 'update',
    facts: factsFor(situation, audience),
    incident: { severity: situation.incident.severity, status },
    templates: situation.templates,
    components: componentsOf(situation, choices, audience),
    now,
    occasion: choices.occasion ?? (before === undefined ? 'first' : 'change'),
  })
  if (draft === undefined) return undefined
  return { ...draft, message: { ...draft.message, nextUpdateAt: nextUpdateOf(situation, choices, now) } }
}

/** factsFor gives the facts of one audience: when it was last told differs. */
export function factsFor(situation: Situation, audience: Audience): Situation['facts'] {
  const before = situation.before[audience]
  const def = FACT_DEFS.get('last_update_at')
  if (before === undefined || def === undefined) return situation.facts
  return {
    ...situation.facts,
    last_update_at: {
      id: def.id,
      value: before.publishedAt,
      unit: def.unit,
      asOf: new Date(situation.nowMs).toISOString(),
      source: 'incident',
      ttlMs: def.ttlMs,
      isPublic: def.isPublic,
    },
  }
}

/** Judgement is what stands against a message: the linter's findings, facts that moved, and what it reads like frozen. */
export type Judgement = {
  readonly findings: readonly Finding[]
  readonly facts: readonly FactProblem[]
  readonly title: string
  readonly body: string
}

/** judge applies linter and fact check to a message; the browser and the server ask the same function. */
export function judge(
  situation: Situation,
  message: Message,
  options: {
    readonly told: Readonly<Record<string, Told>>
    readonly channels: LintPolicy['channels']
    readonly now: Date
    /** isAgreement says that a second person is asked, who reads the text some minutes after its author. */
    readonly isAgreement?: boolean
  },
): Judgement {
  const { now, told, channels } = options
  const facts = factsFor(situation, message.audience)
  const chips = readChips(message)
  const policy: LintPolicy = {
    channels,
    cadenceMinutes: situation.cadence,
    ...situation.links,
    securityApproved: false,
    numbersNeedFacts: true,
  }
  return {
    ...freeze({ message, facts }),
    findings: lint({
      message,
      facts,
      incident: { ...situation.incident, status: message.status },
      last: situation.before[message.audience] ?? null,
      inventory: situation.inventory,
      policy,
      now,
    }),
    facts: factProblems({
      chips,
      told,
      known: facts,
      isPublicText: message.audience === 'public',
      drift: driftOf(situation.policy, options.isAgreement ?? false),
      nowMs: now.getTime(),
    }),
  }
}

/** readChips gives the facts that a message names and that are read somewhere; what follows from the message itself is left out. */
export function readChips(message: Pick<Message, 'title' | 'body'>): readonly string[] {
  return chipsOf(`${message.title}\n${message.body}`).filter((id) => FACT_DEFS.get(id)?.from !== 'message')
}

/** toldOf keeps the values of the facts that a message names, as they are shown now. */
export function toldOf(
  situation: Situation,
  message: Pick<Message, 'title' | 'body' | 'audience'>,
): Readonly<Record<string, Told>> {
  const facts = factsFor(situation, message.audience)
  return Object.fromEntries(
    readChips(message).flatMap((id): [string, Told][] => {
      const fact = facts[id]
      return fact ? [[id, { value: fact.value, asOf: fact.asOf }]] : []
    }),
  )
}
