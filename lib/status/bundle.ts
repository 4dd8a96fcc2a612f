import { atomFeed, badgeSvg, rssFeed } from './feeds'
import { type Frame, historyPage, incidentPage, indexHtml, maintenancePage } from './page-html'
import type { PageModel } from './page-model'
import type { Links } from './page-parts'
import { type Made, STATUSPAGE_FILES, statuspageDocument } from './statuspage-json'

/** PublicFile is one document of the public page; `stage` orders a copy: what others link to goes first. */
export type PublicFile = {
  readonly path: string
  readonly type: string
  readonly body: string
  readonly stage: 1 | 2 | 3
}

const HTML = 'text/html; charset=utf-8'
const JSON_TYPE = 'application/json; charset=utf-8'

/** COPY_POLICY is the content security policy that a copy carries in itself; it takes the hashes of script and style. */
export function copyPolicy(hashes: { readonly script: string; readonly style: string }): string {
  return `default-src 'none'; style-src '${hashes.style}'; script-src '${hashes.script}'; img-src data:; form-action 'self'; base-uri 'none'`
}

/** madeOf tells the addresses that JSON and feeds name: under the page’s own address, with the names that a copy has too. */
export function madeOf(page: PageModel, pageId: string): Made {
  return { pageId, linkOf: (kind, id) => `${page.url}/${kind}/${id}.html` }
}

/** linksAt gives links below an address: `/status` in the console; in a copy relative, `` on its first level and `..` below. */
export function linksAt(base: string, subscribe?: string): Links {
  const to = (path: string): string => (base === '' ? path : `${base}/${path}`)
  return {
    home: base === '' ? 'index.html' : base === '..' ? '../index.html' : base,
    history: to('history.html'),
    atom: to('feed.atom'),
    rss: to('feed.rss'),
    json: to('api/v2/summary.json'),
    incident: (id) => to(`incidents/${id}.html`),
    maintenance: (id) => to(`maintenance/${id}.html`),
    subscribe,
  }
}

/** documentsOf gives the JSON, the feeds and the badge, the same under the console and in a copy. */
export function documentsOf(page: PageModel, pageId: string): readonly PublicFile[] {
  const made = madeOf(page, pageId)
  const json = STATUSPAGE_FILES.map(
    (name): PublicFile => ({
      path: `api/v2/${name}`,
      type: JSON_TYPE,
      body: `${JSON.stringify(statuspageDocument(name, page, made))}\n`,
      stage: name === 'summary.json' || name === 'status.json' ? 3 : 2,
    }),
  )
  return [
    ...json,
    { path: 'feed.atom', type: 'application/atom+xml; charset=utf-8', body: atomFeed(page, made), stage: 2 },
    { path: 'feed.rss', type: 'application/rss+xml; charset=utf-8', body: rssFeed(page, made), stage: 2 },
    { path: 'badge.svg', type: 'image/svg+xml; charset=utf-8', body: badgeSvg(page), stage: 3 },
  ]
}

/** bundleOf gives every file of a copy but its manifest: pages of incidents and windows first, what changes each minute last. */
export function bundleOf(
  page: PageModel,
  options: { readonly pageId: string; readonly policy: string },
): readonly PublicFile[] {
  const { policy } = options
  const below: Frame = { links: linksAt('..'), policy }
  const first: Frame = { links: linksAt(''), policy }
  return [
    ...[...page.open, ...page.past].map(
      (incident): PublicFile => ({
        path: `incidents/${incident.id}.html`,
        type: HTML,
        body: incidentPage(page, incident, below),
        stage: 1,
      }),
    ),
    ...[...page.active, ...page.upcoming, ...page.ended].map(
      (one): PublicFile => ({
        path: `maintenance/${one.id}.html`,
        type: HTML,
        body: maintenancePage(page, one, below),
        stage: 1,
      }),
    ),
    { path: 'history.html', type: HTML, body: historyPage(page, first), stage: 2 },
    ...documentsOf(page, options.pageId),
    { path: 'index.html', type: HTML, body: indexHtml(page, first), stage: 3 },
  ]
}
