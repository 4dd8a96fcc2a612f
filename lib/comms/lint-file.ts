import { parse } from 'yaml'
import { z } from 'zod'
import { FACT_DEFS, factOf } from './catalogue'
import type { LintInput } from './lint-subject'
import { promiseIn } from './lint-times'
import {
  AUDIENCES,
  type Audience,
  CHANNEL_FORMS,
  type ChannelForm,
  COMPONENT_STATES,
  type Facts,
  KINDS,
  SEVERITIES,
  STATUSES,
} from './model'
import { DEFAULT_CADENCE } from './render'
import { sentencesOf } from './sentences'

const instant = z.iso.datetime({ offset: true })
const texts = z.array(z.string().min(1).max(200)).max(100_000).default([])
const value = z.union([z.string(), z.number(), z.null()])

/** headSchema is what may stand above a text in a file, between two lines of `---`. */
const headSchema = z.strictObject({
  audience: z.enum(AUDIENCES).optional(),
  kind: z.enum(KINDS).default('update'),
  status: z.enum(STATUSES).default('investigating'),
  severity: z.enum(SEVERITIES).default('P3'),
  title: z.string().optional(),
  /** next is when the next update is promised; without it the promise in the text counts. */
  next: instant.optional(),
  components: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        from: z.enum([...COMPONENT_STATES, 'unknown']).default('operational'),
        to: z.enum(COMPONENT_STATES),
      }),
    )
    .default([]),
  facts: z.record(z.string(), z.union([value, z.strictObject({ value, asOf: instant })])).optional(),
  commander: z.string().nullable().default(null),
  workaround: z.string().nullable().default(null),
  isDrill: z.boolean().default(false),
  isSecurity: z.boolean().default(false),
  wasIdentified: z.boolean().optional(),
  firingAlerts: z.number().int().nullable().default(null),
  hostsOut: z.number().int().nullable().default(null),
  channels: z.array(z.enum(CHANNEL_FORMS)).optional(),
  allowedLinkHosts: texts,
  internalLinkHosts: texts,
  last: z
    .strictObject({ status: z.enum(STATUSES), body: z.string(), publishedAt: instant })
    .nullable()
    .default(null),
})

/** inventorySchema is a file of names of one's own world. */
const inventorySchema = z.strictObject({
  hosts: texts,
  instances: texts,
  people: texts,
  customers: texts,
  keys: texts,
  providers: texts,
  codeNames: texts,
})

/** FileText is a file cut into what the linter takes and the line (from 1) at which its text begins. */
export type FileText = { readonly input: LintInput; readonly firstLine: number }

/** ReadText is a file that can be judged, or why it can't. */
export type ReadText =
  | ({ readonly ok: true } & FileText)
  | { readonly ok: false; readonly reasons: readonly string[] }

/** readText makes a file’s text into a message: an optional head between `---`, an optional title (`# …`), the text. */
export function readText(given: {
  readonly text: string
  readonly audience: Audience | undefined
  readonly inventory: string | undefined
  readonly now: Date
}): ReadText {
  const { head, rest, line } = cut(given.text)
  const parsed = headSchema.safeParse(yamlOf(head))
  const inventory = inventorySchema.safeParse(yamlOf(given.inventory ?? ''))
  if (!parsed.success) return { ok: false, reasons: reasonsOf('head', parsed.error) }
  if (!inventory.success) return { ok: false, reasons: reasonsOf('inventory', inventory.error) }
  const titled = /^\s*# (.+)\n+/.exec(rest)
  const body = (titled ? rest.slice(titled[0].length) : rest).replace(/^\n+/, '')
  const before = rest.slice(0, rest.length - body.length)
  const title = parsed.data.title ?? titled?.[1]?.trim() ?? 'Update'
  const { now, audience } = given
  const input = inputOf({
    head: parsed.data,
    audience: audience ?? parsed.data.audience ?? 'public',
    title,
    body: body.trimEnd(),
    now,
  })
  return {
    ok: true,
    input: { ...input, inventory: inventory.data },
    firstLine: line + (before.match(/\n/g)?.length ?? 0),
  }
}

function cut(text: string): { readonly head: string; readonly rest: string; readonly line: number } {
  const plain = text.replaceAll('\r\n', '\n')
  const match = /^---\n([\s\S]*?)\n---\n/.exec(plain)
  if (!match) return { head: '', rest: plain, line: 1 }
  return { head: match[1] ?? '', rest: plain.slice(match[0].length), line: match[0].split('\n').length }
}

function yamlOf(yaml: string): unknown {
  try {
    return parse(yaml) ?? {}
  } catch (error) {
    return error instanceof Error ? error.message : 'cannot be read'
  }
}

function reasonsOf(what: string, error: z.ZodError): readonly string[] {
  return error.issues.map(({ path, message }) => `${[what, ...path].map(String).join('.')}: ${message}`)
}

type Head = z.infer<typeof headSchema>

function inputOf(given: {
  readonly head: Head
  readonly audience: Audience
  readonly title: string
  readonly body: string
  readonly now: Date
}): Omit<LintInput, 'inventory'> {
  const { head, audience, title, body, now } = given
  const { kind, severity, status, components } = head
  const nextUpdateAt = head.next ?? promiseIn(sentencesOf(body), now.getTime())
  return {
    message: {
      audience,
      kind,
      severity,
      status,
      title,
      body,
      nextUpdateAt,
      components: components.map((it) => ({ ...it, componentId: it.name })),
    },
    facts: factsOf(head.facts ?? {}, now),
    incident: {
      name: 'this incident',
      title,
      severity,
      status,
      isDrill: head.isDrill,
      visibility: 'public',
      isSecurity: head.isSecurity,
      commander: head.commander ?? commanderIn(body),
      startedAt: now.toISOString(),
      resolvedAt: status === 'resolved' ? now.toISOString() : null,
      wasIdentified: head.wasIdentified ?? status !== 'investigating',
      workaround: head.workaround,
      firingAlerts: head.firingAlerts,
      hostsOut: head.hostsOut,
      postmortem: null,
    },
    last: lastOf(head),
    policy: {
      channels: head.channels ?? FORMS[audience],
      cadenceMinutes: DEFAULT_CADENCE,
      allowedLinkHosts: head.allowedLinkHosts,
      internalLinkHosts: head.internalLinkHosts,
      securityApproved: false,
      numbersNeedFacts: head.facts !== undefined,
    },
    now,
  }
}

const FORMS: Readonly<Record<Audience, readonly ChannelForm[]>> = {
  public: ['page', 'statuspage', 'mail'],
  internal: ['slack-bot'],
  executive: ['mail'],
}

function lastOf({ last, severity }: Head): LintInput['last'] {
  return last && { ...last, severity, title: '', nextUpdateAt: null, components: [] }
}

function commanderIn(body: string): string | null {
  return (
    /\b(?:incident )?commander:?\s+(?!no one|nobody)([^\s.,][^.,\n]{0,60})/i.exec(body)?.[1]?.trim() ?? null
  )
}

function factsOf(facts: NonNullable<Head['facts']>, now: Date): Facts {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([id, it]) => {
      const read = it !== null && typeof it === 'object' ? it : { value: it, asOf: now.toISOString() }
      const fact = FACT_DEFS.has(id) ? factOf({ id, ...read, source: 'file' }) : undefined
      return fact ? [[id, fact]] : []
    }),
  )
}
