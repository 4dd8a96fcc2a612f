import { deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const PALETTE_SIZE = 256
/** The commonest colours of a screen are its surfaces and its ink: they stay exactly as they are. */
const EXACT_COLOURS = 128

type Pixels = { readonly width: number; readonly height: number; readonly rgb: Uint32Array }
type Counted = { readonly rgb: number; readonly count: number }

/** palettePng makes an 8-bit palette PNG out of a truecolour PNG without interlace; transparency is dropped. */
export function palettePng(png: Buffer): Buffer {
  const { width, height, rgb } = decode(png)
  const counts = new Map<number, number>()
  for (const colour of rgb) counts.set(colour, (counts.get(colour) ?? 0) + 1)
  const palette = paletteOf(counts)
  const indexOf = new Map<number, number>()
  for (const colour of counts.keys()) indexOf.set(colour, nearest(palette, colour))
  const rows = Buffer.alloc(height * (width + 1))
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      rows[y * (width + 1) + 1 + x] = indexOf.get(rgb[y * width + x] ?? 0) ?? 0
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap((colour) => channels(colour)))),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function channels(rgb: number): [number, number, number] {
  return [rgb >> 16, (rgb >> 8) & 0xff, rgb & 0xff]
}

function paletteOf(counts: ReadonlyMap<number, number>): readonly number[] {
  const ordered = [...counts].map(([rgb, count]) => ({ rgb, count })).sort((a, b) => b.count - a.count)
  const exact = ordered.slice(0, EXACT_COLOURS).map(({ rgb }) => rgb)
  const rest = ordered.slice(EXACT_COLOURS)
  return [...exact, ...medianCut(rest, PALETTE_SIZE - exact.length)]
}

function medianCut(colours: readonly Counted[], size: number): readonly number[] {
  if (colours.length === 0) return []
  const boxes: Counted[][] = [[...colours]]
  while (boxes.length < size) {
    const widest = boxes
      .map((box, at) => ({ at, ...spread(box) }))
      .sort((a, b) => b.range - a.range)
      .find(({ range }) => range > 0)
    if (widest === undefined) break
    const box = boxes[widest.at] ?? []
    box.sort((a, b) => (channels(a.rgb)[widest.channel] ?? 0) - (channels(b.rgb)[widest.channel] ?? 0))
    boxes[widest.at] = box.slice(0, box.length >> 1)
    boxes.push(box.slice(box.length >> 1))
  }
  return boxes.map(mean)
}

function spread(box: readonly Counted[]): { readonly channel: 0 | 1 | 2; readonly range: number } {
  const ranges = ([0, 1, 2] as const).map((channel) => {
    const values = box.map(({ rgb }) => channels(rgb)[channel])
    return { channel, range: Math.max(...values) - Math.min(...values) }
  })
  return ranges.reduce((widest, one) => (one.range > widest.range ? one : widest))
}

function mean(box: readonly Counted[]): number {
  const total = box.reduce((sum, { count }) => sum + count, 0)
  const [red = 0, green = 0, blue = 0] = [0, 1, 2].map((channel) =>
    Math.round(box.reduce((sum, { rgb, count }) => sum + (channels(rgb)[channel] ?? 0) * count, 0) / total),
  )
  return (red << 16) | (green << 8) | blue
}

function nearest(palette: readonly number[], rgb: number): number {
  const [red, green, blue] = channels(rgb)
  let best = 0
  let bestDistance = Number.POSITIVE_INFINITY
  for (const [at, colour] of palette.entries()) {
    const [r, g, b] = channels(colour)
    const distance = 2 * (r - red) ** 2 + 4 * (g - green) ** 2 + 3 * (b - blue) ** 2
    if (distance >= bestDistance) continue
    best = at
    bestDistance = distance
  }
  return best
}

function decode(png: Buffer): Pixels {
  if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error('this is no PNG')
  const parts = chunksOf(png)
  const header = parts.find(({ type }) => type === 'IHDR')?.data
  if (header === undefined) throw new Error('this PNG has no header')
  const [depth, kind, , , interlace] = header.subarray(8)
  const width = header.readUInt32BE(0)
  const height = header.readUInt32BE(4)
  const pixelBytes = kind === 2 ? 3 : kind === 6 ? 4 : 0
  if (depth !== 8 || pixelBytes === 0 || interlace !== 0)
    throw new Error('only 8-bit truecolour PNGs without interlace are read')
  const raw = inflateSync(Buffer.concat(parts.filter(({ type }) => type === 'IDAT').map(({ data }) => data)))
  const bytes = unfilter(raw, { rowBytes: width * pixelBytes, height, pixelBytes })
  const rgb = new Uint32Array(width * height)
  for (let at = 0; at < rgb.length; at += 1) rgb[at] = bytes.readUIntBE(at * pixelBytes, 3)
  return { width, height, rgb }
}

function chunksOf(png: Buffer): { readonly type: string; readonly data: Buffer }[] {
  const parts = []
  for (let at = 8; at + 12 <= png.length; ) {
    const length = png.readUInt32BE(at)
    parts.push({
      type: png.toString('latin1', at + 4, at + 8),
      data: png.subarray(at + 8, at + 8 + length),
    })
    at += 12 + length
  }
  return parts
}

function unfilter(
  raw: Buffer,
  { rowBytes, height, pixelBytes }: { rowBytes: number; height: number; pixelBytes: number },
): Buffer {
  const out = Buffer.alloc(rowBytes * height)
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (rowBytes + 1)] ?? 0
    for (let x = 0; x < rowBytes; x += 1) {
      const at = y * rowBytes + x
      const left = x >= pixelBytes ? (out[at - pixelBytes] ?? 0) : 0
      const up = y > 0 ? (out[at - rowBytes] ?? 0) : 0
      const corner = x >= pixelBytes && y > 0 ? (out[at - rowBytes - pixelBytes] ?? 0) : 0
      out[at] = (raw[y * (rowBytes + 1) + 1 + x] ?? 0) + predicted(filter, { left, up, corner })
    }
  }
  return out
}

function predicted(
  filter: number,
  { left, up, corner }: { readonly left: number; readonly up: number; readonly corner: number },
): number {
  switch (filter) {
    case 0:
      return 0
    case 1:
      return left
    case 2:
      return up
    case 3:
      return (left + up) >> 1
    case 4:
      return paeth(left, up, corner)
    default:
      throw new Error(`PNG knows no filter ${filter}`)
  }
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner
  const [byLeft, byUp, byCorner] = [left, up, corner].map((value) => Math.abs(estimate - value))
  if ((byLeft ?? 0) <= (byUp ?? 0) && (byLeft ?? 0) <= (byCorner ?? 0)) return left
  return (byUp ?? 0) <= (byCorner ?? 0) ? up : corner
}

const CRC = Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value >>> 0
})

function checksum(bytes: Buffer): number {
  let value = 0xffffffff
  for (const byte of bytes) value = (CRC[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8)
  return (value ^ 0xffffffff) >>> 0
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(checksum(body), body.length + 4)
  return out
}
