import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium } from '@playwright/test'
import { type Handle, personOf } from '../e2e/people'
import { SCREENS, type Screen } from '../e2e/screens'
import { bringBrowser } from './lib/browser.mjs'
import { buildIfNeeded } from './lib/building.mjs'
import { Failure, requireNode, root, runMain } from './lib/checkout.mjs'
import { createDatabase, dropDatabase } from './lib/databases.mjs'
import { generateClient, migrate } from './lib/migrations.mjs'
import { palettePng } from './lib/palette-png'
import { freePort } from './lib/ports.mjs'
import { withPostgres } from './lib/postgres.mjs'
import { peoplePath, seed } from './lib/seeding.mjs'
import { startProduct, startSimulator } from './lib/stack.mjs'
import { say } from './lib/steps.mjs'
import { Supervisor } from './lib/supervisor.mjs'

// The pictures of the documents: npm run screenshots [-- NAME …] makes all of them, or those whose name contains NAME.
const DATABASE = 'watchfloor_screenshots'
const IMAGES = join(root, 'docs', 'images')
const SIZES = [
  { name: 'wide', width: 1440, height: 900 },
  { name: 'phone', width: 390, height: 844 },
] as const
const THEMES = ['dark', 'light'] as const
/** The demo scenario loses a card half a minute after the first look, and has a queue behind and a hot card later. */
const BEGUN_SECONDS_AGO = 60
/** Long enough for every source to be read twice and for the first minutes of history. */
const WARM_UP_MS = 150_000

await runMain(async (args: readonly string[]) => {
  requireNode()
  const executablePath = await bringBrowser()
  if (!executablePath) throw new Failure('pictures need a browser', 'apt-get install chromium')
  await generateClient()
  await buildIfNeeded()
  return withPostgres('screenshots', (serverUrl: string) =>
    takeAll({ serverUrl, executablePath, only: args }),
  )
})

async function takeAll({
  serverUrl,
  executablePath,
  only,
}: {
  readonly serverUrl: string
  readonly executablePath: string
  readonly only: readonly string[]
}): Promise<number> {
  const supervisor = new Supervisor({ say })
  const browser = await chromium.launch({
    executablePath,
    chromiumSandbox: process.getuid?.() !== 0,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  try {
    const address = await bringUp(supervisor, serverUrl)
    const screens = SCREENS.filter(
      ({ name }) => only.length === 0 || only.some((part) => name.includes(part)),
    )
    if (only.length === 0) rmSync(IMAGES, { recursive: true, force: true })
    mkdirSync(IMAGES, { recursive: true })
    let bytes = 0
    const sessions = await signInAll({ browser, address, screens })
    for (const screen of screens) bytes += await takeScreen({ browser, address, screen, sessions })
    say(
      `${screens.length * SIZES.length * THEMES.length} pictures, ${(bytes / 1e6).toFixed(1)} MB, in docs/images`,
    )
    return 0
  } finally {
    await browser.close()
    await supervisor.stopAll()
  }
}

async function bringUp(supervisor: Supervisor, serverUrl: string): Promise<string> {
  await dropDatabase(serverUrl, DATABASE)
  const databaseUrl = await createDatabase(serverUrl, DATABASE)
  await migrate(databaseUrl)
  await seed(databaseUrl)
  process.env.E2E_PEOPLE = peoplePath(DATABASE)
  const start = new Date(Date.now() - BEGUN_SECONDS_AGO * 1000)
  const simulator = await startSimulator({ supervisor, httpPort: await freePort(), start })
  await catchUp(`http://127.0.0.1:${simulator.httpPort}/control/clock`)
  const address = await startProduct({ supervisor, databaseUrl, port: await freePort(), simulator })
  say(`${address} is up; waiting ${WARM_UP_MS / 1000} s for its first minutes of history`)
  await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS))
  return address
}

/** The world begins at its start whatever the time is: it is led to the present, so that its readings are of now. */
async function catchUp(clock: string): Promise<void> {
  const { now } = (await (await fetch(clock)).json()) as { readonly now: string }
  const jumpMs = Math.max(0, Date.now() - Date.parse(now))
  const { ok } = await fetch(clock, { method: 'POST', body: JSON.stringify({ jumpMs }) })
  if (!ok) throw new Failure('the simulated world does not follow its clock', 'read .watchfloor/logs')
}

type Sessions = ReadonlyMap<Handle, StorageState>
type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>

async function signInAll({
  browser,
  address,
  screens,
}: {
  readonly browser: Browser
  readonly address: string
  readonly screens: readonly Screen[]
}): Promise<Sessions> {
  const sessions = new Map<Handle, StorageState>()
  for (const who of new Set(screens.flatMap((screen) => screen.who ?? []))) {
    const context = await browser.newContext({ baseURL: address })
    const page = await context.newPage()
    await page.goto('/sign-in')
    await page.getByLabel('Handle or work e-mail').fill(who)
    await page.getByLabel('Password').fill(personOf(who).password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL('/')
    sessions.set(who, await context.storageState())
    await context.close()
  }
  return sessions
}

async function takeScreen({
  browser,
  address,
  screen,
  sessions,
}: {
  readonly browser: Browser
  readonly address: string
  readonly screen: Screen
  readonly sessions: Sessions
}): Promise<number> {
  let bytes = 0
  for (const { name, ...viewport } of SIZES) {
    const size = name === 'wide' ? (screen.wide ?? viewport) : viewport
    const storageState = screen.who && sessions.get(screen.who)
    const context = await browser.newContext({
      viewport: size,
      baseURL: address,
      reducedMotion: 'reduce',
      ...(storageState ? { storageState } : {}),
    })
    const page = await context.newPage()
    try {
      for (const theme of THEMES) {
        await page.emulateMedia({ colorScheme: theme })
        await page.goto(screen.path)
        await screen.settled(page)
        await page.evaluate(() => document.fonts.ready.then(() => undefined))
        await page.waitForLoadState('networkidle', { timeout: 2_000 }).catch(() => undefined)
        const png = palettePng(await page.screenshot())
        writeFileSync(join(IMAGES, `${screen.name}-${name}-${theme}.png`), png)
        bytes += png.length
      }
    } finally {
      await context.close()
    }
  }
  say(`${screen.name}: ${Math.round(bytes / 1000)} kB`)
  return bytes
}
