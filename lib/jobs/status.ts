import { connectStatus, type Targets } from '../connect-status'
import type { Console } from '../console'
import { isUnavailable } from '../platform/db'
import { sqlOf } from '../platform/sql'
import { advanceStatus } from '../status/advance'
import { bundleOf, copyPolicy } from '../status/bundle'
import { copyTo } from '../status/copy-dispatch'
import { keepCopyResult } from '../status/export-load'
import { SCRIPT_HASH, STYLE_HASH } from '../status/hashes'
import type { PublicRows } from '../status/model'
import { pageOf } from '../status/page-model'
import { keepRows } from '../status/projection-load'
import { addressOf, loadPublicRows, pageIdOf } from '../status/public-load'
import { listen } from './listen'
import type { Job } from './runner'

const TICK_MS = 15_000
const COPY_MS = 60_000

/** COPY_POLICY is the content security policy inside a copy’s pages. */
export const COPY_POLICY = copyPolicy({ script: SCRIPT_HASH, style: STYLE_HASH })

/** copyRows writes the rows and their copies everywhere; one place that fails stops no other. */
export async function copyRows(
  rows: PublicRows,
  around: {
    readonly targets: Targets['targets']
    readonly now: Date
    readonly done: (
      id: string,
      result: { readonly copied: Awaited<ReturnType<typeof copyTo>> } | { readonly error: string },
    ) => Promise<void>
  },
): Promise<void> {
  const { now } = around
  const page = pageOf(rows, now)
  const files = bundleOf(page, { pageId: pageIdOf(rows.page.url), policy: COPY_POLICY })
  const bundle = { files, sequence: rows.page.sequence, confirmedAt: rows.page.confirmedAt, now }
  await Promise.all(
    around.targets.map(async (target) => {
      const result = await copyTo(target, bundle).then(
        (copied) => ({ copied }),
        (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
      )
      await around.done(target.id, result)
    }),
  )
}

/** statusJob confirms that we watch, moves windows by the clock, and copies the page out every minute and at every change. */
export function statusJob(app: Console): Job {
  const { log, clock, env } = app
  const work = {
    pool: app.hot,
    db: () => app.db,
    log,
    statusDir: env.WATCHFLOOR_STATUS_DIR,
    key: env.WATCHFLOOR_KEY,
  }

  async function copy(): Promise<void> {
    const now = clock.now()
    const sql = sqlOf(app.hot)
    const rows = await loadPublicRows(app.hot, { fallbackUrl: addressOf(env), now })
    await keepRows(env.WATCHFLOOR_STATUS_DIR, rows)
    const { targets, broken, close } = await connectStatus(app)
    const note = { now, sequence: rows.page.sequence }
    try {
      for (const { id, why } of broken) await keepCopyResult(sql, { id, error: why, ...note })
      await copyRows(rows, {
        targets,
        now,
        done: async (id, result) => {
          if ('error' in result) log.warn({ target: id, err: result.error }, 'a copy of the page failed')
          await keepCopyResult(sql, { id, ...note, ...result })
        },
      })
    } finally {
      await close()
    }
  }

  return {
    name: 'status',
    start: async ({ held }) => {
      let copiedAtMs = -Infinity
      let isChanged = true
      let again = false
      let working: Promise<void> | undefined
      const step = async (): Promise<void> => {
        if (await advanceStatus(work, clock.now())) isChanged = true
        if (!isChanged && clock.monotonicMs() - copiedAtMs < COPY_MS) return
        isChanged = false
        copiedAtMs = clock.monotonicMs()
        await copy()
      }
      const go = (): void => {
        if (!held()) return
        working ??= step()
          .then(() => {
            again = isChanged
          })
          .catch((error: unknown) => {
            // Not at once again: the next tick tries.
            again = false
            if (isUnavailable(error)) log.warn({ err: error }, 'the public page could not be copied')
            else log.error({ err: error }, 'the public page could not be copied')
          })
          .finally(() => {
            working = undefined
            if (again && held()) go()
          })
      }
      const stopListening = await listen(app, {
        name: 'status-listen',
        channels: ['watchfloor_status'],
        on: () => {
          isChanged = true
          go()
        },
        onProblem: (error) => log.warn({ err: error }, 'not woken for the public page; looking every 15 s'),
      })
      const timer = setInterval(go, TICK_MS)
      go()
      return async () => {
        clearInterval(timer)
        await stopListening()
        await working
      }
    },
  }
}
