import { createHash } from 'node:crypto'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { bundleOf, copyPolicy, documentsOf, linksAt } from './bundle'
import { SCRIPT_HASH, STYLE_HASH } from './hashes'
import type { PublicRows, ShownState } from './model'
import { indexHtml, PAGE_MAX_BYTES } from './page-html'
import { LATE_AFTER_MS, pageOf } from './page-model'
import { PAGE_SCRIPT, PAGE_STYLE } from './page-style'

const t0 = new Date('2026-11-18T02:30:00.000Z')
const ago = (minutes: number): Date => new Date(t0.getTime() - minutes * 60_000)
const FRAME = { links: linksAt('/status', '/status/subscribe') }
const POLICY = copyPolicy({ script: SCRIPT_HASH, style: STYLE_HASH })
const HOSTILE = `</title><script>alert(1)</script>"'&\u0000\u0007<img src=x onerror=alert(1)>`

function rows(options: {
  incidents?: number
  components?: number
  body?: string
  name?: string
}): PublicRows {
  const {
    incidents = 1,
    components = 3,
    body = 'Jobs stop. Next update by 02:50 UTC.',
    name = 'Some jobs fail',
  } = options
  const ids = Array.from({ length: components }, (_, index) => `component${String(index).padStart(3, '0')}`)
  const incidentIds = Array.from(
    { length: incidents },
    (_, index) => `incident${String(index).padStart(4, '0')}`,
  )
  return {
    page: {
      name: 'Northlight',
      url: 'https://status.northlight.example',
      timeZone: 'America/Chicago',
      confirmedAt: ago(0),
      sequence: 3,
      updatedAt: ago(1),
    },
    components: ids.map((id, position) => ({
      id,
      name: `${name} ${position}`,
      description: body.slice(0, 500),
      position,
      state: 'partial_outage',
      createdAt: ago(60 * 24 * 200),
      updatedAt: ago(2),
    })),
    changes: ids.flatMap((componentId) =>
      Array.from({ length: 90 }, (_, day) => [
        { componentId, at: ago(60 * 24 * day + 300), to: 'partial_outage' as ShownState },
        { componentId, at: ago(60 * 24 * day + 100), to: 'operational' as ShownState },
      ]).flat(),
    ),
    incidents: incidentIds.map((id) => ({
      id,
      name,
      status: 'investigating',
      impact: 'major',
      startedAt: ago(24),
      createdAt: ago(20),
      updatedAt: ago(2),
      monitoringAt: null,
      resolvedAt: null,
      nextUpdateAt: ago(-20),
      words: { [ids[0] ?? '']: 'partial_outage' },
    })),
    updates: incidentIds.flatMap((incidentId) =>
      [0, 1, 2, 3, 4, 5].map((index) => ({
        id: `${incidentId}-${index}`,
        incidentId,
        maintenanceId: null,
        status: 'investigating',
        body,
        components: [],
        corrects: index === 0 ? `${incidentId}-1` : null,
        at: ago(index * 3 + 2),
        isEmergency: false,
      })),
    ),
    maintenances: [],
  }
}

describe('the page', () => {
  it('S-PAGE-01 weighs at most 50 kB, whatever goes on', () => {
    for (const [incidents, components, body] of [
      [1, 5, 'Short.'],
      [0, 0, ''],
      [3, 40, 'x '.repeat(500)],
      [12, 100, 'é'.repeat(25_000)],
      [60, 300, `${'<'.repeat(25_000)}`],
    ] as const) {
      const page = pageOf(rows({ incidents, components, body }), t0)
      expect(Buffer.byteLength(indexHtml(page, FRAME))).toBeLessThanOrEqual(PAGE_MAX_BYTES)
    }
  })

  it('S-PAGE-02 asks nobody else for anything, and runs one script and one style that its policy names', () => {
    const html = indexHtml(pageOf(rows({}), t0), FRAME)
    expect(html.match(/<script/g)).toHaveLength(1)
    expect(html.match(/<style/g)).toHaveLength(1)
    expect(html).not.toMatch(/\sstyle="|\son\w+="|<link[^>]+rel="stylesheet"|@import|url\(/)
    expect([...html.matchAll(/(?:src|href|action)="([^"]+)"/g)].map((match) => match[1])).not.toContainEqual(
      expect.stringMatching(/^(https?:)?\/\//),
    )
    const hash = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`
    expect(SCRIPT_HASH).toBe(hash(PAGE_SCRIPT))
    expect(STYLE_HASH).toBe(hash(PAGE_STYLE))
    expect(html).toContain(`<script>${PAGE_SCRIPT}</script>`)
    expect(html).toContain(`<style>${PAGE_STYLE}</style>`)
  })

  it('S-PAGE-03 tells its age in words, with and without the script', () => {
    const html = indexHtml(pageOf(rows({}), t0), FRAME)
    expect(html).toContain('Checked 18 Nov, 02:30:00 UTC, page made 18 Nov, 02:30:00 UTC.')
    expect(html).toContain('More than 5 minutes ago by your clock? Then this page is unknown, not green.')
    expect(html).toContain(`data-at="${t0.toISOString()}"`)
  })

  it('S-PAGE-03 that is good has another wording ready for when it is old', () => {
    const calm = { ...rows({ incidents: 0 }), changes: [] }
    const page = pageOf(
      { ...calm, components: calm.components.map((one) => ({ ...one, state: 'operational' as const })) },
      t0,
    )
    const html = indexHtml(page, FRAME)
    expect(html).toContain(
      '<span class="y">All systems operational</span><span class="x">We can’t confirm how things are</span>',
    )
    expect(
      html.match(/<span class="y">Operational<\/span><span class="x">Not confirmed<\/span>/g),
    ).toHaveLength(3)
    expect(PAGE_STYLE).toContain('.x,.late .y{display:none}')
    expect(PAGE_SCRIPT).toContain(`m<=${LATE_AFTER_MS / 60_000}`)
  })

  it('S-PAGE-04 shows text as text, in pages, feeds and JSON', () => {
    const page = pageOf(rows({ name: HOSTILE, body: HOSTILE }), t0)
    for (const file of bundleOf(page, { pageId: 'p', policy: POLICY })) {
      if (file.path.endsWith('.json')) {
        expect(JSON.parse(file.body)).toBeTypeOf('object')
        continue
      }
      expect(file.body).not.toContain('<script>alert')
      expect(file.body).not.toContain('<img')
      expect(file.body).not.toContain('\u0007')
    }
  })

  it('S-UPD-03 names a correction and what was corrected', () => {
    const html = indexHtml(pageOf(rows({}), t0), FRAME)
    expect(html).toContain('<b>Correction</b>')
    expect(html).toContain('Corrected at 02:28 UTC, see above.')
  })

  it('S-PAGE-05 links within a copy only to files of the copy', () => {
    const files = bundleOf(pageOf(rows({ incidents: 2 }), t0), { pageId: 'p', policy: POLICY })
    const paths = new Set(files.map(({ path }) => path))
    const missing = files
      .filter(({ path }) => path.endsWith('.html'))
      .flatMap(({ path, body }) =>
        [...body.matchAll(/href="([^"#:]+)[^"]*"/g)].map((match) =>
          new URL(match[1] ?? '', `http://copy/${path}`).pathname.slice(1),
        ),
      )
      .filter((path) => path !== '' && !path.endsWith('data') && !paths.has(path))
    expect(missing).toEqual([])
    expect(
      files.every(({ path, body }) => !path.endsWith('.html') || body.includes('Content-Security-Policy')),
    ).toBe(true)
  })
})

describe('the feeds', () => {
  it('S-API-04 hold one entry an update, newest first, with ids that never change', () => {
    const files = documentsOf(pageOf(rows({ incidents: 2 }), t0), 'p')
    for (const path of ['feed.atom', 'feed.rss']) {
      const body = files.find((file) => file.path === path)?.body ?? ''
      expect(XMLValidator.validate(body)).toBe(true)
      const tree = new XMLParser().parse(body)
      const entries = path === 'feed.atom' ? tree.feed.entry : tree.rss.channel.item
      const ids = entries.map((entry: { id?: string; guid?: string }) => entry.id ?? entry.guid)
      expect(new Set(ids).size).toBe(12)
      const times = entries.map((entry: { updated?: string; pubDate?: string }) =>
        Date.parse(entry.updated ?? entry.pubDate ?? ''),
      )
      expect(times).toEqual([...times].sort((a, b) => b - a))
    }
  })
})
