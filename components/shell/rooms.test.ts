import { describe, expect, test } from 'vitest'
import { roomAt } from './room'
import { ROOMS, roomsFor } from './rooms'

describe('the rooms', () => {
  test('no two share a key or an address', () => {
    expect(new Set(ROOMS.map((room) => room.key)).size).toBe(ROOMS.length)
    expect(new Set(ROOMS.map((room) => room.href)).size).toBe(ROOMS.length)
  })
  test('a viewer is not shown the audit room', () => {
    expect(roomsFor(['viewer']).map((room) => room.id)).not.toContain('audit')
    expect(roomsFor(['reviewer']).map((room) => room.id)).toContain('audit')
  })
  test.each([
    ['/', 'board'],
    ['/fleet', 'fleet'],
    ['/queues/video', 'queues'],
    ['/settings', 'settings'],
    ['/settings/sources', 'sources'],
    ['/settings/people', 'settings'],
    ['/fleetwood', undefined],
  ])('%s lights the room %s', (pathname, id) => {
    expect(roomAt(ROOMS, pathname)?.id).toBe(id)
  })
})
