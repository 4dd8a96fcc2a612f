const BLOCK = 512
const NAME_BYTES = 100
const PREFIX_BYTES = 155

/** TarFile is one file of an archive. */
export type TarFile = { readonly path: string; readonly bytes: Uint8Array }

/**
 * tarOf writes files as a POSIX ustar archive: plain files of mode 0644, owner 0, all with one modification time (epoch
 * seconds), in the order given. The same files give the same bytes. Throws for a path that ustar can't hold.
 */
export function tarOf(files: readonly TarFile[], modifiedSeconds: number): Uint8Array {
  const blocks = files.flatMap(({ path, bytes }) => [
    headerOf(path, bytes.length, modifiedSeconds),
    bytes,
    new Uint8Array((BLOCK - (bytes.length % BLOCK)) % BLOCK),
  ])
  return joined([...blocks, new Uint8Array(BLOCK * 2)])
}

function joined(blocks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(blocks.reduce((sum, block) => sum + block.length, 0))
  let at = 0
  for (const block of blocks) {
    whole.set(block, at)
    at += block.length
  }
  return whole
}

function headerOf(path: string, sizeBytes: number, modifiedSeconds: number): Uint8Array {
  const header = new Uint8Array(BLOCK)
  const put = (text: string, at: number): void => header.set(new TextEncoder().encode(text), at)
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`
  const { name, prefix } = splitPath(path)
  put(name, 0)
  put(octal(0o644, 7), 100)
  put(octal(0, 7), 108)
  put(octal(0, 7), 116)
  put(octal(sizeBytes, 11), 124)
  put(octal(Math.max(0, Math.floor(modifiedSeconds)), 11), 136)
  put('        ', 148)
  put('0', 156)
  put('ustar\x0000', 257)
  put(prefix, 345)
  const sum = header.reduce((total, byte) => total + byte, 0)
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

function splitPath(path: string): { readonly name: string; readonly prefix: string } {
  if (path.length <= NAME_BYTES) return { name: path, prefix: '' }
  const slash = path.indexOf('/', path.length - NAME_BYTES - 1)
  if (slash < 0 || slash > PREFIX_BYTES) throw new RangeError(`the path is too long for an archive: ${path}`)
  return { name: path.slice(slash + 1), prefix: path.slice(0, slash) }
}

/** untar reads the plain files of a ustar archive; undefined where the bytes are none, or a header's sum is wrong. */
export function untar(bytes: Uint8Array): readonly TarFile[] | undefined {
  const files: TarFile[] = []
  const text = (at: number, length: number): string => {
    const end = bytes.indexOf(0, at)
    return new TextDecoder().decode(bytes.subarray(at, end < 0 ? at + length : Math.min(end, at + length)))
  }
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const header = bytes.subarray(at, at + BLOCK)
    if (header.every((byte) => byte === 0)) return files
    if (text(at + 257, 5) !== 'ustar' || !isWhole(header, text(at + 148, 8))) return undefined
    const size = Number.parseInt(text(at + 124, 12), 8)
    const prefix = text(at + 345, PREFIX_BYTES)
    const name = text(at, NAME_BYTES)
    const start = at + BLOCK
    if (!Number.isSafeInteger(size) || start + size > bytes.length) return undefined
    files.push({
      path: prefix === '' ? name : `${prefix}/${name}`,
      bytes: bytes.subarray(start, start + size),
    })
    at = start + Math.ceil(size / BLOCK) * BLOCK
  }
  return undefined
}

function isWhole(header: Uint8Array, told: string): boolean {
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0)
  return Number.parseInt(told, 8) === sum
}
