import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { DEFAULT_HEALTH_POLICY, healthPolicySchema } from './policy'

test('H-POL-01 the shipped policy file equals the defaults in code, key by key', async () => {
  const shipped = parse(await readFile('runbooks/policy/health.yaml', 'utf8'))
  expect(shipped).toEqual(DEFAULT_HEALTH_POLICY)
})

test.each([
  ['a warning at or above its breach', { gpu: { assumedWarnC: 95 } }],
  ['a margin that warns below its breach', { gpu: { marginWarnC: -1 } }],
  ['a runway that warns later than it breaks', { credit: { runwayWarnHours: 2 } }],
  ['a negative hold', { gpu: { limitHoldSeconds: -1 } }],
  ['a setting that does not exist', { gpu: { limitHold: 5 } }],
])('H-POL-02 %s is refused', (_name, policy) => {
  expect(healthPolicySchema.safeParse(policy).success).toBe(false)
})
