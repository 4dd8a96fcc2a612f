import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { statePath } from './checkout.mjs'

const MAKERS = {
  NEXTAUTH_SECRET: () => randomBytes(48).toString('base64'),
  WATCHFLOOR_KEY: () => `k1:${randomBytes(32).toString('base64')}`,
  WATCHFLOOR_AGENT_TOKEN: () => randomBytes(32).toString('base64url'),
}

/** secrets returns the checkout's own secrets by variable name; they are made once and readable by the owner only. */
export function secrets() {
  const path = statePath('secrets.json')
  const known = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
  const missing = Object.keys(MAKERS).filter((name) => !known[name])
  if (missing.length === 0) return known
  const complete = { ...known, ...Object.fromEntries(missing.map((name) => [name, MAKERS[name]()])) }
  writeFileSync(path, `${JSON.stringify(complete, null, 2)}\n`, { mode: 0o600 })
  chmodSync(path, 0o600)
  return complete
}
