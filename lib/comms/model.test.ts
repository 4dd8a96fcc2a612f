import { expect, test } from 'vitest'
import * as incidents from '../incidents/model'
import { FACT_DEFS, factOf } from './catalogue'
import { AUDIENCES, COMPONENT_STATES, type Finding, KINDS, LEVELS, SEVERITIES, STATUSES } from './model'
import { factsWith, INVENTORY, incidentWith, lastWith, messageWith, policyWith, T0 } from './testing/examples'
import { FACT_UNITS, shownValue } from './units'

test('severities, statuses and audiences are those of the incidents', () => {
  expect(SEVERITIES).toEqual(incidents.SEVERITIES)
  expect(STATUSES).toEqual(incidents.STATUSES)
  expect(AUDIENCES).toEqual(incidents.AUDIENCES)
})

test('every fact of the catalogue can show its own sample, and every unit is used', () => {
  for (const { id, unit, sample } of FACT_DEFS.values()) expect(shownValue(unit, sample), id).toBeTruthy()
  expect(new Set([...FACT_DEFS.values()].map(({ unit }) => unit))).toEqual(new Set(FACT_UNITS))
})

test('a fact that the catalogue does not know is none', () => {
  expect(factOf({ id: 'moon_phase', value: 1, asOf: T0.toISOString(), source: 'sky' })).toBeUndefined()
})

test.each([
  ['count', 16_742, '16,742'],
  ['percent', 38.4, '38%'],
  ['percent', 0.24, '0.2%'],
  ['ms', 840, '840 ms'],
  ['ms', 12_300, '12 s'],
  ['seconds', 250, '4 min 10 s'],
  ['minutes', 72, '1 h 12 min'],
  ['minutes', 30, '30 min'],
  ['seconds', 190_000, '2 days 4 h'],
  ['usd', 1_412, '$1,412'],
  ['clock', '2026-11-18T02:06:00.000Z', '02:06 UTC'],
  ['moment', '2026-11-18T02:06:00.000Z', 'Wednesday 18 November 2026, 02:06 UTC'],
  ['clock', 'yesterday', undefined],
  ['count', 'twelve', undefined],
  ['count', Number.NaN, undefined],
  ['text', '  ', undefined],
] as const)('%s %s is shown as %s', (unit, value, shown) => {
  expect(shownValue(unit, value)).toBe(shown)
})

test('the examples say what they are', () => {
  const finding: Finding = {
    rule: 'S01',
    level: 'block',
    isOverridable: false,
    from: 0,
    to: 0,
    why: '',
    fix: null,
  }
  expect(LEVELS).toContain(finding.level)
  expect(KINDS).toContain(messageWith().kind)
  expect(COMPONENT_STATES).toContain(lastWith().components[0]?.to)
  expect(Object.keys(factsWith())).toContain('error_rate')
  expect(incidentWith().commander).not.toBeNull()
  expect(INVENTORY.hosts.length * policyWith().channels.length).toBeGreaterThan(0)
})
