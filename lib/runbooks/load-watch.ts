import type { Console } from '../console'
import { wakeConsoles } from '../live/wake'
import { sha256Hex } from '../platform/crypto'
import { createRounds } from '../platform/rounds'
import type { RunbookShelf, Runbooks } from './load'
import { openShelf } from './load-shelf'
import {
  type GoodText,
  type RunbookState,
  readRunbookState,
  writeGoodTexts,
  writeRunbookState,
} from './store'
import { endEdit } from './version-store'

const EVERY_MS = 2_000

/** RunbookWatch is the runbooks as they count now, followed from the files and the approved edits. */
export type RunbookWatch = {
  readonly current: () => Runbooks
  /** look reads files and edits once more, also after a look under way, and publishes what changed; it never rejects. */
  readonly look: () => Promise<void>
  readonly stop: () => Promise<void>
}

function faultsOf(shelf: RunbookShelf): string {
  return JSON.stringify(shelf.problems())
}

/** saidBy is what two states must share to be the same news. */
function saidBy({ hash, files, problems }: Omit<RunbookState, 'loadedAt'>): string {
  const told = files.map(({ path, hash: of, version }) => [path, of, version ?? 0])
  return JSON.stringify([hash, told, problems])
}

/**
 * startRunbookWatch reads files and approved edits every 2 s: good ones count from then on, a fault is published and the
 * last good ones stay; an edit whose file has come to say the same is ended.
 */
export async function startRunbookWatch(app: Console): Promise<RunbookWatch> {
  const { clock, log } = app
  const shelf = await openShelf(app, clock.now())
  let seen = faultsOf(shelf)
  let published = ''

  async function publish(): Promise<void> {
    const { hash, loadedAt, files } = shelf.current()
    const problems = [...shelf.problems()]
    const counting = [...files.values()].map(({ path, hash: of, version }) => ({
      path,
      hash: of,
      ...(version === undefined ? {} : { version }),
    }))
    const state = { hash, loadedAt: loadedAt.getTime() / 1000, files: counting, problems }
    const text = saidBy(state)
    if (text === published) return
    const stored = await readRunbookState(app)
    if (!stored || saidBy(stored) !== text) {
      await writeRunbookState(app, state, clock.now())
      wakeConsoles(app.hot)
    }
    if (problems.length === 0 && files.size > 0) await writeGoodTexts(app, goodTexts(), clock.now())
    for (const problem of problems) log.error({ problem }, 'runbook file refused; the last good one stays')
    if (published !== '' && problems.length === 0) log.info({ hash }, 'runbooks read anew')
    published = text
  }

  function goodTexts(): readonly GoodText[] {
    return [...shelf.current().files.values()].map(({ path, text, version }) => ({ path, text, version }))
  }

  async function look(): Promise<void> {
    await shelf.reload(clock.now())
    const faults = faultsOf(shelf)
    // A file that is just being written may look broken: a fault counts when the next look finds it again.
    const isSettled = faults === '[]' || faults === seen
    seen = faults
    if (isSettled) await publish()
    if (isSettled) await endEdits()
  }

  async function endEdits(): Promise<void> {
    for (const edit of shelf.caughtUp())
      await endEdit(app, { ...edit, hash: sha256Hex(edit.text) }, clock.now())
  }

  const complain = (error: unknown): void => log.warn({ err: error }, 'the state of the runbooks is not told')
  await publish().catch(complain)
  const rounds = createRounds(look, complain)
  const timer = setInterval(rounds.tick, EVERY_MS)
  return {
    current: shelf.current,
    look: rounds.ask,
    stop: async () => {
      clearInterval(timer)
      await rounds.stop()
    },
  }
}
