import { describe, expect, test } from 'vitest'
import { FACT_DEFS } from './catalogue'
import { blocksOf, lint } from './lint'
import type { Audience, Fact, Facts } from './model'
import { factsWith, incidentWith, lintInput, T0 } from './testing/examples'

const READ = [...FACT_DEFS.values()].filter(({ from }) => from === 'facts')

function refused(id: string, facts: Facts, audience: Audience): boolean {
  const input = lintInput({
    body: `Some training jobs fail. It says {{${id}}} here. Next update by {{next_update}}.`,
    message: { audience },
  })
  return blocksOf(lint({ ...input, facts, incident: incidentWith({ wasIdentified: true }) })).length > 0
}

function changed(id: string, change: Partial<Fact>): Facts {
  const facts = factsWith()
  const fact = facts[id]
  if (!fact) throw new Error(`no sample of ${id}`)
  return { ...facts, [id]: { ...fact, ...change } }
}

const ago = (ms: number): string => new Date(T0.getTime() - ms).toISOString()

describe('a message that names a wrong fact is refused, fact by fact', () => {
  test('C-FCT-01 as it stands every fact passes for whom it is', () => {
    for (const { id, isPublic } of READ)
      expect([id, refused(id, factsWith(), isPublic ? 'public' : 'internal')]).toEqual([id, false])
  })

  test('C-FCT-01 a fact that only the fact or only the catalogue opens to customers is refused', () => {
    for (const { id, isPublic } of READ)
      expect([id, refused(id, changed(id, { isPublic: !isPublic }), 'public')]).toEqual([id, true])
  })

  const MUTATIONS: readonly (readonly [what: string, of: (id: string) => Facts])[] = [
    ['gone', (id) => Object.fromEntries(Object.entries(factsWith()).filter(([it]) => it !== id))],
    ['without a value', (id) => changed(id, { value: null })],
    ['older than its lifetime', (id) => changed(id, { asOf: ago((FACT_DEFS.get(id)?.ttlMs ?? 0) + 1) })],
    ['older than five minutes, whatever it claims', (id) => changed(id, { asOf: ago(300_001), ttlMs: 1e12 })],
    ['read in the future', (id) => changed(id, { asOf: ago(-3_600_000) })],
    ['read nobody knows when', (id) => changed(id, { asOf: 'lately' })],
    ['of another unit', (id) => changed(id, { unit: 'parsec' })],
    ['of a value that is none', (id) => changed(id, { value: FACT_DEFS.get(id)?.unit === 'text' ? 7 : '' })],
  ]
  test.each(MUTATIONS)('C-FCT-02 %s', (_what, mutated) => {
    for (const { id } of READ) {
      expect([id, refused(id, mutated(id), 'internal')]).toEqual([id, true])
      expect([id, refused(id, mutated(id), 'public')]).toEqual([id, true])
    }
  })

  test('C-FCT-02 leaked to customers', () => {
    for (const { id, isPublic } of READ.filter((it) => !it.isPublic))
      expect([id, isPublic, refused(id, factsWith(), 'public')]).toEqual([id, false, true])
  })

  test.each([
    'commander',
    'communications_lead',
    'incident_name',
    'cause',
    'rollback_reason',
    'deployment_approver',
  ])('C-FCT-02 leaked to customers by typing it: %s', (id) => {
    const sample = String(FACT_DEFS.get(id)?.sample)
    const body = `Some training jobs fail. ${sample}. Next update by {{next_update}}.`
    expect(blocksOf(lint(lintInput({ body }))).map(({ rule }) => rule)).toContain('X10')
    const title = `Training fails, ${sample}`
    expect(blocksOf(lint(lintInput({ message: { title } }))).map(({ rule }) => rule)).toContain('X10')
  })

  test('C-FCT-02 what the incident is called may be said to customers too', () => {
    const facts = { incident_title: 'Training fails', impact: 'Some training jobs fail' }
    expect(lint(lintInput({ facts }))).toEqual([])
  })

  test('C-FCT-02 moved since it was drafted', () => {
    for (const { id, unit } of READ) {
      const sample = factsWith()[id]?.value
      const value =
        typeof sample === 'number' ? sample * 2 : unit === 'text' ? `${sample} too` : ago(7_200_000)
      const body = `Some training jobs fail. It says {{${id}}} here. Next update by {{next_update}}.`
      const input = lintInput({ body, message: { audience: 'internal' }, drafted: changed(id, { value }) })
      expect([id, lint(input).some((it) => it.rule === 'S19' && it.level === 'block')]).toEqual([id, true])
    }
  })

  test('C-FCT-03 what the message itself tells follows its fields', () => {
    const body = 'Some training jobs fail. Next update by {{next_update}}.'
    const other = lintInput({ body, message: { nextUpdateAt: '2026-11-18T02:45:00.000Z' } })
    expect(lint(other)).toEqual([])
    expect(
      blocksOf(lint(lintInput({ body, message: { nextUpdateAt: null } }))).map(({ rule }) => rule),
    ).toEqual(['S02', 'S01'])
  })
})
