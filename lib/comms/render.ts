import { FACT_DEFS } from './catalogue'
import { chipsIn, expand, shownFacts } from './chips'
import type {
  Audience,
  ComponentImpact,
  Facts,
  IncidentState,
  Kind,
  LintPolicy,
  Message,
  Status,
} from './model'
import type { Occasion, Template } from './policy'

/** FrozenText is a message's text with its chips replaced by their values: exactly what is sent. */
export type FrozenText = { readonly title: string; readonly body: string }

/** DraftInput is all that a draft is made of. */
export type DraftInput = {
  readonly audience: Audience
  readonly kind: Kind
  readonly facts: Facts
  readonly incident: Pick<IncidentState, 'severity' | 'status'>
  readonly templates: readonly Template[]
  readonly components: readonly ComponentImpact[]
  readonly now: Date
  /** occasion is `change` for an update and `announce` for planned work when it is left out. */
  readonly occasion?: Occasion
  readonly cadenceMinutes?: LintPolicy['cadenceMinutes']
}

/** Draft is a message as its template writes it, with chips; `hidden` names what the public text leaves out. */
export type Draft = {
  readonly message: Message
  readonly hidden: readonly string[]
  readonly templateId: string
}

const ON_CHANGE_MINUTES = 240
const EACH = { investigating: 30, identified: 30, monitoring: 60, resolved: null }

/** DEFAULT_CADENCE is the longest time to the next update (minutes) as the incidents' policy ships it. */
export const DEFAULT_CADENCE: LintPolicy['cadenceMinutes'] = {
  P1: { investigating: 15, identified: 20, monitoring: 30, resolved: null },
  P2: EACH,
  P3: { investigating: 60, identified: 120, monitoring: 120, resolved: null },
  P4: { investigating: 240, identified: 240, monitoring: 240, resolved: null },
}

/** draftOf writes the draft for an audience; undefined when no template is written for this kind, status and occasion. */
export function draftOf(input: DraftInput): Draft | undefined {
  const { audience, facts, incident, components } = input
  const template = templateFor(input)
  if (!template) return undefined
  const bare = {
    audience,
    kind: input.kind,
    severity: incident.severity,
    status: template.status,
    nextUpdateAt: nextUpdateOf(template, input),
    components,
  }
  const shown = shownFacts(bare, facts)
  const message = { ...bare, title: wayOf(template.title, shown), body: bodyOf(template, shown, facts) }
  return { message, hidden: audience === 'public' ? hiddenOf(facts) : [], templateId: template.id }
}

/** freeze puts the values into a message's texts; a chip without a value stays and is caught by the linter. */
export function freeze({ message, facts }: { readonly message: Message; readonly facts: Facts }): FrozenText {
  const shown = shownFacts(message, facts)
  return { title: expand(message.title, shown).text, body: expand(message.body, shown).text }
}

/** templateFor chooses the template: that of the occasion, else the one for a change. */
function templateFor({
  audience,
  kind,
  incident,
  templates,
  occasion = kind === 'update' ? 'change' : kind === 'rollback' ? 'start' : 'announce',
}: DraftInput): Template | undefined {
  const fitting = templates.filter(
    (it) =>
      it.audience === audience &&
      it.kind === kind &&
      it.severities.includes(incident.severity) &&
      (kind !== 'update' || it.status === incident.status),
  )
  const fallback = kind === 'update' ? fitting.find((it) => it.occasion === 'change') : undefined
  return fitting.find((it) => it.occasion === occasion) ?? fallback
}

function nextUpdateOf(
  { nextMinutes, status }: Template,
  { incident, cadenceMinutes = DEFAULT_CADENCE, now }: DraftInput,
): string | null {
  const minutes =
    nextMinutes === undefined ? cadenceOf(cadenceMinutes[incident.severity], status) : nextMinutes
  if (minutes === null) return null
  // Texts tell whole minutes, so the promise is one.
  return new Date(Math.floor(now.getTime() / 60_000 + minutes) * 60_000).toISOString()
}

// Where updates follow a change only, an open incident still promises when to look again.
function cadenceOf(cadence: Readonly<Record<Status, number | null>>, status: Status): number | null {
  return status === 'resolved' ? null : (cadence[status] ?? ON_CHANGE_MINUTES)
}

function bodyOf(template: Template, shown: ReadonlyMap<string, string>, facts: Facts): string {
  let body = ''
  for (const { say, optional, above, paragraph } of template.parts) {
    const isLow = Object.entries(above).some(([id, limit]) => {
      const value = facts[id]?.value
      return typeof value !== 'number' || value <= limit
    })
    const way = wayOf(say, shown)
    if (isLow || (optional && !isFilled(way, shown))) continue
    const between = body === '' ? '' : paragraph ? '\n\n' : ' '
    body += `${between}${way}`
  }
  return body
}

function wayOf(ways: readonly string[], shown: ReadonlyMap<string, string>): string {
  return ways.find((way) => isFilled(way, shown)) ?? ways.at(-1) ?? ''
}

function isFilled(way: string, shown: ReadonlyMap<string, string>): boolean {
  return chipsIn(way).every(({ id }) => shown.has(id))
}

function hiddenOf(facts: Facts): readonly string[] {
  return [...FACT_DEFS.values()]
    .filter(({ id, isPublic, from }) => {
      const fact = facts[id]
      return from === 'facts' && fact && fact.value !== null && !(isPublic && fact.isPublic)
    })
    .map(({ label }) => label)
}
