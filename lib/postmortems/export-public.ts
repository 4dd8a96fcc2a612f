import { lint } from '../comms/lint'
import type { Inventory, Message } from '../comms/model'
import { DEFAULT_CADENCE } from '../comms/render'
import { sentencesOf } from '../comms/sentences'
import { turnsOf } from './corrected'
import { dateOf, minuteOf } from './instants'
import { durationWords, type PostmortemDocument } from './model'

/** LeftOut is a sentence that no customer may read, with the finding that says why. */
export type LeftOut = { readonly text: string; readonly rule: string; readonly why: string }

/** PublicVersion is what customers may read of a postmortem, and every sentence that was left out of it. */
export type PublicVersion = {
  readonly title: string
  readonly body: string
  readonly leftOut: readonly LeftOut[]
}

const SECTIONS = [
  ['summary', 'What happened'],
  ['impact', 'What you may have seen'],
  ['causes', 'Why it happened'],
  ['resolution', 'How it ended'],
] as const
const MAX_SENTENCES = 200

/** publicOf keeps of the written texts what the linter of public texts lets pass, sentence by sentence; the whole is judged again. */
export function publicOf(
  document: PostmortemDocument,
  around: {
    readonly inventory: Inventory
    readonly internalLinkHosts: readonly string[]
    readonly now: Date
  },
): PublicVersion {
  const title = titleOf(document)
  const judge = judgeOf(document, title, around)
  const said = document.sections.map(({ body }) => body).join(' ')
  const base = [
    times(document),
    affected(document),
    judge(`${times(document)} ${said}`).some(isDataUnsaid) ? DATA_UNSAID : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n')
  const refused = judge(`${base} ${DATA_UNSAID}`)[0]
  if (refused !== undefined) return { title, body: '', leftOut: [{ text: 'Everything', ...refused }] }
  const leftOut: LeftOut[] = []
  const parts = SECTIONS.map(([key, heading]) => {
    const body = document.sections.find((one) => one.key === key)?.body ?? ''
    const kept = plainSentences(body).filter((sentence) => {
      const finding = judge(`${times(document)} ${DATA_UNSAID} ${sentence}`)[0]
      if (finding !== undefined) leftOut.push({ text: sentence, ...finding })
      return finding === undefined
    })
    return kept.length === 0 ? '' : `${heading}\n\n${kept.join(' ')}`
  }).filter((part) => part !== '')
  const body = [base, ...parts].join('\n\n')
  // Sentences that pass alone may not pass together: then only what is counted is told.
  const together = judge(body)[0]
  if (together === undefined) return { title, body, leftOut }
  const only = `${times(document)}\n\n${DATA_UNSAID}`
  return { title, body: only, leftOut: [...leftOut, { text: 'The written texts together', ...together }] }
}

const DATA_UNSAID = 'We are still checking whether any data was lost.'

function isDataUnsaid({ rule, why }: { readonly rule: string; readonly why: string }): boolean {
  return rule === 'S22' && why.includes('data')
}

function titleOf({ record }: PostmortemDocument): string {
  const told = record.messages.filter((message) => message.audience === 'public')[0]?.title
  return `${told ?? 'Report on an incident'}, ${dateOf(record.meta.startedAtMs)}`
}

function times({ record, corrections }: PostmortemDocument): string {
  const turns = turnsOf(record, corrections)
  const startMs = turns.find((turn) => turn.key === 'impact')?.atMs ?? record.meta.startedAtMs
  const endMs = turns.find((turn) => turn.key === 'resolved')?.atMs ?? record.meta.endedAtMs
  const began = `It began on ${dateOf(startMs)} at ${minuteOf(startMs).replace('Z', ' UTC')}`
  if (endMs === null) return `${began}.`
  return `${began} and was over at ${minuteOf(endMs).replace('Z', ' UTC')}, after ${durationWords(Math.max(0, endMs - startMs))}.`
}

function affected({ record }: PostmortemDocument): string {
  const names = record.meta.components.map(({ name }) => name)
  return names.length === 0 ? '' : `Affected: ${names.join(', ')}.`
}

function plainSentences(body: string): readonly string[] {
  const lines = body
    .split('\n')
    .map((text) =>
      text
        .replace(/^\s*(?:[-*+>#]+|\d+\.)\s*/, '')
        .replace(/[*_`]/g, '')
        .trim(),
    )
    .filter((text) => text !== '')
  return lines
    .flatMap((text) => sentencesOf(text).map((sentence) => text.slice(sentence.from, sentence.to).trim()))
    .filter((sentence) => sentence !== '')
    .slice(0, MAX_SENTENCES)
    .map((sentence) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`))
}

function judgeOf(
  { record, severity }: PostmortemDocument,
  title: string,
  { inventory, internalLinkHosts, now }: Parameters<typeof publicOf>[1],
): (body: string) => readonly { readonly rule: string; readonly why: string }[] {
  const { meta } = record
  const head = { severity, status: 'resolved', title } as const
  const message: Omit<Message, 'body'> = {
    ...head,
    audience: 'public',
    kind: 'update',
    nextUpdateAt: null,
    components: [],
  }
  const incident = {
    ...head,
    name: meta.incident ?? 'this incident',
    isDrill: meta.isDrill,
    visibility: meta.visibility,
    isSecurity: false,
    commander: null,
    startedAt: new Date(meta.startedAtMs).toISOString(),
    resolvedAt: new Date(meta.endedAtMs ?? meta.startedAtMs).toISOString(),
    wasIdentified: true,
    workaround: null,
    firingAlerts: 0,
    hostsOut: 0,
    postmortem: null,
  } as const
  const people = [...inventory.people, ...meta.responders]
  const instances = [...inventory.instances, ...meta.hosts]
  return (body) =>
    lint({
      message: { ...message, body },
      facts: {},
      incident,
      last: null,
      inventory: { ...inventory, people, instances },
      policy: {
        channels: [],
        cadenceMinutes: DEFAULT_CADENCE,
        allowedLinkHosts: [],
        internalLinkHosts,
        securityApproved: false,
        numbersNeedFacts: false,
      },
      now,
    })
      .filter(({ level }) => level === 'block')
      .map(({ rule, why }) => ({ rule, why }))
}
