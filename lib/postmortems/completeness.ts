import type { PostmortemView } from './view'

/** Part is one line of the outline: where it is, whether it is done, and what is open. */
export type Part = {
  readonly id: string
  readonly title: string
  readonly state: 'done' | 'open' | 'empty'
  readonly note: string
}

/** partsOf says of each part of the document whether it is written; what the record fills counts as done. */
export function partsOf(view: Pick<PostmortemView, 'sections' | 'record'>): readonly Part[] {
  const { record, sections } = view
  const isWritten = (...keys: readonly string[]): boolean =>
    keys.every((key) => sections.find((one) => one.key === key)?.body.trim() !== '')
  const written = (id: string, title: string, ...keys: readonly string[]): Part => {
    const done = isWritten(...keys)
    return { id, title, state: done ? 'done' : 'empty', note: done ? '' : 'empty' }
  }
  const unknown = record.impact.filter((figure) => figure.value === null).length
  return [
    written('summary', 'Overview', 'summary'),
    {
      ...written('impact', 'Impact', 'impact'),
      ...(unknown === 0 ? {} : { note: `${unknown} figures not known` }),
    },
    timelinePart(view, isWritten('timeline')),
    written('causes', 'Contributing factors', 'causes'),
    written('resolution', 'Resolution', 'resolution'),
    written('how', 'How we did', 'went-well', 'was-hard', 'lucky'),
    { id: 'items', title: 'Action items', state: 'done', note: '' },
    { id: 'messages', title: 'Messages sent', state: 'done', note: `${record.messages.length}` },
  ]
}

function timelinePart({ record }: Pick<PostmortemView, 'record'>, isExplained: boolean): Part {
  const gaps = record.timeline.filter((row) => row.kind === 'gap').length
  const others = record.timeline.filter((row) => row.kind === 'disagreement').length
  const open = gaps + others
  const words = [count(gaps, 'gap'), count(others, 'disagreement')].filter((one) => one !== '').join(', ')
  return {
    id: 'timeline',
    title: 'Timeline',
    state: open === 0 || isExplained ? 'done' : 'open',
    note: open === 0 ? '' : `${words}${isExplained ? '' : ' to explain'}`,
  }
}

function count(many: number, what: string): string {
  if (many === 0) return ''
  return `${many} ${what}${many === 1 ? '' : 's'}`
}
