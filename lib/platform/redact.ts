const MASK = '[redacted]'

/** NAMED is how a secret is called just before its value: in environment, JSON, YAML, headers, flags and addresses. */
const NAMED =
  'api[_-]?key|access[_-]?key(?:[_-]?id)?|secret[_-]?key|private[_-]?key|signing[_-]?key|encryption[_-]?key|ssh[_-]?key|account[_-]?key|token|secret|password|passwd|passphrase|credentials?|authorization|cookie'

/** Every repetition before a fixed text is bounded: a long line must not cost more than its length. */
const PATTERNS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  /eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /(?:xox[abeprs]|xapp)-[A-Za-z0-9-]{10,}/g,
  /gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}/g,
  /\b(?:hf|npm|whsec|dckr_pat|sk_live|rk_live)_[A-Za-z0-9+/=_-]{16,}|\bsk-[A-Za-z0-9_-]{20,}|\bAIza[A-Za-z0-9_-]{30,}/g,
  /\b(?:Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi,
  /(hooks\.slack\.com\/(?:services|workflows)\/)[A-Za-z0-9/_-]{8,}/gi,
  /\b([a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]{0,200}):[^\s@/]{1,500}@/gi,
  new RegExp(`((?:${NAMED})\\s*[:=]\\s*)"[^"\\\\\\n]{4,2000}"`, 'gi'),
  new RegExp(
    `((?:${NAMED})(?:\\\\*["'])?\\s{0,4}[:=]\\s{0,4}(?:\\\\*["'])?)(?!\\[redacted)[^\\s"',;&\\\\]{4,}`,
    'gi',
  ),
  /(--(?:api-?key|token|secret|password|passphrase)\s{1,4})[^\s-][^\s]{3,}/gi,
  /([A-Z0-9]_(?:KEY|PASS|PWD|AUTH)=)[^\s"',;&]{6,}/g,
  // A container's environment is a list of names and values.
  /(name\\*["']?\s{0,4}:\s{0,4}\\*["']?[\w.-]{0,60}(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS)\\*["']?\s{0,4},?\s{1,40}-?\s{0,4}\\*["']?value\\*["']?\s{0,4}:\s{0,4}\\*["']?)[^\s"',;&\\]{4,}/gi,
  /(name\\*["']\s{0,4}:\s{0,4}\\*["'][\w.-]{0,60}(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS)\\*["'],\s{0,4}\\*["']value\\*["']\s{0,4}:\s{0,4}\\*["'])[^\s"',;&\\]{4,}/gi,
]

/** What no pattern can match without: most texts hold none of it, and cost one look. */
const SUSPECT =
  /private key|eyJ|AKIA|ASIA|xox|xapp-|gh[pousr]_|github_pat_|glpat-|hf_|npm_|whsec_|dckr_pat_|k_live_|sk-|AIza|bearer|basic|slack|:\/\/[^\s/@]{1,701}@|key|token|secret|passw|passp|credential|authorization|cookie|_(?:PASS|PWD|AUTH)=/i

const SECRET_NAME =
  /secret|password|passwd|passphrase|token|api[_-]?key|access[_-]?key|private[_-]?key|authorization|cookie|database_url|watchfloor_key|jupyter|ssh_key|onstart|extra_env/i

/** The name of a variable whose value is a secret, in a list of names and values. */
const SECRET_VARIABLE = /(?:key|token|secret|password|passwd|passphrase|credentials?|_pass|_pwd|_auth)$/i

const known = new Set<string>()
/** All of `known` as one pattern, the longest first; undefined while nothing is known. */
let knownPattern: RegExp | undefined

/** rememberSecret makes every later redaction mask this value and its base64 and URL forms; short values are ignored. */
export function rememberSecret(value: string | undefined): void {
  if (!value || value.length < 8) return
  known.add(value)
  known.add(Buffer.from(value).toString('base64'))
  known.add(encodeURIComponent(value))
  const longestFirst = [...known].sort((a, b) => b.length - a.length)
  const literal = (secret: string): string => secret.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')
  knownPattern = new RegExp(longestFirst.map(literal).join('|'), 'g')
}

/** redactText masks known secrets and whatever looks like one (keys, tokens, private keys, passwords in URLs). */
export function redactText(text: string): string {
  let out = knownPattern === undefined ? text : text.replace(knownPattern, MASK)
  if (!SUSPECT.test(out)) return out
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
  if (isSecretVariable(value)) return { ...redactFields(value, depth), value: MASK }
  return redactFields(value, depth)
}

function isSecretVariable(value: object): boolean {
  return (
    'name' in value &&
    'value' in value &&
    typeof value.name === 'string' &&
    typeof value.value === 'string' &&
    SECRET_VARIABLE.test(value.name)
  )
}

/** maskNamed masks the values of fields whose name says secret, in a map whose texts went through redactText already. */
export function maskNamed(map: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(map).map(([key, text]) => [key, SECRET_NAME.test(key) ? MASK : text])
  const masked = Object.fromEntries(entries)
  return isSecretVariable(map) ? { ...masked, value: MASK } : masked
}

function redactFields(value: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      SECRET_NAME.test(key) && item !== null && item !== undefined && typeof item !== 'boolean'
        ? MASK
        : redact(item, depth + 1),
    ]),
  )
}
