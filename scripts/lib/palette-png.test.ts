import { deflateSync, inflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { palettePng } from './palette-png'

const WIDTH = 16
const HEIGHT = 8

function part(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  return Buffer.concat([length, Buffer.from(type, 'latin1'), data, Buffer.alloc(4)])
}

/** Rows take turns with the five filters, so that each is undone at least once. */
function truecolour(colourAt: (at: number) => readonly [number, number, number]): Buffer {
  const plain = Buffer.from(Array.from({ length: WIDTH * HEIGHT }, (_, at) => [...colourAt(at)]).flat())
  const rowBytes = WIDTH * 3
  const raw = Buffer.alloc(HEIGHT * (rowBytes + 1))
  for (let y = 0; y < HEIGHT; y += 1) {
    const filter = y % 5
    raw[y * (rowBytes + 1)] = filter
    for (let x = 0; x < rowBytes; x += 1) {
      const at = y * rowBytes + x
      const left = x >= 3 ? (plain[at - 3] ?? 0) : 0
      const up = y > 0 ? (plain[at - rowBytes] ?? 0) : 0
      const corner = x >= 3 && y > 0 ? (plain[at - rowBytes - 3] ?? 0) : 0
      const near = [left, up, corner].map((value) => Math.abs(left + up - corner - value))
      const paeth = [left, up, corner][near.indexOf(Math.min(...near))] ?? 0
      const guess = [0, left, up, (left + up) >> 1, paeth][filter] ?? 0
      raw[y * (rowBytes + 1) + 1 + x] = (plain[at] ?? 0) - guess
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(WIDTH, 0)
  header.writeUInt32BE(HEIGHT, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    part('IHDR', header),
    part('IDAT', deflateSync(raw)),
    part('IEND', Buffer.alloc(0)),
  ])
}

function read(png: Buffer): { readonly kind: number | undefined; readonly colours: readonly string[] } {
  const found = new Map<string, Buffer>()
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    found.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + png.readUInt32BE(at)))
  const palette = found.get('PLTE') ?? Buffer.alloc(0)
  const rows = inflateSync(found.get('IDAT') ?? Buffer.alloc(0))
  const colours = []
  for (let y = 0; y < HEIGHT; y += 1)
    for (let x = 0; x < WIDTH; x += 1) {
      const at = (rows[y * (WIDTH + 1) + 1 + x] ?? 0) * 3
      colours.push([...palette.subarray(at, at + 3)].join())
    }
  return { kind: found.get('IHDR')?.[9], colours }
}

describe('palettePng', () => {
  test('a picture of few colours keeps every pixel exactly', () => {
    const colourAt = (at: number): [number, number, number] => [(at * 37) % 251, at % 7, (at * at) % 255]
    const { kind, colours } = read(palettePng(truecolour(colourAt)))
    expect(kind).toBe(3)
    expect(colours).toEqual(Array.from({ length: WIDTH * HEIGHT }, (_, at) => colourAt(at).join()))
  })

  test('what is no truecolour PNG is refused', () => {
    expect(() => palettePng(Buffer.from('no picture at all'))).toThrow('no PNG')
  })
})
