import { gzipSync } from 'node:zlib'
import { request } from 'undici'
import { type Chrome, readyMs } from './browser'
import { pause } from './clock'
import { rounded } from './report'

/** Address is a page to open: where, with whose session, and what must hold in it for it to count as there. */
export type Address = {
  readonly base: string
  readonly path: string
  readonly ready: string
  readonly cookie?: string
}

const READY_WITHIN_MS = 20_000
const SETTLE_MS = 1_200

/** Load is what opening a page took, and what it fetched. */
export type Load = {
  readonly readyMs: number
  readonly shift: number
  readonly scripts: readonly string[]
  readonly scriptBytes: number
  readonly allBytes: number
  readonly requests: number
  readonly tiles: number
  /** nodes counts the elements of the document. */
  readonly nodes: number
  /** shifted names what moved, for whoever mends it. */
  readonly shifted: readonly string[]
}

/** visitPage opens a page in a new context (cold) and once more (warm). */
export async function visitPage(
  chrome: Chrome,
  { base, path, ready, cookie }: Address,
): Promise<{ readonly cold: Load; readonly warm: Load }> {
  const context = await chrome.visit({ base, ...(cookie === undefined ? {} : { cookie }) })
  try {
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    await session.send('Network.enable')
    let scripts: string[] = []
    let scriptBytes = 0
    let allBytes = 0
    let requests = 0
    const isScript = new Map<string, boolean>()
    session.on('Network.responseReceived', ({ requestId, type, response }) => {
      isScript.set(requestId, type === 'Script')
      if (type === 'Script') scripts.push(response.url)
    })
    session.on('Network.requestWillBeSent', () => {
      requests += 1
    })
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      allBytes += encodedDataLength
      if (isScript.get(requestId)) scriptBytes += encodedDataLength
    })
    const load = async (): Promise<Load> => {
      scripts = []
      scriptBytes = 0
      allBytes = 0
      requests = 0
      await page.goto(`${base}${path}`, { waitUntil: 'commit' })
      const tookMs = await readyMs(page, ready, READY_WITHIN_MS)
      await pause(SETTLE_MS)
      const [shift, tiles, shifted, nodes] = (await page.evaluate(
        `[benchShift, Number(document.querySelector('canvas[data-painted-at]')?.dataset.tiles ?? 0), benchShifted.slice(0, 5), document.querySelectorAll('*').length]`,
      )) as [number, number, string[], number]
      return {
        readyMs: tookMs,
        nodes,
        shift: rounded(shift),
        scripts,
        scriptBytes,
        allBytes,
        requests,
        tiles,
        shifted,
      }
    }
    return { cold: await load(), warm: await load() }
  } finally {
    await context.close()
  }
}

/** gzippedKb fetches scripts and adds up their gzipped sizes in kB (1,000 bytes). */
export async function gzippedKb(urls: readonly string[]): Promise<number> {
  let bytes = 0
  for (const url of new Set(urls)) {
    const answer = await request(url)
    bytes += gzipSync(Buffer.from(await answer.body.arrayBuffer()), { level: 6 }).length
  }
  return bytes / 1000
}
