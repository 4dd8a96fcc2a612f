import { describe, expect, it } from 'vitest'
import { type Post, scoreOf } from './score'

const MINUTE_MS = 60_000
const at = (time: string): number => Date.parse(`2026-11-18T${time}:00Z`)
const partial = [{ id: 'training', to: 'partial_outage' }]
const operational = [{ id: 'training', to: 'operational' }]

function post(time: string, audience: Post['audience'], next: string | null, more: Partial<Post> = {}): Post {
  return {
    audience,
    atMs: at(time),
    nextAtMs: next === null ? null : at(next),
    components: [],
    overrides: 0,
    ...more,
  }
}

/**
 * An incident by hand: users hurt from 14:00, declared 14:04. Internal posts 14:06 (next 14:20), 14:19 (next 14:40), 14:46
 * (next 15:10), 15:02 (over). Public posts 14:12 (next 14:30), 14:33 (next 15:00), 14:58 (all green, two minutes before the
 * end; next 15:30), 15:02 (over). Resolved 15:00.
 */
const incident = {
  declaredAtMs: at('14:04'),
  impactFromMs: at('14:00'),
  resolvedAtMs: at('15:00'),
  isPublic: true,
  nowMs: at('16:00'),
  posts: [
    post('14:06', 'internal', '14:20'),
    post('14:12', 'public', '14:30', { components: partial, overrides: 1 }),
    post('14:19', 'internal', '14:40'),
    post('14:33', 'public', '15:00'),
    post('14:46', 'internal', '15:10'),
    post('14:58', 'public', '15:30', { components: operational }),
    post('15:02', 'internal', null),
    post('15:02', 'public', null),
  ],
  deliveries: [
    { channel: 'Slack', state: 'delivered' },
    { channel: 'Slack', state: 'failed' },
    { channel: 'Statuspage', state: 'needs-person' },
    { channel: 'Mail', state: 'unknown' },
    { channel: 'Slack', state: 'unknown' },
  ],
}

describe('the score of an incident', () => {
  it('R-SCO-1 equals the count by hand', () => {
    expect(scoreOf(incident)).toEqual({
      firstPostMs: 2 * MINUTE_MS,
      firstPublicMs: 8 * MINUTE_MS,
      posts: 8,
      // internal 14:20 and 15:10, public 15:00 and 15:30
      kept: 4,
      missed: [
        { audience: 'public', dueAtMs: at('14:30'), lateMs: 3 * MINUTE_MS },
        { audience: 'internal', dueAtMs: at('14:40'), lateMs: 6 * MINUTE_MS },
      ],
      // 14:00 to 14:12, and 14:58 to 15:00
      falseGreenMs: 14 * MINUTE_MS,
      overrides: 1,
      failures: [
        { channel: 'Slack', count: 2 },
        { channel: 'Statuspage', count: 1 },
        { channel: 'Mail', count: 1 },
      ],
    })
  })

  it('R-SCO-2 a promise after which nothing came is missed once its time is past, and open before', () => {
    const posts = [post('14:06', 'public', '14:20')]
    expect(scoreOf({ ...incident, posts, nowMs: at('14:20') }).missed).toEqual([])
    expect(scoreOf({ ...incident, posts, nowMs: at('14:21') }).missed).toEqual([
      { audience: 'public', dueAtMs: at('14:20'), lateMs: null },
    ])
  })

  it('R-SCO-3 a page that never said anything was green all the time, unless customers were not to be told', () => {
    expect(scoreOf({ ...incident, posts: [] }).falseGreenMs).toBe(60 * MINUTE_MS)
    expect(scoreOf({ ...incident, posts: [], isPublic: false }).falseGreenMs).toBeNull()
  })
})
