import { rowAnchor } from '@/lib/postmortems/lint'
import { MILESTONE_WORDS, type PostmortemRecord } from '@/lib/postmortems/model'

/** Evidence is something of the record that a text can rest on: what it says, and the Markdown that tells it with its link. */
export type Evidence = {
  readonly id: string
  readonly kind: 'figure' | 'milestone' | 'row' | 'chart' | 'action' | 'message'
  readonly words: string
  readonly insert: string
}

/** clockOf writes an instant as it stands in a text, `02:08:11Z`. */
export function clockOf(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(11, 19)}Z`
}

/** linked is a Markdown link to a part of the document; brackets in its words are escaped. */
export function linked(words: string, anchor: string): string {
  return `[${words.replace(/[[\]\\]/g, '\\$&').replace(/\s+/g, ' ')}](#${encodeURI(anchor).replace(/[()]/g, encodeURIComponent)})`
}

const KILO = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })

function figureWords({ value, unit, label }: PostmortemRecord['impact'][number]): string {
  if (value === null) return `${label}: not known`
  if (unit === 'usd') return `$${KILO.format(value)} ${label}`
  if (unit === 'ms') return `${KILO.format(value / 60_000)} minutes ${label}`
  return `${KILO.format(value)}${unit === 'hours' ? ' hours' : ''} ${label}`
}

/** evidenceOf lists what a record offers, in the order of the document. */
export function evidenceOf(record: PostmortemRecord): readonly Evidence[] {
  const item = (kind: Evidence['kind'], id: string, words: string): Evidence => ({
    id: `${kind} ${id}`,
    kind,
    words,
    insert: linked(words, id),
  })
  return [
    ...record.impact.map((figure) => item('figure', 'impact', figureWords(figure))),
    ...record.milestones
      .filter(({ atMs }) => atMs !== null)
      .map(({ key, atMs, rows }) =>
        item(
          'milestone',
          rows[0] === undefined ? 'milestones' : rowAnchor(rows[0]),
          `${MILESTONE_WORDS[key]} ${clockOf(atMs ?? 0)}`,
        ),
      ),
    ...record.charts.map(({ title }) => item('chart', 'impact', `Chart: ${title}`)),
    ...record.actions.map(({ title, state }) => item('action', 'actions', `${title}: ${state}`)),
    ...record.messages.map(({ title, atMs }) => item('message', 'messages', `${clockOf(atMs)} ${title}`)),
    ...record.timeline.map(({ id, eventAtMs, text }) =>
      item('row', rowAnchor(id), `${clockOf(eventAtMs)} ${text.slice(0, 160)}`),
    ),
  ].map((evidence, at) => ({ ...evidence, id: `${evidence.id} ${at}` }))
}

/** matching narrows evidence to what holds every word that is looked for. */
export function matching(all: readonly Evidence[], wanted: string): readonly Evidence[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean)
  return all.filter((one) => words.every((word) => `${one.kind} ${one.words}`.toLowerCase().includes(word)))
}
