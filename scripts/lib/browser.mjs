import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './checkout.mjs'
import { run } from './commands.mjs'

const INSTALL_TIMEOUT_MS = 180_000
/** SYSTEM_BROWSERS are where systems put a Chromium that Playwright can drive. */
const SYSTEM_BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome-stable']

/** findBrowser returns the path of the browser that the journeys will use, or undefined when there is none. */
export async function findBrowser(environment = process.env) {
  const candidates = [environment.PLAYWRIGHT_CHROMIUM, ...SYSTEM_BROWSERS, await playwrightsOwn()]
  return candidates.find((path) => path && existsSync(path))
}

async function playwrightsOwn() {
  try {
    const { chromium } = await import('@playwright/test')
    return chromium.executablePath()
  } catch {
    return undefined
  }
}

/** bringBrowser returns a browser's path, downloading Playwright's own when the system has none; undefined if it can't. */
export async function bringBrowser() {
  const found = await findBrowser()
  if (found) return found
  const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js')
  await run(process.execPath, [cli, 'install', 'chromium'], { timeoutMs: INSTALL_TIMEOUT_MS })
  return findBrowser()
}
