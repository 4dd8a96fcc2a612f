import { figuresOf, lengthOf, spansOf, turnsOf } from './corrected'
import { clockOf, dateOf, dayOf, minuteOf } from './instants'
import {
  durationWords,
  MILESTONE_WORDS,
  type PostmortemDocument,
  SECTION_TITLES,
  type SectionKey,
  STATE_WORDS,
  type TimelineRow,
} from './model'
import { figureWords } from './proposal'
import type { PostmortemView } from './view'

/** documentOf is a whole postmortem as it leaves, with its action items. */
export function documentOf(
  view: PostmortemView,
  actionItems: PostmortemDocument['actionItems'],
): PostmortemDocument {
  return {
    format: 'watchfloor.postmortem',
    formatVersion: 1,
    name: view.name,
    title: view.title,
    state: view.state,
    severity: view.severity,
    version: view.version,
    leafIds: [...view.leafIds],
    componentIds: [...view.componentIds],
    tags: [...view.tags],
    createdBy: view.createdBy,
    createdAtMs: view.createdAtMs,
    updatedAtMs: view.updatedAtMs,
    publishedAtMs: view.publishedAtMs,
    record: view.record,
    corrections: [...view.corrections],
    sections: view.sections.map(({ key, body }) => ({ key, body })),
    actionItems,
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

// What a source said is text, never markup: it must read the same in every Markdown reader.
function plain(text: string): string {
  return oneLine(text).replace(/[\\`*_[\]<>|~#]/g, (mark) => `\\${mark}`)
}

function bodyOf({ sections }: PostmortemDocument, key: SectionKey): readonly string[] {
  const body = sections.find((one) => one.key === key)?.body.trim() ?? ''
  return body === '' ? ['*Nobody has written this.*', ''] : [body, '']
}

/** markdownOf writes a whole postmortem for people: what they wrote, and the record under it. */
export function markdownOf(document: PostmortemDocument): string {
  const { record, corrections } = document
  const turns = turnsOf(record, corrections)
  const startMs = turns.find((turn) => turn.key === 'impact')?.atMs ?? record.meta.startedAtMs
  return `${[
    `# ${plain(document.title)}`,
    '',
    `${document.name} of ${record.meta.incident ?? 'an incident elsewhere'} · ${document.severity} · ${STATE_WORDS[document.state]} · version ${document.version}`,
    '',
    `${dayOf(startMs)}, from ${minuteOf(startMs)}, ${lengthOf(turns) ?? 'goes on'}`,
    '',
    `## ${SECTION_TITLES.summary}`,
    '',
    ...bodyOf(document, 'summary'),
    ...impactLines(document),
    ...milestoneLines(document),
    ...timelineLines(document),
    `## ${SECTION_TITLES.causes}`,
    '',
    ...bodyOf(document, 'causes'),
    ...triageLines(document),
    ...(['went-well', 'was-hard', 'lucky', 'resolution'] as const).flatMap((key) => [
      `## ${SECTION_TITLES[key]}`,
      '',
      ...bodyOf(document, key),
    ]),
    ...itemLines(document),
    ...actionLines(document),
    ...messageLines(document),
    '---',
    '',
    `The record was read on ${dayOf(record.meta.draftedAtMs)}, ${minuteOf(record.meta.draftedAtMs)}, and is frozen since. Written by ${plain(document.createdBy)} and others with Watchfloor.`,
  ].join('\n')}\n`
}

function impactLines(document: PostmortemDocument): readonly string[] {
  const figures = figuresOf(document.record, document.corrections)
  return [
    `## ${SECTION_TITLES.impact}`,
    '',
    ...bodyOf(document, 'impact'),
    '| Figure | Value | How it was counted |',
    '|---|---|---|',
    ...figures.map(({ label, correction, method, unknown, ...figure }) => {
      const by =
        correction === null
          ? ''
          : ` Corrected by ${correction.by}: ${correction.reason} Counted: ${figureWords({ value: figure.counted, unit: figure.unit })}.`
      return `| ${plain(label)} | ${figureWords(figure)} | ${plain(`${unknown === '' ? '' : `${unknown}. `}${method}${by}`)} |`
    }),
    '',
  ]
}

function milestoneLines({ record, corrections }: PostmortemDocument): readonly string[] {
  const turns = turnsOf(record, corrections)
  return [
    '## Milestones',
    '',
    '| UTC | Milestone | Rests on |',
    '|---|---|---|',
    ...turns.map(
      ({ key, atMs, why }) =>
        `| ${atMs === null ? 'not known' : clockOf(atMs)} | ${MILESTONE_WORDS[key]} | ${plain(why)} |`,
    ),
    '',
    ...spansOf(turns).map(
      ({ label, ms, words }) => `- ${label}: ${ms === null ? 'not known' : durationWords(ms)} (${words})`,
    ),
    '',
  ]
}

function timelineLines(document: PostmortemDocument): readonly string[] {
  const { timeline, leftOut } = document.record
  return [
    `## ${SECTION_TITLES.timeline}`,
    '',
    ...bodyOf(document, 'timeline'),
    '| UTC | What happened | Source | Data |',
    '|---|---|---|---|',
    ...timeline.map(rowLine),
    '',
    ...(leftOut === 0 ? [] : [`${leftOut} more rows were beyond the limit.`, '']),
  ]
}

function rowLine(row: TimelineRow): string {
  const until = row.kind === 'gap' ? ` to ${row.toMs === null ? 'the end' : clockOf(row.toMs)}` : ''
  const late =
    row.receivedAtMs === null || row.receivedAtMs === row.eventAtMs
      ? ''
      : `, received ${clockOf(row.receivedAtMs)}`
  const what = row.kind === 'disagreement' ? `Sources disagree. ${row.text}` : row.text
  return `| ${dateOf(row.eventAtMs)} ${clockOf(row.eventAtMs)}${until} | ${plain(what)} | ${plain(`${row.sourceName}${row.by === '' ? '' : `, ${row.by}`}${late}`)} | ${row.link === null ? '' : plain(row.link.label)} |`
}

function triageLines({ record: { triage } }: PostmortemDocument): readonly string[] {
  if (triage.path.length === 0) return []
  return [
    '### How triage got there',
    '',
    ...triage.path.map(({ title, verdict, evidence, override }) => {
      const by = override === null ? '' : ` Answered by ${override.by}: ${override.reason}`
      return `- ${plain(title)} **${verdict}** ${plain(`${evidence}${by}`)}`
    }),
    '',
  ]
}

function itemLines({ actionItems }: PostmortemDocument): readonly string[] {
  return [
    '## Action items',
    '',
    ...(actionItems.length === 0 ? ['*None.*'] : []),
    ...actionItems.map((item) => {
      const done = item.state === 'done' ? 'x' : ' '
      const owner = item.owner === null ? 'nobody' : `@${item.owner}`
      return `- [${done}] ${plain(item.title)} (${item.kind ?? 'no kind'}, ${owner}, due ${item.dueOn ?? 'never'}${item.state === 'dropped' ? ', dropped' : ''}). Done when: ${plain(item.doneWhen) || 'nobody has said'}`
    }),
    '',
  ]
}

function actionLines({ record: { actions } }: PostmortemDocument): readonly string[] {
  if (actions.length === 0) return []
  return [
    '## Actions taken',
    '',
    ...actions.map(
      ({ title, by, state, outcome, sentAtMs, preparedAtMs }) =>
        `- ${clockOf(sentAtMs ?? preparedAtMs)} ${plain(`${title}, by ${by}: ${state}${outcome === '' ? '' : `, ${outcome}`}`)}`,
    ),
    '',
  ]
}

function messageLines({ record: { messages } }: PostmortemDocument): readonly string[] {
  if (messages.length === 0) return []
  return [
    '## Messages sent',
    '',
    ...messages.map(({ atMs, audience, title, promise, promisedAtMs }) => {
      const next =
        promisedAtMs === null
          ? ''
          : `, next promised for ${clockOf(promisedAtMs)}: ${promise === 'none' ? 'resolved before' : promise}`
      return `- ${clockOf(atMs)} ${audience}: ${plain(title)}${next}`
    }),
    '',
  ]
}
