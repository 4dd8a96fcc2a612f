import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { request } from 'undici'
import { serverPath } from '../scripts/lib/building.mjs'
import { until } from './clock'
import { type Desk, killRenderers, savedDraft, versionsOn, whenRecovered } from './drafts-desk'
import { logTail } from './processes'
import { mostOf } from './typing'

/** Scene is what became of typing in one kind of trouble: what is missing, and what another person got to see. */
export type Scene = { readonly name: string; readonly missing: number; readonly leaked: number }

const KEPT_MS = 60_000

async function typeInto(desk: Desk, page: Page, text: string): Promise<void> {
  await desk.place.field(page).focus()
  await page.keyboard.press('End')
  await page.keyboard.type(text)
}

function missing(want: string, found: string): number {
  return found === want ? 0 : 1
}

/** offlineScene types without network, loses the tab, and opens the page again without network. */
export async function offlineScene(desk: Desk): Promise<Scene> {
  const page = await desk.open()
  await page
    .getByText('Kept on this device', { exact: true })
    .filter({ visible: true })
    .waitFor({ timeout: KEPT_MS })
  await desk.context.setOffline(true)
  await typeInto(desk, page, 'typed in the dark')
  await killRenderers(desk.chrome)
  await page.close()
  const again = await desk.open()
  const offline = await whenRecovered(desk, again)
  await desk.context.setOffline(false)
  await again.reload()
  const online = await whenRecovered(desk, again)
  await desk.place.clear(again)
  await again.close()
  return {
    name: 'offline',
    missing: missing('typed in the dark', offline) + missing('typed in the dark', online),
    leaked: 0,
  }
}

/** twoTabsScene types in two tabs at once; every character must stand in one of the versions that both show. */
export async function twoTabsScene(desk: Desk, strokes: number): Promise<Scene> {
  const [one, two] = [await desk.open(), await desk.open()]
  const strike = async (page: Page, letter: string): Promise<void> => {
    await desk.place.field(page).focus()
    for (let stroke = 0; stroke < strokes; stroke += 1) await page.keyboard.press(letter)
  }
  await Promise.all([strike(one, 'q'), strike(two, 'w')])
  const count = async (page: Page): Promise<number> => {
    const texts = await versionsOn(desk, page)
    return mostOf('q', texts) + mostOf('w', texts)
  }
  await until(
    'both tabs have heard of each other',
    async () => (await count(one)) === (await count(two)),
    5_000,
  )
  const lost = 2 * strokes - (await count(one))
  await two.close()
  await one.close()
  const later = await desk.open()
  await whenRecovered(desk, later)
  const lostLater = 2 * strokes - (await count(later))
  await desk.place.choose(later)
  await desk.place.clear(later)
  await later.close()
  return { name: 'two tabs', missing: lost + lostLater, leaked: 0 }
}

/** sessionScene ends the session while somebody types, lets another person sit down, and then the first one again. */
export async function sessionScene(desk: Desk): Promise<Scene> {
  const text = 'typed before and after the session ended'
  const page = await desk.open()
  await desk.place.hold(page)
  await typeInto(desk, page, text.slice(0, 18))
  await desk.rig.database.pool.query(
    `UPDATE session SET revoked_at = now() WHERE person_id = (SELECT id FROM person WHERE handle = 'ana')`,
  )
  await typeInto(desk, page, text.slice(18))
  await page.waitForURL(/session-ended|sign-in/, { timeout: 60_000 })
  const isGateClean = !(await page.content()).includes('typed before')
  await page.close()
  await desk.sitDown('li')
  const other = await desk.open()
  const seen = [...(await versionsOn(desk, other)), await other.locator('body').innerText()]
  const asked = await other.evaluate(async () => (await fetch('/api/queries/incidents.drafts')).text())
  await other.close()
  await desk.sitDown('ana')
  const back = await desk.open()
  const found = await whenRecovered(desk, back)
  await desk.place.clear(back)
  await back.close()
  const leaks = [...seen, asked].filter((one) => one.includes('typed before')).length
  return {
    name: 'expired session',
    missing: missing(text, found),
    leaked: leaks + (isGateClean ? 0 : 1),
  }
}

/** Another build of the same sources: everything under another name, as a deploy brings it. */
function otherBuild(folder: string): string {
  const from = join(serverPath(), '..')
  const to = join(folder, 'other-build')
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from))
    if (name === 'node_modules') symlinkSync(join(from, name), join(to, name))
    else cpSync(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true })
  const old = readFileSync(join(from, '.next', 'BUILD_ID'), 'utf8').trim()
  const fresh = [...old].reverse().join('')
  replaceBelow(join(to, '.next'), old, fresh)
  writeFileSync(
    join(to, 'public', 'sw.js'),
    `${readFileSync(join(to, 'public', 'sw.js'), 'utf8')}\n// ${fresh}\n`,
  )
  return join(to, 'server.js')
}

function replaceBelow(folder: string, old: string, fresh: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules') replaceBelow(path, old, fresh)
      if (entry.name === old) renameSync(path, join(folder, fresh))
    } else if (/\.(js|json|html|rsc|meta)$|BUILD_ID$/.test(entry.name)) {
      const text = readFileSync(path, 'utf8')
      if (text.includes(old)) writeFileSync(path, text.replaceAll(old, fresh))
    }
  }
}

/** buildScene replaces the web server by another build while a tab is open, types on, and leaves for another page. */
export async function buildScene(desk: Desk): Promise<Scene> {
  const { rig } = desk
  const page = await desk.open()
  await typeInto(desk, page, 'typed under the old build')
  const port = Number(new URL(rig.base).port)
  const server = otherBuild(rig.folder)
  await rig.programs.stop(rig.web)
  const web = rig.startWeb(port, server)
  await typeInto(desk, page, ', while it was replaced')
  await until(
    'the other build answers',
    async () => {
      if (web.ended) throw new Error(`the other build ended (${web.how})\n${logTail(web)}`)
      return request(`${rig.base}/api/readyz`).then(
        async ({ statusCode, body }) => {
          await body.dump()
          return statusCode === 200
        },
        () => false,
      )
    },
    60_000,
  )
  const saved = savedDraft(page)
  await typeInto(desk, page, ', and after')
  await saved
  await page.getByRole('link', { name: 'Incidents' }).first().click()
  await page.waitForURL(/\/incidents$/)
  await page.goBack()
  await desk.place.ready(page)
  const found = await whenRecovered(desk, page)
  await desk.place.clear(page)
  await page.close()
  const text = 'typed under the old build, while it was replaced, and after'
  return { name: 'new build', missing: missing(text, found), leaked: 0 }
}
