import { FACT_DEFS, factOf } from './catalogue'
import { chipsIn } from './chips'
import { lint } from './lint'
import {
  type Audience,
  CHANNEL_FORMS,
  type ChannelForm,
  type ComponentImpact,
  type Facts,
  type IncidentState,
  type LintPolicy,
  type Severity,
  type Status,
} from './model'
import type { MessagesFile, Template } from './policy'
import { DEFAULT_CADENCE, draftOf, freeze } from './render'

type Fault = {
  readonly file: string
  readonly path: readonly (string | number)[]
  readonly reason: string
}
type Sourced = { readonly file: string; readonly value: MessagesFile }

/** checkMessages finds what a template would do wrong: unknown or internal facts, open places, and what the linter says of it with sample facts. */
export function checkMessages(files: readonly Sourced[]): readonly Fault[] {
  const seen = new Map<string, string>()
  return files.flatMap(({ file, value }) =>
    value.templates.flatMap((template, at) => {
      const path = ['templates', at]
      const faults = [...factFaults(template), ...twiceFaults(template, file, seen)]
      const judgedOnce = faults.length > 0 ? [] : lintFaults(template)
      return [...faults, ...judgedOnce].map((fault) => ({
        file,
        path: [...path, ...fault.path],
        reason: fault.reason,
      }))
    }),
  )
}

type Part = Pick<Fault, 'path' | 'reason'>

function factFaults({ id, audience, title, parts }: Template): readonly Part[] {
  const texts: readonly { readonly path: readonly (string | number)[]; readonly text: string }[] = [
    ...title.map((text) => ({ path: ['title'], text })),
    ...parts.flatMap(({ say }, at) => say.map((text) => ({ path: ['parts', at, 'say'], text }))),
  ]
  const named = [
    ...texts.flatMap(({ path, text }) => chipsIn(text).map((chip) => ({ path, fact: chip.id }))),
    ...parts.flatMap(({ above }, at) =>
      Object.keys(above).map((fact) => ({ path: ['parts', at, 'above'], fact })),
    ),
  ]
  return [
    ...named.flatMap(({ path, fact }) => factFault(id, audience, fact).map((reason) => ({ path, reason }))),
    ...texts
      .filter(({ text }) => /\{\{|\}\}/.test(text.replace(/\{\{\s*[A-Za-z][A-Za-z0-9_]*\s*\}\}/g, '')))
      .map(({ path }) => ({ path, reason: `${id} has braces that are no fact` })),
  ]
}

function factFault(id: string, audience: Audience, fact: string): readonly string[] {
  const def = FACT_DEFS.get(fact)
  if (!def) return [`${id} names {{${fact}}}, which is not in the catalogue of facts`]
  if (audience === 'public' && !def.isPublic)
    return [`${id} is for customers and names {{${fact}}}, which is not for them`]
  return []
}

/** Two templates for the same moment would leave it to chance which one counts. */
function twiceFaults(template: Template, file: string, seen: Map<string, string>): readonly Part[] {
  const { id, audience, kind, status, occasion, severities } = template
  const keys = [`id ${id}`, ...severities.map((it) => `${audience} ${kind} ${status} ${occasion} ${it}`)]
  return keys.flatMap((key, at) => {
    const before = seen.get(key)
    seen.set(key, file)
    if (before === undefined) return []
    const what = at === 0 ? id : `a template for ${key}`
    return [{ path: [at === 0 ? 'id' : 'occasion'], reason: `${what} stands already in ${before}` }]
  })
}

const NOW = new Date('2026-11-18T02:30:00.000Z')
const IMPACTS: readonly ComponentImpact[] = [
  { componentId: 'training', name: 'Training', from: 'operational', to: 'partial_outage' },
  { componentId: 'inference', name: 'Inference', from: 'operational', to: 'operational' },
]
const OVER: readonly ComponentImpact[] = [
  { componentId: 'training', name: 'Training', from: 'partial_outage', to: 'operational' },
]
const FORMS: Readonly<Record<Audience, readonly ChannelForm[]>> = {
  internal: CHANNEL_FORMS.filter((it) => it !== 'statuspage' && it !== 'page' && it !== 'mail'),
  public: CHANNEL_FORMS,
  executive: ['mail', 'slack-bot'],
}

/** A template that stays as it was is tried once: whoever edits a tree does not wait for the messages. */
const tried = new WeakMap<Template, readonly Part[]>()

/** A template is tried with every fact and with no more than it must have; it must pass without a block or a warning. */
function lintFaults(template: Template): readonly Part[] {
  const known = tried.get(template)
  if (known) return known
  const [severity] = template.severities
  if (!severity) return []
  const texts = new Set<string>()
  const reasons = [SAMPLES, SCANT].flatMap((facts) =>
    [template.status === 'resolved' ? OVER : IMPACTS, []].flatMap((components) =>
      judged(template, { severity, facts, components }, texts),
    ),
  )
  const parts = [...new Set(reasons)].map((reason) => ({
    path: ['id'],
    reason: `${template.id}: ${reason}`,
  }))
  tried.set(template, parts)
  return parts
}

type Trial = {
  readonly severity: Severity
  readonly facts: Facts
  readonly components: readonly ComponentImpact[]
}

function judged(
  template: Template,
  { severity, facts, components }: Trial,
  texts: Set<string>,
): readonly string[] {
  const incident = incidentFor(severity, template.status)
  const draft = draftOf({
    audience: template.audience,
    kind: template.kind,
    facts,
    incident,
    templates: [template],
    components,
    now: NOW,
    occasion: template.occasion,
  })
  if (!draft) return ['no draft comes of it']
  const isTold = template.kind === 'update' && components.length > 0
  const frozen = JSON.stringify([freeze({ message: draft.message, facts }), isTold])
  if (texts.has(frozen)) return []
  texts.add(frozen)
  const findings = lint({
    message: draft.message,
    facts,
    incident,
    last: null,
    inventory: NOTHING,
    policy: policyFor(template.audience),
    now: NOW,
  })
  return findings.filter(({ level }) => level !== 'hint').map(({ rule, why }) => `${rule} ${why}`)
}

/** NEEDED are the facts that every incident has; a template that asks for more does it in an optional part or another way. */
const NEEDED: ReadonlySet<string> = new Set([
  'incident_name',
  'incident_title',
  'started_at',
  'resolved_at',
  'duration',
  'commander',
  'data_loss',
])

function sampleFacts(isScant: boolean): Facts {
  const asOf = NOW.toISOString()
  return Object.fromEntries(
    [...FACT_DEFS.values()].flatMap(({ id, sample }) => {
      const isPlanned = /^(?:deployment|rollback|maintenance)_/.test(id)
      const value = isScant && !NEEDED.has(id) && !isPlanned ? null : sample
      const fact = factOf({ id, value, asOf, source: 'sample' })
      return fact ? [[id, fact]] : []
    }),
  )
}

const SAMPLES = sampleFacts(false)
const SCANT = sampleFacts(true)
const NOTHING = {
  hosts: [],
  instances: [],
  people: [],
  customers: [],
  keys: [],
  providers: [],
  codeNames: [],
}

function incidentFor(severity: Severity, status: Status): IncidentState {
  return {
    name: 'INC-0142',
    title: 'Training jobs stop in the EU pool',
    severity,
    status,
    isDrill: false,
    visibility: 'public',
    isSecurity: false,
    commander: 'Dana Lee',
    startedAt: '2026-11-18T02:06:00.000Z',
    resolvedAt: status === 'resolved' ? '2026-11-18T03:18:00.000Z' : null,
    wasIdentified: status !== 'investigating',
    workaround: null,
    firingAlerts: 0,
    hostsOut: 0,
    postmortem: null,
  }
}

function policyFor(audience: Audience): LintPolicy {
  return {
    channels: FORMS[audience],
    cadenceMinutes: DEFAULT_CADENCE,
    allowedLinkHosts: [],
    internalLinkHosts: [],
    securityApproved: false,
    numbersNeedFacts: true,
  }
}
