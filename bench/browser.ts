import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from '@playwright/test'
import { findBrowser } from '../scripts/lib/browser.mjs'
import { chromiumVersion } from './report'

/** Chrome is a headless browser that can reach nothing but this machine. */
export type Chrome = {
  readonly browser: Browser
  readonly version: string
  /** visit opens a context with an empty cache, signed in where a cookie is given. */
  readonly visit: (options: { readonly base: string; readonly cookie?: string }) => Promise<BrowserContext>
}

const VIEWPORT = { width: 1440, height: 900 }

/** startChrome launches the system's Chromium, or the one that PLAYWRIGHT_CHROMIUM names; throws when there is none. */
export async function startChrome(): Promise<Chrome> {
  const path: string | undefined = await findBrowser()
  if (path === undefined) throw new Error('there is no Chromium: set PLAYWRIGHT_CHROMIUM to one')
  const browser = await chromium.launch({
    executablePath: path,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
    ],
  })
  return {
    browser,
    version: chromiumVersion(path),
    visit: async ({ base, cookie }) => {
      const context = await browser.newContext({ viewport: VIEWPORT })
      const [name = '', ...rest] = (cookie ?? '').split('=')
      if (cookie !== undefined) await context.addCookies([{ name, value: rest.join('='), url: base }])
      await context.addInitScript(INSTALL)
      return context
    },
  }
}

/** INSTALL gives every page what the bench asks it: a frame clock, a condition's first frame, layout shifts. */
const INSTALL = `
  globalThis.benchFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  globalThis.benchPainted = async () => {
    await benchFrame();
    await new Promise((resolve) => { const channel = new MessageChannel(); channel.port1.onmessage = resolve; channel.port2.postMessage(0); });
  };
  globalThis.benchShift = 0;
  globalThis.benchShifted = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      benchShift += entry.value;
      for (const { node, previousRect, currentRect } of entry.sources ?? [])
        benchShifted.push([entry.value.toFixed(3), Math.round(entry.startTime) + ' ms', node?.nodeName + '.' + (node?.className ?? ''), Math.round(previousRect.y) + ' → ' + Math.round(currentRect.y)].join(' ').slice(0, 160));
    }
  })
    .observe({ type: 'layout-shift', buffered: true });
  globalThis.benchReady = (holds, timeoutMs) => new Promise((resolve, reject) => {
    const deadline = performance.now() + timeoutMs;
    const look = () => {
      let isReady = false;
      try { isReady = holds(); } catch {}
      if (isReady) requestAnimationFrame(() => resolve(performance.now()));
      else if (performance.now() > deadline) reject(new Error('never ready: ' + holds));
      else requestAnimationFrame(look);
    };
    look();
  });
`

/** mainThreadMs is how long the page's main thread has worked since it began. */
export async function mainThreadMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN)
}

/** openSession starts a page's DevTools session with its metrics on. */
export async function openSession(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  return session
}

/** readyMs waits for a condition in the page and tells when its first frame was, counted from the navigation. */
export function readyMs(page: Page, condition: string, timeoutMs = 60_000): Promise<number> {
  return page.evaluate(`benchReady(() => ${condition}, ${timeoutMs})`) as Promise<number>
}
