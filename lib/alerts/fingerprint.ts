const PRIME = 0x100000001b3n
const OFFSET = 0xcbf29ce484222325n
const MASK = 0xffffffffffffffffn
const SEPARATOR = 0xff
const encoder = new TextEncoder()

/** fingerprintOf is Alertmanager's own fingerprint of a label set: FNV-1a 64 over sorted names and values, 16 hex digits. */
export function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  let hash = OFFSET
  const add = (byte: number): void => {
    hash = ((hash ^ BigInt(byte)) * PRIME) & MASK
  }
  const names = Object.keys(labels).sort((a, b) => (a < b ? -1 : 1))
  for (const name of names) {
    for (const byte of encoder.encode(name)) add(byte)
    add(SEPARATOR)
    for (const byte of encoder.encode(labels[name])) add(byte)
    add(SEPARATOR)
  }
  return hash.toString(16).padStart(16, '0')
}
