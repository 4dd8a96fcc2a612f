const MASK = '[redacted]'

const PATTERNS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\b(?:Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi,
  /\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]+):[^\s@/]+@/gi,
  /\b((?:api[_-]?key|token|secret|password|passwd|authorization)["']?\s*[:=]\s*["']?)[^\s"',;&]{4,}/gi,
]

const SECRET_NAME =
  /secret|password|passwd|token|api[_-]?key|authorization|cookie|database_url|watchfloor_key|jupyter|ssh_key|onstart|extra_env/i

const known = new Set<string>()

/** rememberSecret makes every later redaction mask this value and its base64 and URL forms; short values are ignored. */
export function rememberSecret(value: string | undefined): void {
  if (!value || value.length < 8) return
  known.add(value)
  known.add(Buffer.from(value).toString('base64'))
  known.add(encodeURIComponent(value))
}

/** redactText masks known secrets and whatever looks like one (keys, tokens, private keys, passwords in URLs). */
export function redactText(text: string): string {
  let out = text
  for (const secret of known) if (out.includes(secret)) out = out.replaceAll(secret, MASK)
  for (const pattern of PATTERNS) {
    out = out.replace(pattern, (_all, keep: unknown) => {
      if (typeof keep !== 'string') return MASK
      return keep.includes('://') ? `${keep}:${MASK}@` : `${keep}${MASK}`
    })
  }
  return out
}

/** redact copies a JSON-like value with secret-named fields masked and every text passed through redactText; depth ≤ 12. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value)
  if (value === null || typeof value !== 'object') return value
  if (depth >= 12) return '[deep]'
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Error)
    return { name: value.name, message: redactText(value.message), stack: redactText(value.stack ?? '') }
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      SECRET_NAME.test(key) && item !== null && item !== undefined && typeof item !== 'boolean'
        ? MASK
        : redact(item, depth + 1),
    ]),
  )
}
