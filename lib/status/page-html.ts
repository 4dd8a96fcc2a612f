import { escaped, paragraphs } from './markup'
import type { PageModel, ShownIncident, ShownMaintenance } from './page-model'
import {
  bannerHtml,
  componentHtml,
  type Detail,
  incidentHtml,
  instantHtml,
  LEGEND,
  type Links,
  maintenanceHtml,
  overdueHtml,
  pastHtml,
  updatesHtml,
  windowOf,
} from './page-parts'
import { PAGE_SCRIPT, PAGE_STYLE } from './page-style'
import { dayOf, localOf, STATE_WORDS, STATUS_WORDS, spanOf, timeOf, weekdayOf } from './words'

/** PAGE_MAX_BYTES is what a public page may weigh at most, whatever goes on. */
export const PAGE_MAX_BYTES = 50_000

const DAY_MS = 86_400_000
const RECENT_DAYS = 7
const BODY_MAX = 25_000

/** The steps by which a page gives way before it weighs too much; each thing that is left out has its own page. */
const DETAILS: readonly Detail[] = [
  { bars: true, updates: 20, bodyMax: 2_000, incidents: 10, components: 100 },
  { bars: true, updates: 5, bodyMax: 1_000, incidents: 10, components: 100 },
  { bars: true, updates: 3, bodyMax: 500, incidents: 8, components: 60 },
  { bars: false, updates: 2, bodyMax: 400, incidents: 6, components: 60 },
  { bars: false, updates: 1, bodyMax: 280, incidents: 4, components: 40 },
  { bars: false, updates: 1, bodyMax: 200, incidents: 3, components: 15 },
]

/** Frame is what every page of one build shares; `policy` is a content security policy for copies that have no headers. */
export type Frame = { readonly links: Links; readonly policy?: string }

/** indexHtml is the page itself, never above PAGE_MAX_BYTES: it says less of each thing the more there is. */
export function indexHtml(page: PageModel, frame: Frame): string {
  const tries = DETAILS.map((detail) => () => frontOf(page, { ...frame, detail }))
  let html = ''
  for (const make of tries) {
    html = make()
    if (bytesOf(html) <= PAGE_MAX_BYTES) return html
  }
  return html
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}

type Front = Frame & { readonly detail: Detail }

function frontOf(page: PageModel, front: Front): string {
  const { links, detail } = front
  const planned = [...page.active, ...page.upcoming].slice(0, 10)
  const body = [
    bannerHtml(page, 400),
    ...page.open
      .slice(0, detail.incidents)
      .map((incident) => incidentHtml(incident, { page, links, detail })),
    moreOpen(page, detail),
    componentsHtml(page, detail),
    planned.length === 0
      ? ''
      : `<h2>Maintenance</h2><ul class="d">${planned.map((one) => maintenanceHtml(one, { page, links })).join('')}</ul>`,
    beforeToday(page, links),
    subscribeHtml(links),
  ]
  return documentOf(page, { ...front, title: page.banner.title, body: body.join(''), isFront: true })
}

function moreOpen(page: PageModel, { incidents }: Detail): string {
  const hidden = page.open.length - incidents
  return hidden > 0
    ? `<p class="over">${hidden} more open ${hidden === 1 ? 'incident' : 'incidents'}.</p>`
    : ''
}

function componentsHtml(page: PageModel, detail: Detail): string {
  if (page.components.length === 0) return ''
  const shown = page.components.slice(0, detail.components)
  const hidden = page.components.length - shown.length
  const more = hidden > 0 ? `<p class="k">${hidden} more components are in the JSON.</p>` : ''
  return `<h2>Components <small>90 days, to ${dayOf(page.madeAt)} ${page.madeAt.getUTCFullYear()}</small></h2><ul class="c">${shown.map((one) => componentHtml(one, detail)).join('')}</ul>${detail.bars ? LEGEND : ''}${more}`
}

function beforeToday(page: PageModel, links: Links): string {
  const days = Array.from(
    { length: RECENT_DAYS },
    (_, index) => new Date(page.madeAt.getTime() - index * DAY_MS),
  )
  const items = days.map((day) => {
    const on = day.toISOString().slice(0, 10)
    const ended = page.past.filter(({ startedAt }) => startedAt.toISOString().startsWith(on))
    const done = page.ended.filter(
      ({ status, scheduledFor }) => status === 'completed' && scheduledFor.toISOString().startsWith(on),
    )
    const said = [
      ...ended.slice(0, 4).map((incident) => pastHtml(incident, links)),
      ...done
        .slice(0, 2)
        .map(
          (one) =>
            `Maintenance completed: <a href="${links.maintenance(one.id)}">${escaped(one.name)}</a>, ${windowOf(one)}.`,
        ),
    ]
    return `<li><time datetime="${on}">${dayOf(day)}</time><span>${said.length === 0 ? 'No other incident reported.' : said.join('<br>')}</span></li>`
  })
  return `<h2>The last ${RECENT_DAYS} days <small><a href="${links.history}">History</a></small></h2><ul class="d">${items.join('').replaceAll('No other incident', page.open.length === 0 ? 'No incident' : 'No other incident')}</ul>`
}

function subscribeHtml({ subscribe }: Links): string {
  if (subscribe === undefined) return ''
  return `<h2 id="subscribe">Be told by email</h2><form action="${subscribe}" method="post"><input type="email" name="email" required autocomplete="email" placeholder="you@company.com" aria-label="Email address"><button>Subscribe</button></form>`
}

/** incidentPage is one incident with every update. */
export function incidentPage(page: PageModel, incident: ShownIncident, frame: Frame): string {
  const { resolvedAt, startedAt } = incident
  const span = resolvedAt
    ? `From ${dayOf(startedAt)}, ${timeOf(startedAt)} to ${dayOf(resolvedAt)}, ${timeOf(resolvedAt)}: ${spanOf(startedAt, resolvedAt)}.`
    : `Since ${dayOf(startedAt)}, ${timeOf(startedAt)}.`
  const next = incident.nextUpdateAt
    ? ` Next update by ${timeOf(incident.nextUpdateAt)}${beside(incident.nextUpdateAt, page)}.`
    : ''
  const tone = resolvedAt ? 'unknown' : incident.impact === 'critical' ? 'outage' : 'trouble'
  const body = `<section class="now ${tone}"><h1>${escaped(incident.name)}</h1><p>${STATUS_WORDS[incident.status] ?? ''}. ${span}${next}</p></section><h2>Updates <small>newest first</small></h2>${overdueHtml(incident)}${updatesHtml(incident.updates, { page, isLive: resolvedAt === null, bodyMax: BODY_MAX })}`
  return documentOf(page, { ...frame, title: incident.name, body, isFront: false })
}

function beside(at: Date, page: PageModel): string {
  const local = localOf(at, page.timeZone)
  return local === '' ? '' : ` (${escaped(local)})`
}

/** maintenancePage is one window of planned work with every update. */
export function maintenancePage(page: PageModel, one: ShownMaintenance, frame: Frame): string {
  const names = page.components.filter(({ id }) => one.componentIds.includes(id)).map(({ name }) => name)
  const touched = names.length === 0 ? '' : `<p>Touches ${escaped(names.join(', '))}.</p>`
  const updates =
    one.updates.length === 0
      ? ''
      : `<h2>Updates <small>newest first</small></h2>${updatesHtml(one.updates, { page, isLive: false, bodyMax: BODY_MAX })}`
  const body = `<section class="now ${one.status === 'in_progress' ? 'maintenance' : 'unknown'}"><h1>${escaped(one.name)}</h1><p>${STATUS_WORDS[one.status] ?? ''}. ${weekdayOf(one.scheduledFor)}, ${windowOf(one)}${beside(one.scheduledFor, page)}.</p>${touched}</section>${one.body === '' ? '' : `<h2>What is planned</h2>${paragraphs(one.body)}`}${updates}`
  return documentOf(page, { ...frame, title: one.name, body, isFront: false })
}

/** historyPage lists what is over, by month, and the days with trouble of each component in words. */
export function historyPage(page: PageModel, frame: Frame): string {
  const incidents = page.past
    .slice(0, 50)
    .map(
      (incident) =>
        `<li>${instantHtml(incident.startedAt, page.timeZone)}<span>${pastHtml(incident, frame.links)}</span></li>`,
    )
  const works = page.ended.slice(0, 30).map((one) => maintenanceHtml(one, { page, links: frame.links }))
  const days = page.components.slice(0, 40).map((component) => {
    const troubled = component.history.days.filter(({ trouble }) => trouble > 0)
    const listed = troubled
      .slice(-12)
      .map(({ on, worst }) => `${dayOf(new Date(`${on}T00:00:00Z`))} (${STATE_WORDS[worst].toLowerCase()})`)
    return `<li><b>${escaped(component.name)}</b><span>${listed.length === 0 ? 'No day with trouble.' : escaped(listed.reverse().join(', '))}</span></li>`
  })
  const body = `<section class="now unknown"><h1>History</h1><p>What is over, newest first.</p></section><h2>Incidents</h2>${incidents.length === 0 ? '<p>No incident is on record.</p>' : `<ul class="d">${incidents.join('')}</ul>`}${works.length === 0 ? '' : `<h2>Maintenance</h2><ul class="d">${works.join('')}</ul>`}<h2>Days with trouble <small>of the last 90</small></h2><ul class="d">${days.join('')}</ul>`
  return documentOf(page, { ...frame, title: 'History', body, isFront: false })
}

/** missingPage answers an address of the public page at which nothing is. */
export function missingPage(page: PageModel, frame: Frame): string {
  const body = `<section class="now unknown"><h1>There is nothing at this address</h1><p>The incident may be older than what is kept here. <a href="${frame.links.home}">To the present state</a>.</p></section>`
  return documentOf(page, { ...frame, title: 'Nothing here', body, isFront: false })
}

type Document = Frame & { readonly title: string; readonly body: string; readonly isFront: boolean }

function documentOf(page: PageModel, { links, policy, title, body, isFront }: Document): string {
  const name = escaped(page.name)
  const rule = policy ? `<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">` : ''
  const script = isFront ? `<script>${PAGE_SCRIPT}</script>` : ''
  const made = isFront ? `<span>Page ${page.sequence}, made ${timeOf(page.madeAt)}.</span>` : ''
  const mail = links.subscribe && isFront ? '<a href="#subscribe">Email</a>' : ''
  const head = isFront ? `<b>${name}</b>` : `<b><a href="${links.home}">${name}</a></b>`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">${rule}<meta name="viewport" content="width=device-width"><title>${escaped(title)} · ${name} status</title><link rel="icon" href="data:,"><link rel="alternate" type="application/atom+xml" href="${links.atom}" title="${name} status"><link rel="alternate" type="application/rss+xml" href="${links.rss}" title="${name} status"><style>${PAGE_STYLE}</style></head><body><header>${head}<span>status</span><nav aria-label="Feeds"><a href="${links.atom}">Atom</a><a href="${links.rss}">RSS</a><a href="${links.json}">JSON</a>${mail}</nav></header><main>${body}</main><footer><span>Times are UTC. Availability counts time in a partial or major outage.</span>${made}</footer>${script}</body></html>
`
}
