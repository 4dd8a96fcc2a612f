import type { Page } from '@playwright/test'
import { startChrome } from '../browser'
import { pause, progress } from '../clock'
import { type Desk, killRenderers, noteField, startDesk, whenRecovered } from '../drafts-desk'
import { buildScene, offlineScene, type Scene, sessionScene, twoTabsScene } from '../drafts-scenes'
import { atMost, spreadOf } from '../report'
import { type Rig, scenarioPath, startRig } from '../rig'
import type { Measured, Suite } from '../suite'
import { mulberry, recoveryOf } from '../typing'

const SEED = 20_261_121
const LOST_LIMIT_MS = 300
const LETTERS = 'abcdefghijklmnopqrstuvwxyz     '

/** drafts kills tabs while somebody types, takes network, session and build away, and looks what is left (bar B7). */
export const drafts: Suite = {
  name: 'drafts',
  workload:
    'Ana types a note at an incident, a key every 10–60 ms; every renderer of the browser gets kill -9 at a random moment 0.1–1.5 s after the first key (seeded); a new tab is opened and its text compared; then without network, in two tabs at once, over an ended session with Li at the same browser in between, and over a change of build',
  run: async ({ quick, build }) => {
    const rig = await startRig({ scenario: scenarioPath('calm'), agents: 0, spares: 0, floor: false, build })
    try {
      const chrome = await startChrome()
      try {
        return await measure(rig, await startDesk(rig, chrome), quick)
      } finally {
        await chrome.browser.close()
      }
    } finally {
      await rig.stop()
    }
  },
}

type Round = { readonly typed: number; readonly lostMs: number; readonly isForeign: boolean }

async function measure(rig: Rig, desk: Desk, quick: boolean): Promise<Measured> {
  const kills = quick ? 12 : 200
  const random = mulberry(SEED)
  const rounds: Round[] = []
  for (let round = 0; round < kills; round += 1) {
    rounds.push(await killOnce(desk, random))
    if ((round + 1) % (quick ? 4 : 20) === 0) progress(`${round + 1} of ${kills} kills`)
  }
  const leakedAfterKills = await seenByLi(desk)
  const scenes: Scene[] = []
  for (const play of [
    () => twoTabsScene(desk, quick ? 40 : 200),
    () => offlineScene(desk),
    () => sessionScene(desk),
    () => buildScene(desk),
  ]) {
    const scene = await play()
    progress(`${scene.name}: ${scene.missing} missing, ${scene.leaked} shown to another person`)
    scenes.push(scene)
  }
  const lost = rounds.map(({ lostMs }) => lostMs)
  const foreign = rounds.filter(({ isForeign }) => isForeign).length
  const sum = (pick: (scene: Scene) => number): number => scenes.reduce((all, one) => all + pick(one), 0)
  return {
    postgres: rig.database.version,
    chromium: desk.chrome.version,
    figures: {
      kills,
      typedCharacters: spreadOf(rounds.map(({ typed }) => typed)),
      lostMs: spreadOf(lost),
      scenes,
    },
    bars: [
      atMost({
        id: 'B7-lost',
        figure: `typing lost when the tab is killed, longest of ${kills}`,
        value: Math.max(...lost),
        limit: LOST_LIMIT_MS,
        unit: 'ms of typing',
      }),
      atMost({
        id: 'B7-overwritten',
        figure: 'texts overwritten or missing: kills, two tabs, offline, ended session, new build',
        value: foreign + sum(({ missing }) => missing),
        limit: 0,
        unit: 'texts or characters',
      }),
      atMost({
        id: 'B7-shown',
        figure: 'drafts shown to another person at the same browser',
        value: leakedAfterKills + sum(({ leaked }) => leaked),
        limit: 0,
        unit: 'drafts',
      }),
    ],
  }
}

async function killOnce(desk: Desk, random: () => number): Promise<Round> {
  const page = await desk.open()
  await noteField(page).focus()
  const before = await noteField(page).inputValue()
  if (before !== '') throw new Error(`the round before left “${before}”`)
  const typed = await typeUntilKilled(desk, page, random)
  await page.close()
  const again = await desk.open()
  const found = await whenRecovered(again)
  const recovery = recoveryOf(typed, typed.killedMs, found, typed.inFlight)
  await noteField(again).fill('')
  await again.close()
  return { typed: typed.text.length, ...recovery }
}

async function typeUntilKilled(
  desk: Desk,
  page: Page,
  random: () => number,
): Promise<{ text: string; atMs: number[]; killedMs: number; inFlight: string }> {
  const typing = { text: '', atMs: [] as number[], killedMs: Number.NaN, inFlight: '' }
  const crashed = new Promise<'crashed'>((resolve) => page.once('crash', () => resolve('crashed')))
  const afterMs = 100 + random() * 1_400
  const kill = pause(afterMs).then(async () => {
    const killed = killRenderers(desk.chrome)
    typing.killedMs = performance.now()
    await killed
  })
  for (;;) {
    const letter = LETTERS[Math.floor(random() * LETTERS.length)] ?? ' '
    typing.inFlight = letter
    const pressed = page.keyboard.press(letter === ' ' ? 'Space' : letter).then(
      () => 'pressed' as const,
      () => 'crashed' as const,
    )
    if ((await Promise.race([pressed, crashed])) === 'crashed') break
    typing.text += letter
    typing.atMs.push(performance.now())
    typing.inFlight = ''
    const next = await Promise.race([pause(10 + random() * 50), crashed])
    if (next === 'crashed') break
  }
  await kill
  return typing
}

/** Half a sentence of Ana's stands while Li signs in with the same browser: none of it may reach her. */
async function seenByLi(desk: Desk): Promise<number> {
  const page = await desk.open()
  await noteField(page).fill('known to ana alone')
  await page.waitForResponse((response) => response.url().endsWith('/api/commands/incidents.saveDraft'))
  await desk.sitDown('li')
  const other = await desk.open()
  await other.getByRole('list', { name: 'Entries, newest first' }).waitFor()
  const shown = [await noteField(other).inputValue(), await other.locator('body').innerText()]
  await other.close()
  await page.close()
  await desk.sitDown('ana')
  const back = await desk.open()
  await whenRecovered(back)
  await noteField(back).fill('')
  await back.close()
  return shown.filter((text) => text.includes('known to ana')).length
}
