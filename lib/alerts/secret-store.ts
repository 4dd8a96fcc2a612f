import type { Console } from '../console'
import { sha256Hex } from '../platform/crypto'
import { rememberSecret } from '../platform/redact'
import type { ActiveSecret } from './hook-verify'
import { isSender, type Sender } from './model'

const CACHE_MS = 2_000

/** sealPlace is where a hook's signing secret is sealed to: it opens nowhere else. */
export function sealPlace(id: string): string {
  return `hook_secret|${id}|sealed`
}

/** secretsOfEnvironment reads WATCHFLOOR_HOOK_SECRETS: a JSON object of sender → list of secrets; {} when it is none. */
export function secretsOfEnvironment(text: string | undefined): Partial<Record<Sender, readonly string[]>> {
  if (text === undefined) return {}
  try {
    const parsed: unknown = JSON.parse(text)
    if (parsed === null || typeof parsed !== 'object') return {}
    const entries = Object.entries(parsed).filter(([sender]) => isSender(sender))
    return Object.fromEntries(
      entries.map(([sender, value]) => [
        sender,
        (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string' && one.length >= 16),
      ]),
    )
  } catch {
    return {}
  }
}

function environmentSecrets(console: Console, sender: Sender): ActiveSecret[] {
  const listed = secretsOfEnvironment(console.env.WATCHFLOOR_HOOK_SECRETS)[sender] ?? []
  return listed.map((secret, index) => {
    rememberSecret(secret)
    return {
      id: `environment-${index + 1}`,
      digest: sender === 'alertmanager' ? sha256Hex(secret) : undefined,
      secret: sender === 'alertmanager' ? undefined : secret,
    }
  })
}

async function readSecrets(console: Console, sender: Sender): Promise<readonly ActiveSecret[]> {
  const { rows } = await console.hot.query<{ id: string; digest: string | null; sealed: string | null }>({
    name: 'hook-secrets',
    text: 'SELECT id, digest, sealed FROM hook_secret WHERE sender = $1 AND revoked_at IS NULL ORDER BY slot',
    values: [sender],
  })
  const stored = rows.map((row) => ({
    id: row.id,
    digest: row.digest ?? undefined,
    secret: row.sealed === null ? undefined : console.seal.open(row.sealed, sealPlace(row.id)),
  }))
  return [...stored, ...environmentSecrets(console, sender)]
}

type Cached = { readonly secrets: Promise<readonly ActiveSecret[]>; readonly untilMs: number }

const caches = new WeakMap<Console, Map<Sender, Cached>>()

/** activeSecrets gives the secrets in force for a sender, at most 2 s old; throws when the database does not answer. */
export async function activeSecrets(console: Console, sender: Sender): Promise<readonly ActiveSecret[]> {
  const cache = caches.get(console) ?? new Map<Sender, Cached>()
  caches.set(console, cache)
  const known = cache.get(sender)
  if (known && known.untilMs > console.clock.monotonicMs()) return known.secrets
  const secrets = readSecrets(console, sender)
  cache.set(sender, { secrets, untilMs: console.clock.monotonicMs() + CACHE_MS })
  secrets.catch(() => cache.delete(sender))
  return secrets
}
