import { expect, test } from 'vitest'
import { PLANES, type PlaneId, type Rating } from '../model'
import type { PlaneRow, QueueRow } from '../wire'
import { boardSentence, type SentenceInput } from './sentence'

function planes(change: Partial<Record<PlaneId, readonly [Rating, string]>> = {}): readonly PlaneRow[] {
  return PLANES.map(({ id }) => {
    const [rating, figure] = change[id] ?? (['clear', 'well'] as const)
    return { id, rating, figure, reason: '', at: 1, source: 'test' }
  })
}

function queue(rating: Rating, state: string, oldest: number | null): QueueRow {
  const figure = (value: number | null) => ({ value, unit: 's', rating, at: 1, source: 'Temporal' })
  return {
    name: 'video-processing@gpu',
    type: 'activity',
    rating,
    state,
    reason: '',
    backlog: figure(412),
    oldestSeconds: figure(oldest),
    addPerMinute: figure(117),
    dispatchPerMinute: figure(99),
    freshPollers: figure(41),
    listedPollers: 48,
    rateLimited: false,
  }
}

function say(change: Partial<SentenceInput> = {}) {
  const parts = boardSentence({
    gpus: { clear: 212, warning: 0, breach: 0, unknown: 0, stale: 0 },
    planes: planes(),
    queues: [],
    lastReadingSeconds: 4,
    ...change,
  })
  return { text: parts.map((it) => it.text).join(''), tones: parts.map((it) => it.tone) }
}

test('H-SEN-01 all well is said calmly, with the count and the age of the last reading', () => {
  expect(say().text).toBe('Nothing is burning. 212 GPUs serving, last reading 4 s ago.')
})

test('H-SEN-01 a cell that nothing is set up to watch leaves the calm, and is named', () => {
  const { text, tones } = say({ planes: planes({ code: ['unknown', 'no deploy source yet'] }) })
  expect(text).toBe('Nothing is burning. 212 GPUs serving, last reading 4 s ago. Not watched: our code.')
  expect(tones.at(-1)).toBe('unknown')
})

test('H-SEN-02 what is unread is never calm', () => {
  const cards = say({ gpus: { clear: 200, warning: 0, breach: 0, unknown: 5, stale: 7 } })
  expect(cards.text).toBe('No known trouble, but 12 unread.')
  expect(cards.tones).toContain('unknown')
  const page = say({ planes: planes({ 'provider-page': ['unknown', 'not read yet'] }) })
  expect(page.text).toBe("No known trouble, but the provider's page not known.")
  expect(say({ lastReadingSeconds: undefined }).text).toBe('Nothing has been read yet.')
})

test('H-SEN-03 trouble is told with its counts, its planes and the loudest queue', () => {
  const { text, tones } = say({
    gpus: { clear: 1_931, warning: 46, breach: 15, unknown: 12, stale: 12 },
    queues: [queue('warning', 'backlogged', 250)],
  })
  expect(text).toBe('15 of 2,016 GPUs in breach, the gpu queue 4 minutes behind, 24 unread.')
  expect(tones).toContain('breach')
  const api = say({ planes: planes({ 'provider-api': ['breach', '5xx 61 /min > 10'] }) })
  expect(api.text).toBe("The provider's API: 5xx 61 /min > 10.")
})

test('H-SEN-03 incidents lead', () => {
  const incidents = [
    { severity: 'P1', title: 'in the EU pool', minutes: 23 },
    { severity: 'P3', title: 'webhooks late', minutes: 300 },
  ]
  expect(say({ incidents }).text).toBe('P1 in the EU pool for 23 minutes. 1 more incident active.')
})
