import type { Console } from '../console'
import { createRunbooks, type RunbookShelf, type Runbooks } from './load'
import { readRunbookState, writeRunbookState } from './store'

const EVERY_MS = 2_000

/** RunbookWatch is the runbooks as they count now, followed from the files. */
export type RunbookWatch = {
  readonly current: () => Runbooks
  /** look reads the files once more and publishes what changed. */
  readonly look: () => Promise<void>
  readonly stop: () => Promise<void>
}

function faultsOf(shelf: RunbookShelf): string {
  return JSON.stringify(shelf.problems())
}

/** startRunbookWatch reads the files every 2 s: good ones count from then on, a fault is published and the last good ones stay. */
export async function startRunbookWatch(app: Console): Promise<RunbookWatch> {
  const { clock, log } = app
  const shelf = await createRunbooks({ dir: app.env.WATCHFLOOR_RUNBOOKS, now: clock.now() })
  let seen = faultsOf(shelf)
  let published = ''
  let looking: Promise<void> | undefined

  async function publish(): Promise<void> {
    const { hash, loadedAt } = shelf.current()
    const problems = [...shelf.problems()]
    const text = JSON.stringify([hash, problems])
    if (text === published) return
    const stored = await readRunbookState(app)
    if (!stored || JSON.stringify([stored.hash, stored.problems]) !== text) {
      const state = { hash, loadedAt: loadedAt.getTime() / 1000, problems }
      await writeRunbookState(app, state, clock.now())
    }
    for (const problem of problems) log.error({ problem }, 'runbook file refused; the last good one stays')
    if (published !== '' && problems.length === 0) log.info({ hash }, 'runbooks read anew')
    published = text
  }

  async function look(): Promise<void> {
    await shelf.reload(clock.now())
    const faults = faultsOf(shelf)
    // A file that is just being written may look broken: a fault counts when the next look finds it again.
    const isSettled = faults === '[]' || faults === seen
    seen = faults
    if (isSettled) await publish()
  }

  function lookOnce(): Promise<void> {
    looking ??= look().finally(() => {
      looking = undefined
    })
    return looking
  }

  const complain = (error: unknown): void => log.warn({ err: error }, 'the state of the runbooks is not told')
  await publish().catch(complain)
  const timer = setInterval(() => void lookOnce().catch(complain), EVERY_MS)
  return {
    current: shelf.current,
    look: lookOnce,
    stop: async () => {
      clearInterval(timer)
      await looking?.catch(() => undefined)
    },
  }
}
