const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'

/** ONE_TIME_PATTERN is the form of a one-time password: four groups of five letters and digits without look-alikes. */
export const ONE_TIME_PATTERN = /^(?:[a-hjkmnp-z2-9]{5}-){3}[a-hjkmnp-z2-9]{5}$/

/**
 * oneTimePassword makes a password from at least 20 random bytes, about 98 bits. The admin's browser makes it: the
 * server stores a hash and never sends it back, so no answer kept for a retry can hold it.
 */
export function oneTimePassword(bytes: Uint8Array): string {
  if (bytes.length < 20) throw new Error('A one-time password needs 20 random bytes')
  const letters = Array.from(bytes.subarray(0, 20), (byte) => ALPHABET[byte % ALPHABET.length])
  return [0, 5, 10, 15].map((at) => letters.slice(at, at + 5).join('')).join('-')
}
