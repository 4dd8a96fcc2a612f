import { expect, test } from 'vitest'
import { CHANNEL_KINDS } from '@/lib/channels/channel'
import { CHANNEL_SCHEMAS } from '@/lib/delivery/settings'
import { CHANNEL_FIELDS, configOf, formOf, mapOf, slugOf } from './channel-form'

test.each(CHANNEL_KINDS)('what is stored of %s comes back unchanged from an untouched form', (kind) => {
  const typed = Object.fromEntries(
    CHANNEL_FIELDS[kind].map(({ path, kind: how, initial }) => [
      path,
      how === 'flag' ? 'yes' : { channel: 'C0123', pageId: 'p1' }[path] || initial || 'https://example.com/x',
    ]),
  )
  const form = { id: 'a', name: 'A', audiences: [], config: typed, map: '' }
  const stored = CHANNEL_SCHEMAS[kind].parse(configOf(kind, form))
  const again = formOf(kind, { id: 'a', name: 'A', audiences: [], config: stored, componentMap: {} })
  expect(CHANNEL_SCHEMAS[kind].parse(configOf(kind, again))).toEqual(stored)
})

test.each([
  ['Training = 8kbf', { ok: true, map: { Training: '8kbf' } }],
  ['  A b =x\n\n', { ok: true, map: { 'A b': 'x' } }],
  ['', { ok: true, map: {} }],
] as const)('the list of components %j is read', (text, wanted) => {
  expect(mapOf(text)).toEqual(wanted)
})

test.each(['Training', 'Training =', '= x', 'A = 1\nA = 2'])(
  'the list %j is refused with its line',
  (text) => {
    const read = mapOf(text)
    expect(read.ok).toBe(false)
    expect(read.ok ? '' : read.problem).toMatch(/^line \d/)
  },
)

test('an id is made of what can stand in a link', () => {
  expect(slugOf('Slack #incidents (EU)')).toBe('slack-incidents-eu')
})
