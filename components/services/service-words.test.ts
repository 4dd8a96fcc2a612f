import { describe, expect, test } from 'vitest'
import { kindWords, serviceRunbook } from './service-words'

describe('the runbook of a service', () => {
  test('begins with the advice that came with the verdict', () => {
    expect(serviceRunbook({ kind: 'app', state: 'down', action: 'Do this.' })[0]).toBe('Do this.')
  })
  test('asks for nothing while the service is up', () => {
    expect(serviceRunbook({ kind: 'app', state: 'up' })).toEqual([])
  })
  test('never asks to restart what was only not reached', () => {
    expect(serviceRunbook({ kind: 'app', state: 'unknown' }).join(' ')).toContain('before you restart')
  })
  test.each(['integration', 'llama'])('knows what to do when a %s is down', (kind) => {
    expect(serviceRunbook({ kind, state: 'down' }).length).toBeGreaterThan(1)
  })
})

test('a kind that nobody named still reads', () => {
  expect(kindWords('llama')).toBe('llama.cpp server')
  expect(kindWords('something')).toBe('something')
})
