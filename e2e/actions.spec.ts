import type { Page } from '@playwright/test'
import { expect, pressFor, signIn, test } from './fixtures'
import { declare, record, statusDialog } from './incident-pages'
import { inject, instancesOf } from './world'

/** Diagnoses need a minute of the simulated world's figures, and an effect what its rollouts take. */
const WORLD_MS = 150_000
test.describe.configure({ timeout: 6 * 60_000 })

async function declared(page: Page, title: string): Promise<string> {
  const name = await declare(page, title)
  await pressFor(page, 'a', record(page).getByText('took command by answering'))
  return name
}

const toDo = (page: Page) => page.getByRole('list', { name: 'What to do, in order' })
const drawer = (page: Page) => page.getByRole('dialog')
const standing = (page: Page) => drawer(page).getByRole('status')

/** Lets a container end by itself, and waits until the triage is sure of it and its actions are on screen. */
async function withExited(page: Page, number: number): Promise<string> {
  await inject({ event: 'instance-status', status: 'exited', target: { instances: [number] }, for: '4m' })
  const cause = page.getByRole('button', { name: /A container exited/ }).first()
  await expect(cause).toBeVisible({ timeout: WORLD_MS })
  await cause.click()
  await expect(toDo(page)).toContainText('Recycle it from the image')
  return String((await instancesOf())[number - 1]?.id)
}

async function recyclePrepared(page: Page, id: string): Promise<void> {
  const entry = toDo(page).getByRole('listitem').filter({ hasText: 'Recycle it from the image' })
  await entry.getByText('Recycle it from the image').click()
  await entry.getByRole('button', { name: 'Prepare' }).click()
  await drawer(page).getByLabel('Instance').selectOption(id)
  await drawer(page).getByRole('button', { name: 'Prepare' }).click()
  await expect(standing(page)).toHaveText('needs a second person')
  await expect(drawer(page).getByRole('button', { name: 'Carry out' })).toHaveCount(0)
}

test('a dangerous action waits until another person agrees to exactly the same plan', async ({
  page,
  open,
}) => {
  await signIn(page, 'li', '/incidents')
  const name = await declared(page, `Container exits ${test.info().testId.slice(-6)}`)
  const id = await withExited(page, 9)
  await recyclePrepared(page, id)
  await drawer(page).getByRole('button', { name: 'Ask a second person' }).click()
  await expect(standing(page)).toHaveText('waits for a second person')
  await expect(drawer(page)).toContainText('Somebody else has to agree: you prepared it.')
  await expect(drawer(page).getByRole('button', { name: /^Agree/ })).toHaveCount(0)

  const other = await open()
  await signIn(other, 'ana', `/incidents/${name}`)
  const asks = other.getByRole('region', { name: '@li asks for a second person' })
  await asks.getByRole('button', { name: 'Look at the plan' }).click()
  await expect(drawer(other)).toContainText(`recycle instance ${id}`)
  await drawer(other).getByRole('button', { name: 'Agree to exactly this' }).click()
  await expect(standing(other)).toHaveText('ready')

  await expect(standing(page)).toHaveText('ready')
  await expect(drawer(page)).toContainText('@ana')
  await drawer(page).getByRole('button', { name: 'Carry out' }).click()
  await expect(standing(page)).toContainText('applied', { timeout: WORLD_MS })
  await expect(asks).toHaveCount(0)
  await expect(record(other)).toContainText('Recycle it from the image')
})

test('glass is broken with a reason, and somebody else reviews it', async ({ page, open }) => {
  await signIn(page, 'bo', '/incidents')
  await declared(page, `Container exits alone ${test.info().testId.slice(-6)}`)
  const id = await withExited(page, 10)
  await recyclePrepared(page, id)
  await drawer(page).getByRole('button', { name: 'Break glass' }).click()
  const why = 'Nobody else answers, and the queue grows by the minute.'
  await drawer(page).getByLabel('Why nobody else can agree first').fill('too short')
  await expect(drawer(page).getByRole('button', { name: 'Break glass' })).toContainText('more characters')
  await drawer(page).getByLabel('Why nobody else can agree first').fill(why)
  await drawer(page).getByRole('button', { name: 'Break glass' }).click()
  await expect(standing(page)).toHaveText('ready')
  await drawer(page).getByRole('button', { name: 'Carry out' }).click()
  await expect(standing(page)).toContainText('applied', { timeout: WORLD_MS })
  await expect(drawer(page)).toContainText('Waits for somebody else.')
  await expect(drawer(page).getByRole('button', { name: 'Review it' })).toHaveCount(0)

  const reviewer = await open()
  await signIn(reviewer, 'noa', '/settings/broken-glass')
  const waiting = reviewer.getByRole('list', { name: 'Waiting for a review' })
  const entry = waiting.getByRole('listitem').filter({ hasText: why })
  await entry.getByRole('button', { name: 'Look at it and review' }).click()
  await drawer(reviewer).getByRole('button', { name: 'Review it' }).click()
  await drawer(reviewer).getByLabel('What you make of it').fill('Right; a second responder joins at night.')
  await drawer(reviewer).getByRole('button', { name: 'Write the review' }).click()
  await expect(drawer(reviewer)).toContainText('@noa: Right; a second responder joins at night.')
  await drawer(reviewer).getByRole('button', { name: 'Close' }).click()
  await expect(entry).toHaveCount(0)
})

test('an outage is worked by the tree: the fallback is prepared, carried out and verified, users are told, it is resolved', async ({
  page,
}) => {
  await inject(
    { event: 'provider-errors', status: 503, share: 0.7, for: '90s' },
    {
      event: 'status-page',
      mode: 'incident',
      title: 'Errors',
      impact: 'major',
      components: ['API'],
      for: '90s',
    },
  )
  await signIn(page, 'ana', '/incidents')
  const name = await declared(page, `Calls fail ${test.info().testId.slice(-6)}`)
  await expect(toDo(page).getByRole('heading', { name: /Turn on the fallback/ })).toBeVisible({
    timeout: WORLD_MS,
  })

  await pressFor(page, 'p', drawer(page))
  await expect(drawer(page)).toContainText('nothing is sent yet')
  await drawer(page).getByRole('button', { name: 'Prepare' }).click()
  await expect(standing(page)).toHaveText('ready')
  await expect(drawer(page)).toContainText('VASTAI_FALLBACK=true')
  await expect(drawer(page)).toContainText('VASTAI_FALLBACK: false')
  await drawer(page).getByRole('button', { name: 'Carry out' }).click()
  await expect(standing(page)).toHaveText('applied, effect verified', { timeout: WORLD_MS })
  await expect(drawer(page).getByRole('region', { name: 'Kept before' })).toContainText(
    'rollout and revisions',
  )
  await expect(drawer(page).getByRole('button', { name: 'Prepare the way back' })).toBeVisible()
  await drawer(page).getByRole('button', { name: 'Close' }).click()

  const told = toDo(page).getByRole('listitem').filter({ hasText: 'Tell users that service is degraded' })
  await told.getByText('Tell users that service is degraded').click()
  await told.getByRole('button', { name: 'I did it myself' }).click()
  await drawer(page).getByLabel('What you did').fill('posted in #status')
  await drawer(page).getByLabel('What it printed').fill('posted with token=abcdef123456')
  await drawer(page).getByRole('button', { name: 'Write it down' }).click()
  await expect(standing(page)).toHaveText('done by hand')
  await expect(drawer(page).getByLabel('Output')).toHaveValue('posted with token=[redacted]')
  await drawer(page).getByRole('button', { name: 'Close' }).click()

  const runs = page.getByRole('list', { name: 'Actions, newest first' })
  await expect(runs).toContainText('applied, effect verified')
  await expect(runs).toContainText('done by hand')
  await expect(record(page)).toContainText('Turn on the fallback')
  const status = await statusDialog(page, name)
  await status.getByLabel('Status').selectOption('resolved')
  await status.getByRole('button', { name: 'Set status' }).click()
  await expect(record(page)).toContainText('Resolved, was investigating')
})
