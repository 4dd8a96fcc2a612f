import { describe, expect, test } from 'vitest'
import { keysLabel, type Press, stepKeys } from './keymap'

const bindings = ['Mod+K', 'Z', '?', '.', 'G B', 'G F']
const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  mod: false,
  alt: false,
  isTyping: false,
  atMs: 1000,
  ...more,
})
const step = (
  key: string,
  more: Partial<Press> & { pending?: { key: string; atMs: number }; singleKeys?: boolean } = {},
) => {
  const { pending, singleKeys = true, ...rest } = more
  return stepKeys({ press: press(key, rest), pending, bindings, singleKeys })
}

describe('a key press', () => {
  test('runs a single key in either case', () => {
    expect(step('z')).toEqual({ kind: 'run', keys: 'Z' })
    expect(step('Z')).toEqual({ kind: 'run', keys: 'Z' })
  })
  test('with Shift runs its own binding, and the plain one where there is none', () => {
    const shifted = (key: string, shift: boolean) =>
      stepKeys({
        press: press(key, { shift }),
        pending: undefined,
        bindings: ['S', 'Shift+S', 'Z'],
        singleKeys: true,
      })
    expect(shifted('S', true)).toEqual({ kind: 'run', keys: 'Shift+S' })
    expect(shifted('s', false)).toEqual({ kind: 'run', keys: 'S' })
    expect(shifted('Z', true)).toEqual({ kind: 'run', keys: 'Z' })
  })
  test('does nothing while typing', () => {
    expect(step('z', { isTyping: true })).toEqual({ kind: 'pass' })
    expect(step('?', { isTyping: true })).toEqual({ kind: 'pass' })
  })
  test('with Mod works even while typing', () => {
    expect(step('k', { mod: true, isTyping: true })).toEqual({ kind: 'run', keys: 'Mod+K' })
  })
  test('with single keys switched off still opens the palette and nothing else', () => {
    expect(step('z', { singleKeys: false })).toEqual({ kind: 'pass' })
    expect(step('g', { singleKeys: false })).toEqual({ kind: 'pass' })
    expect(step('k', { mod: true, singleKeys: false })).toEqual({ kind: 'run', keys: 'Mod+K' })
  })
  test('with Mod is left to the browser when it is not bound', () => {
    expect(step('z', { mod: true })).toEqual({ kind: 'pass' })
  })
  test('with Alt is always left alone', () => {
    expect(step('z', { alt: true })).toEqual({ kind: 'pass' })
  })
})

describe('a sequence', () => {
  test('waits for its second key and then runs', () => {
    const first = step('g')
    expect(first).toEqual({ kind: 'wait', pending: { key: 'G', atMs: 1000 } })
    expect(step('b', { pending: { key: 'G', atMs: 1000 }, atMs: 2400 })).toEqual({ kind: 'run', keys: 'G B' })
  })
  test('is forgotten after a second and a half', () => {
    expect(step('b', { pending: { key: 'G', atMs: 1000 }, atMs: 2501 })).toEqual({ kind: 'pass' })
  })
  test('that goes nowhere leaves a single key its meaning', () => {
    expect(step('z', { pending: { key: 'G', atMs: 1000 } })).toEqual({ kind: 'run', keys: 'Z' })
  })
})

test('a binding is written as the platform writes it', () => {
  expect([keysLabel('Mod+K', true), keysLabel('Mod+K', false), keysLabel('G B', false)]).toEqual([
    '⌘K',
    'Ctrl K',
    'G B',
  ])
})
