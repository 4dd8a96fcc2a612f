import { z } from 'zod'
import { LINKS_MAX, listedLinks } from '../comms/links'
import { AUDIENCES, type Audience } from '../comms/model'
import { OCCASIONS } from '../comms/policy'
import { defineQuery } from '../operation'
import { type Choices, draftFor, type Judgement, judge, toldOf } from './compose'
import type { Told } from './fact-check'
import { choices, said } from './inputs'
import { loadLinkHosts, loadSituation } from './load-situation'
import { messagesOutput } from './outputs'
import type { Situation } from './situation'
import { readOfIncident } from './store'
import { publicationView } from './view'
import { type Piece, wordDiff } from './word-diff'

/** Drafted is one audience's text as the templates write it, with what stands against it and what it changes. */
export type Drafted = {
  readonly audience: Audience
  /** title and body carry their facts as names; publish takes them so. */
  readonly title: string
  readonly body: string
  readonly told: Readonly<Record<string, Told>>
  readonly nextUpdateAt: string | null
  readonly frozen: { readonly title: string; readonly body: string }
  readonly findings: Judgement['findings']
  readonly factProblems: Judgement['facts']
  readonly hidden: readonly string[]
  readonly changes: readonly Piece[]
}

function draftedFor(situation: Situation, audience: Audience, asked: Choices, now: Date): readonly Drafted[] {
  const draft = draftFor(situation, audience, asked, now)
  if (draft === undefined) return []
  const { message, hidden } = draft
  const told = toldOf(situation, message)
  const forms = situation.ways.filter((way) => way.audiences.includes(audience)).map(({ form }) => form)
  const judgement = judge(situation, message, { told, channels: forms, now })
  return [
    {
      audience,
      title: message.title,
      body: message.body,
      told,
      nextUpdateAt: message.nextUpdateAt,
      frozen: { title: judgement.title, body: judgement.body },
      findings: judgement.findings,
      factProblems: judgement.facts,
      hidden,
      changes: wordDiff(situation.before[audience]?.body ?? '', judgement.body),
    },
  ]
}

/** draft gives the facts of an incident, the text for every audience with findings and changes, and all that a composer needs to write on. */
export const draft = defineQuery({
  name: 'publications.draft',
  summary:
    'Gives the facts of an incident and the text for every audience, with findings and what it changes.',
  permission: 'publications.publish',
  input: z.strictObject({
    incidentId: z.uuid('must be an incident id'),
    ...choices,
    occasion: z.enum(OCCASIONS).optional(),
    said: said.default({}),
  }),
  run: async (scope, { incidentId, said: facts, ...asked }) => {
    const situation = await loadSituation(scope, incidentId, facts)
    return {
      situation,
      drafts: AUDIENCES.flatMap((audience) => draftedFor(situation, audience, asked, scope.now)),
    }
  },
})

/** links opens links whose hosts are listed and gives why those that do not answer don't; others are left alone. */
export const links = defineQuery({
  name: 'publications.links',
  summary: 'Opens links whose hosts are listed and says of those that do not answer why.',
  permission: 'publications.publish',
  input: z.strictObject({ urls: z.array(z.url().max(2_000)).max(LINKS_MAX) }),
  run: async ({ console, now }, { urls }) => {
    const hosts = await loadLinkHosts(console, now)
    return { problems: await console.linkProblems(listedLinks(urls.join('\n'), hosts)) }
  },
})

/** ofIncident gives what was said of an incident and what waits, newest first, at most 200. */
export const ofIncident = defineQuery({
  name: 'publications.ofIncident',
  summary: 'Gives what was said of an incident and what waits to be said, newest first.',
  permission: 'publications.read',
  output: messagesOutput,
  input: z.strictObject({ incidentId: z.uuid('must be an incident id') }),
  run: async ({ console: { db }, actor, now }, { incidentId }) => ({
    nowMs: now.getTime(),
    publications: (await readOfIncident(db, actor, incidentId)).map(publicationView),
  }),
})
