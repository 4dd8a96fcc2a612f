import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ACTIONS_KIND, TRIAGE_TREE_KIND } from '../runbooks/kinds'
import { entriesOf, readRunbooks } from '../runbooks/load'
import { actionsSchema, isManualOnly } from './policy'
import { checkActionNames, checkActions } from './policy-check'

const PLAIN = {
  id: 'thing.do',
  title: 'x',
  executor: 'manual',
  risk: 'change',
  steps: ['x'],
  effect: 'x',
  undo: 'x',
  verify: { says: 'x' },
}

function fileOf(...actions: readonly Record<string, unknown>[]) {
  return { file: 'actions/a.yaml', value: actionsSchema.parse({ title: 'x', actions }) }
}

const tree = (...ids: readonly string[]) => ({
  file: 'triage/t.yaml',
  value: { questions: [{ id: 'api-429' }], leaves: [{ actions: ids.map((id) => ({ id })) }] },
})

const reasons = (faults: readonly { readonly reason: string }[]) => faults.map((it) => it.reason)

describe('ACT-DEF-01 trees and actions', () => {
  it('that fit have no fault', () => {
    expect(checkActionNames([tree('thing.do')], [fileOf(PLAIN)])).toEqual([])
  })

  it.each([
    ['named and not defined', [tree('thing.do', 'other.do')], 'no file of actions defines other.do'],
    ['defined and not named', [tree()], 'no leaf names thing.do: name it, mark it general or remove it'],
  ])('%s is a fault', (_name, trees, reason) => {
    expect(reasons(checkActionNames(trees, [fileOf(PLAIN)]))).toEqual([reason])
  })

  it('a general one need not be named', () => {
    expect(checkActionNames([tree()], [fileOf({ ...PLAIN, general: true })])).toEqual([])
  })

  it('a verification that reads a question nobody asks is a fault', () => {
    const verify = { says: 'x', question: 'nobody-asks', answer: 'no' }
    expect(reasons(checkActionNames([tree('thing.do')], [fileOf({ ...PLAIN, verify })]))).toEqual([
      'no tree asks nobody-asks',
    ])
  })

  it('an id twice, a parameter twice and a placeholder of nothing are faults', () => {
    const params = [{ name: 'a', label: 'A', kind: 'secret' }]
    const faulty = { ...PLAIN, params, fixed: { a: 'x' }, command: 'do {b}' }
    expect(reasons(checkActions([fileOf(PLAIN), fileOf(faulty)]))).toEqual([
      'thing.do stands already in actions/a.yaml',
      'thing.do has the parameter a twice',
      'the command of thing.do names {b}, which is no parameter of it',
    ])
  })
})

describe('ACT-DEF-02 a definition', () => {
  it.each([
    ['by hand without steps', { steps: [] }],
    ['with an executor, neither command nor steps', { executor: 'vast.reboot', steps: [] }],
    ['a choice from nowhere', { params: [{ name: 'a', label: 'A' }] }],
    ['a number without bounds', { params: [{ name: 'a', label: 'A', kind: 'number' }] }],
    ['a text without a length', { params: [{ name: 'a', label: 'A', kind: 'text' }] }],
    ['a question without its answer', { verify: { says: 'x', question: 'api-429' } }],
    ['another key', { shell: 'rm -rf /' }],
  ])('%s is refused', (_name, change) => {
    expect(actionsSchema.safeParse({ title: 'x', actions: [{ ...PLAIN, ...change }] }).success).toBe(false)
  })

  it('of every shipped action is complete, and what leaves name is there', async () => {
    const read = await readRunbooks({ dir: resolve('runbooks'), now: new Date(0) })
    if (!read.ok) throw new Error(JSON.stringify(read.problems))
    const files = entriesOf(read.runbooks, ACTIONS_KIND).map(({ name, value }) => ({ file: name, value }))
    const trees = entriesOf(read.runbooks, TRIAGE_TREE_KIND).map(({ name, value }) => ({ file: name, value }))
    expect(checkActionNames(trees, files)).toEqual([])
    const all = files.flatMap(({ value }) => value.actions)
    expect(all.length).toBeGreaterThan(55)
    for (const action of all.filter(isManualOnly)) expect(action.steps.length).toBeGreaterThan(0)
    expect(all.some((it) => it.executor.includes('vast.stop'))).toBe(false)
  })
})
