import { clipped, escaped, paragraphs } from './markup'
import type { ShownState, UpdateRow } from './model'
import type { PageModel, ShownComponent, ShownIncident, ShownMaintenance, Tone } from './page-model'
import { dayOf, localOf, percentOf, STATE_WORDS, STATUS_WORDS, spanOf, timeOf, weekdayOf } from './words'

/** Links are where the pages lie: absolute under the console, relative in a copy. */
export type Links = {
  readonly home: string
  readonly history: string
  readonly atom: string
  readonly rss: string
  readonly json: string
  readonly incident: (id: string) => string
  readonly maintenance: (id: string) => string
  /** subscribe is where the form for mail posts to; undefined where none is taken, as in a copy. */
  readonly subscribe: string | undefined
}

/** Detail is how much a page shows, so that it stays within its weight: less of it for more incidents and components. */
export type Detail = {
  readonly bars: boolean
  readonly updates: number
  readonly bodyMax: number
  readonly incidents: number
  readonly components: number
}

const TICK =
  '<svg class="g" viewBox="0 0 12 12" aria-hidden="true"><path d="M1.5 6.5l3 3 6-7" fill="none" stroke="currentColor" stroke-width="1.6"/></svg>'
const WARN =
  '<svg class="g" viewBox="0 0 12 12" aria-hidden="true"><path d="M6 1 11.5 11H.5z" fill="none" stroke="currentColor" stroke-width="1.4"/><path d="M6 4.5v3M6 8.6v1" stroke="currentColor" stroke-width="1.4"/></svg>'
const STOP =
  '<svg class="g" viewBox="0 0 12 12" aria-hidden="true"><path d="M3.8.8h4.4l3 3v4.4l-3 3H3.8l-3-3V3.8z" fill="none" stroke="currentColor" stroke-width="1.4"/><path d="M6 3v3.6M6 7.8V9" stroke="currentColor" stroke-width="1.6"/></svg>'
const WORK =
  '<svg class="g" viewBox="0 0 12 12" aria-hidden="true"><circle cx="6" cy="6" r="5" fill="none" stroke="currentColor" stroke-width="1.4"/><path d="M6 3v3l2 1.4" fill="none" stroke="currentColor" stroke-width="1.4"/></svg>'
const UNKNOWN =
  '<svg class="g" viewBox="0 0 12 12" aria-hidden="true"><circle cx="6" cy="6" r="5" fill="none" stroke="currentColor" stroke-width="1.4" stroke-dasharray="2 1.5"/><path d="M4.6 4.8a1.4 1.4 0 1 1 1.4 1.6v.6M6 8v1" fill="none" stroke="currentColor" stroke-width="1.2"/></svg>'

const TONE_MARKS: Readonly<Record<Tone, string>> = {
  ok: TICK,
  maintenance: WORK,
  trouble: WARN,
  outage: STOP,
  unknown: UNKNOWN,
}

const LOOKS: Readonly<Record<ShownState, { readonly mark: string; readonly tone: string }>> = {
  operational: { mark: TICK, tone: 'o' },
  under_maintenance: { mark: WORK, tone: 'p' },
  degraded_performance: { mark: WARN, tone: 'w' },
  partial_outage: { mark: WARN, tone: 'w' },
  major_outage: { mark: STOP, tone: 'm' },
  unknown: { mark: UNKNOWN, tone: 'n' },
}

/** bannerHtml is the head of the page with its age; what is good has a second wording for the script that finds it old. */
export function bannerHtml(page: PageModel, bodyMax: number): string {
  const { banner, confirmedAt, madeAt } = page
  const isGood = banner.tone === 'ok' || banner.tone === 'maintenance'
  const title = isGood
    ? `<span class="y">${escaped(banner.title)}</span><span class="x">We can’t confirm how things are</span>`
    : `<span>${escaped(banner.title)}</span>`
  const checked = confirmedAt
    ? `Checked ${seconds(confirmedAt)}, page made ${seconds(madeAt)}.`
    : `Never confirmed, page made ${seconds(madeAt)}.`
  const age =
    page.freshness === 'fresh'
      ? `<b>${checked}</b> More than 5 minutes ago by your clock? Then this page is unknown, not green.`
      : `<b>${checked}</b>`
  const at = (confirmedAt ?? new Date(0)).toISOString()
  const words = confirmedAt ? `${dayOf(confirmedAt)}, ${timeOf(confirmedAt)}` : 'ever'
  return `<section class="now ${banner.tone}" aria-label="Now"><h1>${TONE_MARKS[banner.tone]}${title}</h1><p>${escaped(clipped(banner.sentence, bodyMax))}</p><p class="age" id="age" data-at="${at}" data-words="${words}">${age}</p></section>`
}

function seconds(at: Date): string {
  return `${dayOf(at)}, ${at.toISOString().slice(11, 19)} UTC`
}

/** instantHtml writes an instant with its day, UTC first and the page’s own zone beside it. */
export function instantHtml(at: Date, timeZone: string): string {
  const local = localOf(at, timeZone)
  const beside = local === '' ? '' : ` <span>(${escaped(local)})</span>`
  return `<time datetime="${at.toISOString()}">${dayOf(at)}, ${timeOf(at)}${beside}</time>`
}

/** incidentHtml shows an open incident: its name, the promise, and its updates, newest first. */
export function incidentHtml(
  incident: ShownIncident,
  { page, links, detail }: { readonly page: PageModel; readonly links: Links; readonly detail: Detail },
): string {
  const next = incident.nextUpdateAt
    ? `next update by ${timeOf(incident.nextUpdateAt)}${localBeside(incident.nextUpdateAt, page.timeZone)}`
    : ''
  const hidden = incident.updates.length - detail.updates
  const more =
    hidden > 0
      ? `<p class="q"><a href="${links.incident(incident.id)}">All ${incident.updates.length} updates of this incident</a></p>`
      : ''
  const aside = [`<a href="${links.incident(incident.id)}">Incident</a>`, next].filter((part) => part !== '')
  return `<h2>${escaped(incident.name)} <small>${aside.join(', ')}</small></h2>${overdueHtml(incident)}${updatesHtml(incident.updates.slice(0, detail.updates), { page, isLive: true, bodyMax: detail.bodyMax })}${more}`
}

/** overdueHtml is the line on a promise that was not kept. */
export function overdueHtml({ overdue }: ShownIncident): string {
  return overdue === undefined ? '' : `<p class="over">${escaped(overdue)}</p>`
}

function localBeside(at: Date, timeZone: string): string {
  const local = localOf(at, timeZone)
  return local === '' ? '' : ` (${escaped(local)})`
}

/** updatesHtml lists updates as they are given; a correction says what it is, what was corrected says where. */
export function updatesHtml(
  updates: readonly UpdateRow[],
  options: { readonly page: PageModel; readonly isLive: boolean; readonly bodyMax: number },
): string {
  const corrected = new Map(
    updates.flatMap(({ corrects, at }) => (corrects ? [[corrects, at] as const] : [])),
  )
  const items = updates.map((update) => {
    const correctedAt = corrected.get(update.id)
    const notes = [
      update.corrects ? 'Corrects an earlier update.' : '',
      correctedAt ? `Corrected at ${timeOf(correctedAt)}, see above.` : '',
      wordsOf(update),
    ].filter((note) => note !== '')
    const title = update.corrects ? 'Correction' : (STATUS_WORDS[update.status] ?? update.status)
    const said = notes.map((note) => `<p class="q">${escaped(note)}</p>`).join('')
    return `<li id="u-${update.id}"><div><b>${escaped(title)}</b>${instantHtml(update.at, options.page.timeZone)}</div><div>${paragraphs(clipped(update.body, options.bodyMax))}${said}</div></li>`
  })
  return `<ol class="u${options.isLive ? ' live' : ''}">${items.join('')}</ol>`
}

function wordsOf({ components }: UpdateRow): string {
  return components
    .filter(({ from, to }) => from !== to)
    .map(({ name, to }) => `${name}: ${STATE_WORDS[to].toLowerCase()}.`)
    .join(' ')
}

/** componentHtml is a component with its state in shape, word and colour, and its 90 days. */
export function componentHtml(component: ShownComponent, detail: Detail): string {
  const { mark, tone } = LOOKS[component.state]
  const word = STATE_WORDS[component.state]
  const isGood = component.state === 'operational' || component.state === 'under_maintenance'
  const said = isGood
    ? `<span class="y">${word}</span><span class="x">${STATE_WORDS.unknown}</span>`
    : `<span>${word}</span>`
  const about =
    component.description === '' || !detail.bars
      ? ''
      : `<small>${escaped(clipped(component.description, 160))}</small>`
  const bars = detail.bars ? barsHtml(component) : ''
  return `<li><div><b>${escaped(component.name)}</b><span class="s ${tone}">${mark}${said}</span><i>${percentOf(component.history.availability)}</i></div>${about}${bars}</li>`
}

const STEP = 8
const HEIGHT = 28

function barsHtml({ history }: ShownComponent): string {
  const layers: Record<'v' | 'n' | 't' | 'p' | 'w' | 'm', string> = {
    v: '',
    n: '',
    t: '',
    p: '',
    w: '',
    m: '',
  }
  history.days.forEach((day, index) => {
    const x = index * STEP
    if (day.known === 0) {
      layers.v += `M${x} 0h5v28h-5z`
      layers.n += `M${x}.5.5h4v27h-4z`
      return
    }
    const share = day.trouble > 0 ? day.trouble : day.maintenance
    if (share === 0) return
    const height = Math.min(HEIGHT, Math.max(4, Math.round(share * HEIGHT)))
    layers.t += `M${x} 0h5v28h-5z`
    const layer = day.trouble === 0 ? 'p' : day.worst === 'major_outage' ? 'm' : 'w'
    layers[layer] += `M${x} ${HEIGHT - height}h5v${height}h-5z`
  })
  const paths = Object.entries(layers)
    .filter(([, d]) => d !== '')
    .map(([name, d]) => `<path class="${name}" d="${d}"/>`)
    .join('')
  const troubled = history.days.filter(({ trouble }) => trouble > 0).length
  const silent = history.days.filter(({ known }) => known === 0).length
  const label = `${troubled} ${troubled === 1 ? 'day' : 'days'} with trouble in 90${silent > 0 ? `, ${silent} without a reading` : ''}`
  return `<svg viewBox="0 0 717 28" preserveAspectRatio="none" role="img" aria-label="${label}"><path class="b" d="M0 14H717"/>${paths}</svg>`
}

/** LEGEND explains the bars. */
export const LEGEND = `<p class="k"><span>90 days ago</span><span><span><svg viewBox="0 0 5 14" aria-hidden="true"><path d="M0 0h5v14H0z" class="z"/></svg>operational</span><span><svg viewBox="0 0 5 14" aria-hidden="true"><path d="M0 0h5v14H0z" class="t"/><path d="M0 6h5v8H0z" class="w"/></svg>trouble, by share of day</span><span><svg viewBox="0 0 5 14" aria-hidden="true"><path d="M0 0h5v14H0z" class="t"/><path d="M0 6h5v8H0z" class="p"/></svg>planned work</span><span><svg viewBox="0 0 5 14" aria-hidden="true"><path d="M.5.5h4v13h-4z" class="n"/></svg>no reading</span></span><span>today</span></p>`

/** windowOf writes a window’s times: the day once where it is one day. */
export function windowOf({ scheduledFor, scheduledUntil }: ShownMaintenance): string {
  const from = timeOf(scheduledFor).replace(' UTC', '')
  const isOneDay = dayOf(scheduledFor) === dayOf(scheduledUntil)
  return isOneDay
    ? `${from} to ${timeOf(scheduledUntil)}`
    : `${from} to ${dayOf(scheduledUntil)}, ${timeOf(scheduledUntil)}`
}

/** maintenanceHtml is one window in a line. */
export function maintenanceHtml(
  one: ShownMaintenance,
  { page, links }: { readonly page: PageModel; readonly links: Links },
): string {
  const names = page.components.filter(({ id }) => one.componentIds.includes(id)).map(({ name }) => name)
  const status = STATUS_WORDS[one.status] ?? one.status
  const about = one.body === '' ? '' : ` ${escaped(clipped(one.body, 300))}`
  const touched = names.length === 0 ? '' : ` Touches ${escaped(names.join(', '))}.`
  return `<li><time datetime="${one.scheduledFor.toISOString()}">${weekdayOf(one.scheduledFor)}</time><span><a href="${links.maintenance(one.id)}">${escaped(one.name)}</a>, ${windowOf(one)}${localBeside(one.scheduledFor, page.timeZone)}. ${status}.${about}${touched}</span></li>`
}

/** pastHtml is one incident that is over, in a line. */
export function pastHtml(incident: ShownIncident, links: Links): string {
  const end = incident.resolvedAt
  const took = end ? ` Resolved at ${timeOf(end)} after ${spanOf(incident.startedAt, end)}.` : ''
  return `<a href="${links.incident(incident.id)}">${escaped(clipped(incident.name, 160))}</a>.${took}`
}
