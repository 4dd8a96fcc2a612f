import type { z } from 'zod'
import type { documentSchema } from './document-schema'
import type { correctionSchema, recordSchema, rowSchema } from './record-schema'

/** SECTION_KEYS are what people write, in the order of the document. */
export const SECTION_KEYS = [
  'summary',
  'impact',
  'timeline',
  'causes',
  'went-well',
  'was-hard',
  'lucky',
  'resolution',
] as const

/** SectionKey names one text of a postmortem. */
export type SectionKey = (typeof SECTION_KEYS)[number]

/** SECTION_TITLES are the headings under which the texts stand. */
export const SECTION_TITLES: Readonly<Record<SectionKey, string>> = {
  summary: 'Summary',
  impact: 'Impact',
  timeline: 'Timeline',
  causes: 'Contributing factors and root cause',
  'went-well': 'What went well',
  'was-hard': 'What was hard',
  lucky: 'Where we were lucky',
  resolution: 'Resolution',
}

/** STATES are the one vocabulary of where a postmortem stands, in its usual order. */
export const STATES = ['draft', 'in-review', 'changes-asked', 'approved', 'published', 'closed'] as const

/** PostmortemState is where a postmortem stands. */
export type PostmortemState = (typeof STATES)[number]

/** STATE_WORDS are how each state is called everywhere. */
export const STATE_WORDS: Readonly<Record<PostmortemState, string>> = {
  draft: 'Draft',
  'in-review': 'In review',
  'changes-asked': 'Changes asked',
  approved: 'Approved',
  published: 'Published',
  closed: 'Closed',
}

/** MILESTONES are the turns of an incident that durations are counted between, in their usual order. */
export const MILESTONES = [
  'impact',
  'detected',
  'declared',
  'acknowledged',
  'first-public',
  'mitigated',
  'resolved',
] as const

/** MilestoneKey names a turn of an incident. */
export type MilestoneKey = (typeof MILESTONES)[number]

/** MILESTONE_WORDS are how each turn is called. */
export const MILESTONE_WORDS: Readonly<Record<MilestoneKey, string>> = {
  impact: 'Impact began',
  detected: 'Detected',
  declared: 'Declared',
  acknowledged: 'Acknowledged',
  'first-public': 'First public message',
  mitigated: 'Mitigated',
  resolved: 'Resolved',
}

/** FIGURES are what impact is counted in, in the order of the page. */
export const FIGURES = [
  'requests-failed',
  'time-above-limit',
  'gpus-down',
  'gpu-hours',
  'spend',
  'users',
  'revenue',
] as const

/** PostmortemRecord is what the sources said of an incident, frozen with the document; instants are epoch milliseconds. */
export type PostmortemRecord = z.output<typeof recordSchema>

/** TimelineRow is one line of the timeline: an entry, a time without evidence, or two sources that disagree. */
export type TimelineRow = z.output<typeof rowSchema>

/** Milestone is one turn as the record proposes it, with what it rests on. */
export type Milestone = PostmortemRecord['milestones'][number]

/** Figure is one figure of impact with how it was counted; `value` null says in `unknown` why there is none. */
export type Figure = PostmortemRecord['impact'][number]

/** Chart is one measured thing over the incident's window, one value a step; null where nothing was read. */
export type Chart = PostmortemRecord['charts'][number]

/** Message is one message that was sent, with what became of the update that it promised. */
export type Message = PostmortemRecord['messages'][number]

/** Correction is what a person put in the place of a figure or a milestone, with the reason. */
export type Correction = z.output<typeof correctionSchema>

/** PostmortemDocument is a whole postmortem as it leaves and enters. */
export type PostmortemDocument = z.output<typeof documentSchema>

/** postmortemName writes a postmortem's number: `PM-0012`. */
export function postmortemName(number: number): string {
  return `PM-${String(number).padStart(4, '0')}`
}

/** parsePostmortemName reads `PM-0012` or a bare number; undefined when it is neither. */
export function parsePostmortemName(name: string): number | undefined {
  const match = /^(?:PM-)?(\d{1,9})$/i.exec(name.trim())
  return match ? Number(match[1]) : undefined
}

/** durationWords writes a duration as hours and minutes, `0h 04m`, cut to whole minutes. */
export function durationWords(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000))
  return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, '0')}m`
}
