import { describe, expect, test } from 'vitest'
import { type Frame, frameReader, seqOf } from './frames'

const STREAM = Buffer.from(
  'retry: 1000\n\nid: 7.2\nevent: delta\ndata: {"seq":7,"é":1}\n\nevent: ping\ndata: 1\n\nid: 8.2\nevent: delta\ndata: {"seq":8}\n\n',
)

function read(cuts: readonly number[], keepData = true): Frame[] {
  const frames: Frame[] = []
  const reader = frameReader({ keepData }, (frame) => frames.push(frame))
  let from = 0
  for (const cut of [...cuts, STREAM.length]) {
    reader.push(STREAM.subarray(from, cut))
    from = cut
  }
  return frames
}

describe('a stream of events', () => {
  test('reads the same however it is cut', () => {
    const whole = read([])
    expect(whole.map(({ event, id }) => `${event} ${id}`)).toEqual([
      'message ',
      'delta 7.2',
      'ping ',
      'delta 8.2',
    ])
    for (let cut = 1; cut < STREAM.length; cut += 1) expect(read([cut])).toEqual(whole)
    expect(read(Array.from({ length: STREAM.length - 1 }, (_, index) => index + 1))).toEqual(whole)
  })

  test('gives payloads only where they are asked for', () => {
    expect(read([])[1]?.data).toBe('{"seq":7,"é":1}')
    expect(read([], false)[1]?.data).toBeUndefined()
  })

  test('an event counts only once its last byte is there', () => {
    const frames: Frame[] = []
    const reader = frameReader({ keepData: true }, (frame) => frames.push(frame))
    reader.push(Buffer.from('id: 1.0\nevent: delta\ndata: {}\n'))
    expect(frames).toEqual([])
    reader.push(Buffer.from('\n'))
    expect(frames).toHaveLength(1)
  })
})

test('the sequence number is the part of an id before its dot', () => {
  expect(seqOf('123.45')).toBe(123)
})
