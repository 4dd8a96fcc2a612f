/** BUCKETS is into how many equal parts all keys are spread: a hundredth of a percent each. */
export const BUCKETS = 10_000

function scrambled(word: number): number {
  const mixed = Math.imul(word, 0xcc9e2d51)
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
}

/** murmur3 is the 32-bit MurmurHash3 (x86) of bytes, unsigned. */
export function murmur3(bytes: Uint8Array, seed = 0): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const whole = bytes.byteLength - (bytes.byteLength % 4)
  let hash = seed
  for (let at = 0; at < whole; at += 4) {
    hash ^= scrambled(view.getUint32(at, true))
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0
  }
  let tail = 0
  for (let at = bytes.byteLength - 1; at >= whole; at -= 1) tail = (tail << 8) | view.getUint8(at)
  if (bytes.byteLength > whole) hash ^= scrambled(tail)
  hash ^= bytes.byteLength
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

const encoder = new TextEncoder()

/** bucketOf gives where a key stands under a salt, from 0 below BUCKETS; it never moves while the salt stays. */
export function bucketOf(salt: string, key: string): number {
  return murmur3(encoder.encode(`${salt}\u0000${key}`)) % BUCKETS
}
