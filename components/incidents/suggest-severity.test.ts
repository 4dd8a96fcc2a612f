import { expect, test } from 'vitest'
import type { Board, Figure, PlaneRow } from '@/lib/health/wire'
import { suggestSeverity } from './suggest-severity'

const figure = (rating: Figure['rating'], value = 0): Figure => ({
  value,
  unit: '/min',
  rating,
  at: 1,
  source: 'prometheus',
  limit: 10,
})
const plane = (rating: PlaneRow['rating']): PlaneRow => ({
  id: 'gpu',
  rating,
  figure: '2 XID',
  reason: 'two cards report XID 79',
  at: 1,
  source: 'dcgm',
})

function board(api: Partial<Board['api']>, planes: readonly PlaneRow[] = []): Board {
  const clear = figure('clear')
  const whole: Board['api'] = {
    serverErrors: clear,
    authErrors: clear,
    rateLimited: clear,
    errorRatio: clear,
    p95: clear,
    p99: clear,
    ...api,
  }
  return { api: whole, planes } as unknown as Board
}

test.each([
  ['5xx past the limit', board({ serverErrors: figure('breach', 61) }), 'P1', '61 per minute, limit 10'],
  ['refused keys', board({ authErrors: figure('breach', 3) }), 'P1', '401 and 403'],
  ['slow answers', board({ p99: figure('breach', 6000) }), 'P2', 'past its limit'],
  ['a broken plane', board({}, [plane('breach')]), 'P2', 'XID 79'],
  ['a worn plane', board({}, [plane('warning')]), 'P3', 'XID 79'],
  ['an unread plane is no all-clear', board({}, [plane('unknown')]), 'P3', '1 of 1 planes are unread'],
  ['all clear', board({}, [plane('clear')]), 'P4', 'every plane reads clear'],
  ['nothing read', undefined, 'P3', 'nothing has been read'],
])('%s suggests the severity with its reason', (_name, state, severity, reason) => {
  const suggestion = suggestSeverity(state)
  expect(suggestion.severity).toBe(severity)
  expect(suggestion.reason).toContain(reason)
})
