import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkParams, commandText, paramViews } from './params'
import { actionsSchema } from './policy'

const rule = actionsSchema.parse({
  title: 'x',
  actions: [
    {
      id: 'thing.do',
      title: 'x',
      executor: 'vast.label',
      risk: 'change',
      params: [
        { name: 'instance', label: 'Instance', from: 'fleet', suggest: 'finding' },
        { name: 'lines', label: 'Lines', kind: 'number', min: 1, max: 2_000, preset: 200 },
        { name: 'label', label: 'Label', kind: 'text', maxLength: 20 },
        { name: 'value', label: 'Value', kind: 'secret' },
      ],
      fixed: { mode: 'queue' },
      command: 'do {instance} --tail {lines} --label {label} {mode} {value}',
      effect: 'x',
      undo: 'x',
      verify: { says: 'x' },
    },
  ],
}).actions[0]
if (!rule) throw new Error('no rule')

const FLEET = ['9100001', '9100002', '9100003'].map((value) => ({ value, label: value }))
const allowed = (name: string) => (name === 'instance' ? FLEET : [])
const GOOD = { instance: '9100002', lines: '200', label: 'draining' }

describe('ACT-PRE-01 the allow-list', () => {
  it('gives what the executor gets, with what is fixed', () => {
    expect(checkParams(rule, GOOD, allowed)).toEqual({
      ok: true,
      params: { mode: 'queue', instance: '9100002', lines: 200, label: 'draining' },
    })
  })

  it.each([
    ['an instance that is not listed', { instance: '9100009' }],
    ['a number instead of a listed text', { instance: 9_100_002 }],
    ['nothing', { instance: '' }],
    ['a number in another form', { lines: '0x10' }],
    ['a number with a sign', { lines: '+5' }],
    ['a fraction', { lines: 1.5 }],
    ['a number above its bound', { lines: 2_001 }],
    ['a text that is too long', { label: 'x'.repeat(21) }],
    ['a line end', { label: 'a\nb' }],
    ['a reversed text', { label: '\u202Etxt' }],
    ['half a character', { label: '\uD800' }],
    ['a list', { label: ['a'] }],
    ['a secret before its time', { value: 'abcdefgh' }],
    ['a fixed parameter', { mode: 'reject' }],
    ['a name of the prototype', { constructor: 'x' }],
    ['another name', { namespace: 'kube-system' }],
  ])('refuses %s', (_name, change) => {
    expect(checkParams(rule, { ...GOOD, ...change }, allowed)).toMatchObject({ ok: false })
  })

  it('accepts nothing but listed instances, whatever is given', () => {
    fc.assert(
      fc.property(fc.anything(), (instance) => {
        const checked = checkParams(rule, { ...GOOD, instance }, allowed)
        expect(checked.ok).toBe(typeof instance === 'string' && FLEET.some((it) => it.value === instance))
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('ACT-OFF-01 a form', () => {
  it.each([
    ['an instance', ['instance:9100003'], '9100003'],
    ['a card of it', ['gpu:9100002/0'], '9100002'],
    ['nobody that is listed', ['instance:7'], ''],
    ['one whose number only begins so', ['instance:91000021'], ''],
  ])('is filled from a finding that names %s', (_name, subjects, prefilled) => {
    expect(paramViews(rule, allowed, subjects)[0]).toMatchObject({ prefilled })
  })

  it('is filled with what the runbook presets', () => {
    expect(paramViews(rule, allowed, [])[1]).toMatchObject({ prefilled: '200', source: 'the runbook' })
  })

  it('shows the command with values, gaps by name, and a word for the secret', () => {
    const text = commandText(rule, { instance: '9100001', value: 'very-secret-value' })
    expect(text).toBe('do 9100001 --tail <lines> --label <label> queue (value given at confirmation)')
  })
})
