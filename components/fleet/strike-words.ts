import { xidWords } from './xid-words'

/** strikeWords names a strike for people: `XID 79, off the bus`. */
export function strikeWords(strike: {
  readonly kind: string
  readonly code: number | null
  readonly detail: string
}): string {
  if (strike.kind === 'xid' && strike.code !== null)
    return `XID ${strike.code}, ${xidWords(strike.code).short}`
  return strike.detail || strike.kind
}
