import { escaped, paragraphs } from './markup'
import type { UpdateRow } from './model'
import type { PageModel } from './page-model'
import type { Made } from './statuspage-json'
import { STATUS_WORDS } from './words'

const ENTRIES_MAX = 100
const FOUNDED = '2026-01-01'

type Entry = { readonly update: UpdateRow; readonly title: string; readonly link: string }

/** One entry an update, newest first, whatever it belongs to: a reader that looks once a day misses none. */
function entriesOf(page: PageModel, { linkOf }: Made): readonly Entry[] {
  const of = (kind: 'incidents' | 'maintenance') =>
    (kind === 'incidents' ? [...page.open, ...page.past] : [...page.active, ...page.upcoming, ...page.ended])
      .map(({ id, name, updates }) => ({ id, name, updates }))
      .flatMap(({ id, name, updates }) =>
        updates.map((update) => ({
          update,
          title: `${update.corrects ? 'Correction' : (STATUS_WORDS[update.status] ?? update.status)}: ${name}`,
          link: `${linkOf(kind, id)}#u-${update.id}`,
        })),
      )
  return [...of('incidents'), ...of('maintenance')]
    .sort((a, b) => b.update.at.getTime() - a.update.at.getTime() || (a.update.id < b.update.id ? 1 : -1))
    .slice(0, ENTRIES_MAX)
}

function hostOf(url: string): string {
  return url.replace(/^[a-z]+:\/\//i, '').replace(/[/?#].*$/, '')
}

function tagOf(page: PageModel, id: string): string {
  return `tag:${hostOf(page.url).replace(/:\d+$/, '')},${FOUNDED}:update/${id}`
}

function lastChange(page: PageModel, entries: readonly Entry[]): Date {
  return entries[0]?.update.at ?? page.updatedAt
}

/** atomFeed is the page as Atom: an entry for each update of incidents and maintenance, with an id that never changes. */
export function atomFeed(page: PageModel, made: Made): string {
  const entries = entriesOf(page, made)
  const items = entries.map(
    ({ update, title, link }) =>
      `<entry><id>${escaped(tagOf(page, update.id))}</id><title>${escaped(title)}</title><updated>${update.at.toISOString()}</updated><published>${update.at.toISOString()}</published><link rel="alternate" type="text/html" href="${escaped(link)}"/><content type="html">${escaped(paragraphs(update.body))}</content></entry>`,
  )
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>${escaped(`tag:${hostOf(page.url).replace(/:\d+$/, '')},${FOUNDED}:feed/${made.pageId}`)}</id><title>${escaped(page.name)} status</title><updated>${lastChange(page, entries).toISOString()}</updated><author><name>${escaped(page.name)}</name></author><link rel="alternate" type="text/html" href="${escaped(page.url)}"/><link rel="self" type="application/atom+xml" href="${escaped(page.url)}/feed.atom"/>${items.join('')}</feed>
`
}

/** rssFeed is the same as RSS 2.0. */
export function rssFeed(page: PageModel, made: Made): string {
  const entries = entriesOf(page, made)
  const items = entries.map(
    ({ update, title, link }) =>
      `<item><guid isPermaLink="false">${escaped(tagOf(page, update.id))}</guid><title>${escaped(title)}</title><pubDate>${update.at.toUTCString()}</pubDate><link>${escaped(link)}</link><description>${escaped(paragraphs(update.body))}</description></item>`,
  )
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>${escaped(page.name)} status</title><link>${escaped(page.url)}</link><atom:link rel="self" type="application/rss+xml" href="${escaped(page.url)}/feed.rss"/><description>Incidents and planned work, one entry an update</description><lastBuildDate>${lastChange(page, entries).toUTCString()}</lastBuildDate>${items.join('')}</channel></rss>
`
}

const COLOURS = {
  ok: '#067647',
  maintenance: '#0A6773',
  trouble: '#B54708',
  outage: '#B42318',
  unknown: '#475467',
}
const WORDS = {
  ok: 'operational',
  maintenance: 'maintenance',
  trouble: 'trouble',
  outage: 'outage',
  unknown: 'unknown',
}
const CHAR_WIDTH = 6.6

/** badgeSvg is a small picture of the state for other people’s pages, with the word in it. */
export function badgeSvg(page: PageModel): string {
  const [left, right] = ['status', WORDS[page.banner.tone]]
  const widthOf = (text: string): number => Math.round(text.length * CHAR_WIDTH + 14)
  const [a, b] = [widthOf(left), widthOf(right)]
  const label = `${left}: ${right}`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${a + b}" height="20" role="img" aria-label="${label}"><title>${label}</title><path fill="#191816" d="M0 0h${a}v20H0z"/><path fill="${COLOURS[page.banner.tone]}" d="M${a} 0h${b}v20H${a}z"/><g fill="#fff" font-family="Verdana,Geneva,sans-serif" font-size="11"><text x="7" y="14">${left}</text><text x="${a + 7}" y="14">${right}</text></g></svg>
`
}
