import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../scripts/lib/checkout.mjs'
import { run } from '../scripts/lib/commands.mjs'
import { atEnd } from './cleanup'

/** OwnPostgres is a server of the suite's own, so that it can be struck down without hurting anybody else. */
export type OwnPostgres = {
  readonly url: string
  /** crash ends the server without a shutdown (SIGQUIT: as after a loss of power) and starts it again, with recovery. */
  readonly crash: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** startOwnPostgres makes a cluster in a temporary folder with the embedded programs and starts it. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-bench-pg-'))
  // Open to others, so that a server started by root as another user can reach its files.
  chmodSync(folder, 0o755)
  const db = async (...args: readonly string[]): Promise<string> => {
    const { code, output, errors } = await run(process.execPath, [join(root, 'scripts', 'db.mjs'), ...args], {
      env: { WATCHFLOOR_STATE: folder, DATABASE_URL: '' },
    })
    if (code !== 0) throw new Error(`db.mjs ${args.join(' ')} failed:\n${output}\n${errors}`)
    return output
  }
  const start = async (): Promise<number> => {
    const pid = /\(pid (\d+)\)/.exec(await db('start'))?.[1]
    if (pid === undefined) throw new Error('the database did not say its process id')
    return Number(pid)
  }
  const stop = atEnd(async () => {
    await db('stop', '--force').catch(() => undefined)
    rmSync(folder, { recursive: true, force: true })
  })
  try {
    let pid = await start()
    const url = (await db('url')).trim().split('\n').at(-1) ?? ''
    return {
      url,
      crash: async () => {
        process.kill(pid, 'SIGQUIT')
        pid = await start()
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
