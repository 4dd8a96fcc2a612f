import type { Page } from '@playwright/test'
import { type Chrome, startChrome } from '../browser'
import { pause, progress, until } from '../clock'
import { type Desk, killRenderers, savedDraft, startDesk, whenRecovered } from '../drafts-desk'
import { buildScene, offlineScene, type Scene, sessionScene, twoTabsScene } from '../drafts-scenes'
import type { Bar } from '../report'
import { atMost, spreadOf } from '../report'
import { type Rig, scenarioPath, startRig } from '../rig'
import type { Measured, Suite } from '../suite'
import { mulberry, recoveryOf } from '../typing'

const SEED = 20_261_121
const LOST_LIMIT_MS = 300
const LETTERS = 'abcdefghijklmnopqrstuvwxyz     '

/** drafts kills tabs while somebody types a note or a section of a postmortem, takes network, session and build away, and looks what is left. */
export const drafts: Suite = {
  name: 'drafts',
  workload:
    'Ana types a note at an incident, then a section of a postmortem, a key every 10–60 ms; every renderer of the browser gets kill -9 at a random moment 0.1–1.5 s after the first key (seeded); a new tab is opened and its text compared; then without network, in two tabs at once, over an ended session with Li at the same browser in between, and over a change of build',
  run: async ({ quick, build }) => {
    const rig = await startRig({ scenario: scenarioPath('calm'), agents: 0, spares: 0, floor: false, build })
    try {
      const chrome = await startChrome()
      try {
        return await measure(rig, chrome, quick)
      } finally {
        await chrome.browser.close()
      }
    } finally {
      await rig.stop()
    }
  },
}

type Round = { readonly typed: number; readonly lostMs: number; readonly isForeign: boolean }

async function measure(rig: Rig, chrome: Chrome, quick: boolean): Promise<Measured> {
  const figures: Record<string, unknown> = {}
  const bars: Bar[] = []
  for (const kind of ['section', 'note'] as const) {
    const measured = await measureDesk(await startDesk(rig, chrome, kind), quick)
    figures[kind] = measured.figures
    bars.push(...measured.bars)
  }
  return { postgres: rig.database.version, chromium: chrome.version, figures, bars }
}

async function measureDesk(
  desk: Desk,
  quick: boolean,
): Promise<{ readonly figures: object; readonly bars: readonly Bar[] }> {
  const { name } = desk.place
  const kills = quick ? 12 : 200
  const random = mulberry(SEED)
  const rounds: Round[] = []
  for (let round = 0; round < kills; round += 1) {
    rounds.push(await killOnce(desk, random))
    if ((round + 1) % (quick ? 4 : 20) === 0) progress(`${name}: ${round + 1} of ${kills} kills`)
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
    progress(`${name}, ${scene.name}: ${scene.missing} missing, ${scene.leaked} shown to another person`)
    scenes.push(scene)
  }
  await desk.context.close()
  const lost = rounds.map(({ lostMs }) => lostMs)
  const foreign = rounds.filter(({ isForeign }) => isForeign).length
  const sum = (pick: (scene: Scene) => number): number => scenes.reduce((all, one) => all + pick(one), 0)
  return {
    figures: {
      kills,
      typedCharacters: spreadOf(rounds.map(({ typed }) => typed)),
      lostMs: spreadOf(lost),
      scenes,
    },
    bars: [
      atMost({
        id: `${name}-lost`,
        figure: `typing lost in a ${name} when the tab is killed, longest of ${kills}`,
        value: Math.max(...lost),
        limit: LOST_LIMIT_MS,
        unit: 'ms of typing',
      }),
      atMost({
        id: `${name}-overwritten`,
        figure: `texts of a ${name} overwritten or missing: kills, two tabs, offline, ended session, new build`,
        value: foreign + sum(({ missing }) => missing),
        limit: 0,
        unit: 'texts or characters',
      }),
      atMost({
        id: `${name}-shown`,
        figure: `drafts of a ${name} shown to another person at the same browser`,
        value: leakedAfterKills + sum(({ leaked }) => leaked),
        limit: 0,
        unit: 'drafts',
      }),
    ],
  }
}

async function killOnce(desk: Desk, random: () => number): Promise<Round> {
  const { place } = desk
  const page = await desk.open()
  await place.field(page).focus()
  const before = await place.field(page).inputValue()
  if (before !== '') throw new Error(`the round before left “${before}”`)
  const typed = await typeUntilKilled(desk, page, random)
  await page.close()
  const again = await desk.open()
  const found = await whenRecovered(desk, again)
  const recovery = recoveryOf(typed, typed.killedMs, found, typed.inFlight)
  if (place.name === 'note') await place.field(again).fill('')
  else await place.clear(again)
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
  const saved = savedDraft(page)
  await (await desk.place.secret(page)).fill('known to ana alone')
  await saved
  await desk.sitDown('li')
  const other = await desk.open()
  const shown = [await (await desk.place.secret(other)).inputValue(), await other.locator('body').innerText()]
  await other.close()
  await page.close()
  await desk.sitDown('ana')
  const back = await desk.open()
  const secret = await desk.place.secret(back)
  await until('the draft is back', async () => (await secret.inputValue()) !== '', 10_000)
  const emptied = savedDraft(back)
  await secret.fill('')
  await emptied
  await back.close()
  return shown.filter((text) => text.includes('known to ana')).length
}
