import { expect, test } from 'vitest'
import { INCIDENTS_POLICY_KIND } from '../runbooks/kinds'
import { entriesOf, readRunbooks } from '../runbooks/load'
import { DEFAULT_INCIDENTS_POLICY, incidentsPolicySchema } from './policy'

test('the shipped policy file says exactly what counts without one', async () => {
  const read = await readRunbooks({ dir: 'runbooks', now: new Date('2026-11-18T02:29:41Z') })
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  expect(entriesOf(read.runbooks, INCIDENTS_POLICY_KIND)[0]?.value).toEqual(DEFAULT_INCIDENTS_POLICY)
})

test.each([
  ['a zone that does not exist', { team: { zone: 'Mars/Olympus' } }],
  ['a team that never works', { team: { workdays: [] } }],
  ['a target of no minutes', { onChangeMinutes: 0 }],
  ['a severity without a response', { responseMinutes: { P1: 15 } }],
  ['a setting that nothing reads', { respnseMinutes: {} }],
])('%s is refused', (_name, policy) => {
  expect(incidentsPolicySchema.safeParse(policy).success).toBe(false)
})
