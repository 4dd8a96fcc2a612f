import { hash32, hex } from '../world/random'

const LETTERS = 'bcdfghjklmnpqrstvwxz2456789'

/** Letters as Kubernetes draws them: no vowels, so that no word comes out. */
export function suffix(seed: number, salt: number, length: number): string {
  return Array.from({ length }, (_, index) => LETTERS[hash32(seed, salt, index + 7) % LETTERS.length]).join(
    '',
  )
}

export function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}

export function uidOf(seed: number, salt: number): string {
  const id = hex(seed, salt, 32)
  return `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-9${id.slice(17, 20)}-${id.slice(20, 32)}`
}

/** Whole seconds, as Kubernetes writes the times of objects. */
export function stampOf(timeMs: number): string {
  return `${new Date(Math.floor(timeMs / 1000) * 1000).toISOString().slice(0, 19)}Z`
}
