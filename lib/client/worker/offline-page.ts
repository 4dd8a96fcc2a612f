/** OfflinePageData is what the page for an address that is not kept names instead. */
export type OfflinePageData = {
  readonly path: string
  readonly pages: readonly { readonly path: string; readonly atMs: number }[]
  readonly styles: readonly string[]
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

function titleOf(path: string): string {
  return path === '/incidents' ? 'All that went on' : (path.split('/')[2] ?? path)
}

/** offlinePage says that the server is out of reach and what this device has; no script, no style of its own. */
export function offlinePage({ path, pages, styles }: OfflinePageData): string {
  const links = pages
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .map(
      ({ path: href, atMs }) =>
        `<li><a class="link" href="${escaped(href)}">${escaped(titleOf(href))}</a> as of ${new Date(atMs).toISOString().slice(11, 16)}Z</li>`,
    )
  const kept =
    links.length === 0
      ? '<p>Nothing is kept on this device for whoever signed in last.</p>'
      : `<p>These pages are kept on this device:</p><ul>${links.join('')}</ul>`
  const sheets = styles.map((href) => `<link rel="stylesheet" href="${escaped(href)}">`).join('')
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="30"><title>Offline · Watchfloor</title>${sheets}</head><body><main class="grid gap-4 px-4 py-6"><h1>Watchfloor does not answer</h1><p>This page is not kept on this device; it is asked for again every 30 seconds. What you typed is kept.</p>${kept}<p><a class="link" href="${escaped(path)}">Try again now</a></p></main></body></html>`
}
