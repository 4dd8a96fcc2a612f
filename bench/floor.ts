import { cpSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../scripts/lib/checkout.mjs'
import { run } from '../scripts/lib/commands.mjs'
import { contentHash, isStamped, stamp } from '../scripts/lib/stamps.mjs'
import { progress } from './clock'

// Below the checkout, so that the build finds its packages.
const FLOOR = join(root, '.watchfloor', 'floor')
const SERVER = join(FLOOR, '.next', 'standalone', '.watchfloor', 'floor', 'server.js')

/** buildFloor makes the production build of the near-empty reference page if it changed, and gives its server's path. */
export async function buildFloor(): Promise<string> {
  const hash = contentHash(root, ['bench/floor', 'package-lock.json'], process.version)
  if (isStamped('floor', hash) && existsSync(SERVER)) return SERVER
  progress('building the reference page')
  rmSync(FLOOR, { recursive: true, force: true })
  cpSync(join(root, 'bench', 'floor'), FLOOR, { recursive: true })
  const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next')
  const { code, output, errors } = await run(process.execPath, [next, 'build'], {
    cwd: FLOOR,
    env: { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
  })
  if (code !== 0) throw new Error(`the reference page did not build:\n${output}\n${errors}`)
  cpSync(join(FLOOR, '.next', 'static'), join(SERVER, '..', '.next', 'static'), { recursive: true })
  stamp('floor', hash)
  return SERVER
}
