import { keyedHex, sameSecret } from '../platform/crypto'

/** Links makes and checks what stands in the links of mails, from the console's own key: nothing of it is stored. */
export type Links = {
  /** digestOf finds a subscriber by address without keeping the address in plain. */
  readonly digestOf: (address: string) => string
  /** networkOf names a network in the count of sign-ups, without keeping its address. */
  readonly networkOf: (network: string) => string
  readonly confirmToken: (id: string, nonce: string) => string
  readonly endToken: (id: string) => string
  readonly isConfirmToken: (token: string, id: string, nonce: string) => boolean
  readonly isEndToken: (token: string, id: string) => boolean
}

/** linksOf derives every token from one key, each kind under a name of its own. */
export function linksOf(key: string): Links {
  const hex = (kind: string, value: string): string => keyedHex(key, `subscribers.${kind}\n${value}`)
  const confirmToken = (id: string, nonce: string): string => hex('confirm', `${id}\n${nonce}`)
  const endToken = (id: string): string => hex('end', id)
  return {
    digestOf: (address) => hex('address', address),
    networkOf: (network) => hex('network', network),
    confirmToken,
    endToken,
    isConfirmToken: (token, id, nonce) => sameSecret(token, confirmToken(id, nonce)),
    isEndToken: (token, id) => sameSecret(token, endToken(id)),
  }
}
