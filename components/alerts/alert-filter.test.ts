import { describe, expect, test } from 'vitest'
import { filterOf, groupKey, isNarrowed, tabOf, withParam } from './alert-filter'

const params = (text: string): URLSearchParams => new URLSearchParams(text)

describe('the address of the alerts room', () => {
  test.each([
    ['', { status: 'firing' }],
    ['status=resolved&level=P1', { status: 'resolved', level: 'P1' }],
    ['source=grafana&acked=no&quiet=yes', { status: 'firing', source: 'grafana', acked: false, quiet: true }],
    ['text=%20gpu%20', { status: 'firing', text: 'gpu' }],
    ['status=maybe&level=P9&source=x&acked=1&text=%20', { status: 'firing' }],
  ])('%s is read as a filter, nonsense left out', (address, filter) => {
    expect(filterOf(params(address))).toEqual(filter)
  })

  test('one parameter changes, the others stay, and the open alert closes', () => {
    expect(withParam(params('level=P1&alert=7'), 'source', 'grafana')).toBe('/alerts?level=P1&source=grafana')
    expect(withParam(params('level=P1'), 'level', '')).toBe('/alerts')
  })

  test('an unknown tab is the list', () => {
    expect([tabOf(params('tab=senders')), tabOf(params('tab=x'))]).toEqual(['senders', 'alerts'])
  })

  test('only a filter beside the status narrows', () => {
    expect(isNarrowed({ status: 'resolved' })).toBe(false)
    expect(isNarrowed({ status: 'firing', level: 'P2' })).toBe(true)
  })

  test('groups of one name and two levels have two keys', () => {
    expect(groupKey({ name: 'A', level: 'P1' })).not.toBe(groupKey({ name: 'A', level: 'P2' }))
  })
})
