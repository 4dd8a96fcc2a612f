import { xidName } from '@/lib/health/rules/xid-names'

/** strikeWords names a strike for people: `XID 79, off the bus`. */
export function strikeWords(strike: {
  readonly kind: string
  readonly code: number | null
  readonly detail: string
}): string {
  if (strike.kind === 'xid' && strike.code !== null) return `XID ${strike.code}, ${xidName(strike.code)}`
  return strike.detail || strike.kind
}
