export function hash32(a: number, b: number, c = 0): number {
  let h =
    Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^
    Math.imul(b + 0x7f4a7c15, 0xc2b2ae35) ^
    Math.imul(c + 0x165667b1, 0x27d4eb2f)
  h ^= h >>> 15
  h = Math.imul(h, 0x2c1b3c6d)
  h ^= h >>> 12
  h = Math.imul(h, 0x297a2d39)
  h ^= h >>> 15
  return h >>> 0
}

export function unit(a: number, b: number, c = 0): number {
  return hash32(a, b, c) / 4_294_967_296
}

export function hex(a: number, b: number, digits: number): string {
  let text = ''
  for (let part = 0; text.length < digits; part += 1)
    text += hash32(a, b, part + 77)
      .toString(16)
      .padStart(8, '0')
  return text.slice(0, digits)
}

export function chooseIndexes(pool: readonly number[], count: number, seed: number): number[] {
  if (count >= pool.length) return [...pool]
  return [...pool]
    .sort((left, right) => hash32(seed, left) - hash32(seed, right) || left - right)
    .slice(0, count)
    .sort((left, right) => left - right)
}

/** A number in 0…1 for one request: it depends on what is asked and when, never on what was asked before. */
export function requestDraw(
  seed: number,
  effect: number,
  { path, offsetMs }: { readonly path: string; readonly offsetMs: number },
): number {
  let key = 0
  for (let index = 0; index < path.length; index += 1) key = (Math.imul(key, 31) + path.charCodeAt(index)) | 0
  return unit(seed ^ key, effect, offsetMs)
}
