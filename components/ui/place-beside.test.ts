import { describe, expect, test } from 'vitest'
import { placeBeside } from './place-beside'

const viewport = { width: 400, height: 300 }
const floating = { width: 200, height: 100 }

describe('a floating box', () => {
  test('stands under its anchor when there is room', () => {
    const anchor = { left: 20, top: 10, width: 80, height: 20 }
    expect(placeBeside({ anchor, floating, viewport, align: 'start' })).toEqual({ left: 20, top: 34 })
  })
  test('moves above when the bottom of the viewport is near', () => {
    const anchor = { left: 20, top: 250, width: 80, height: 20 }
    expect(placeBeside({ anchor, floating, viewport, align: 'start' }).top).toBe(146)
  })
  test.each([
    ['start', { left: 390, top: 10, width: 10, height: 10 }, 192],
    ['end', { left: 0, top: 10, width: 10, height: 10 }, 8],
  ] as const)('never leaves the viewport when aligned at its %s', (align, anchor, left) => {
    expect(placeBeside({ anchor, floating, viewport, align }).left).toBe(left)
  })
})
