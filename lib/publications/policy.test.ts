import { expect, test } from 'vitest'
import { COMMS_POLICY_KIND } from '../runbooks/kinds'
import { entriesOf, readRunbooks } from '../runbooks/load'
import { commsPolicySchema, DEFAULT_COMMS_POLICY } from './policy'

test('the shipped policy file says exactly what counts without one', async () => {
  const read = await readRunbooks({ dir: 'runbooks', now: new Date('2026-11-18T02:29:41Z') })
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  expect(entriesOf(read.runbooks, COMMS_POLICY_KIND)[0]?.value).toEqual(DEFAULT_COMMS_POLICY)
})

test.each([
  ['an audience that is not there', { approvals: { ...DEFAULT_COMMS_POLICY.approvals, press: {} } }],
  [
    'a severity without a rule',
    { approvals: { ...DEFAULT_COMMS_POLICY.approvals, public: { P1: 'never' } } },
  ],
  ['a hold of hours', { holdSeconds: 7_200 }],
  ['a setting that nothing reads', { holdSecond: 5 }],
])('%s is refused', (_name, policy) => {
  expect(commsPolicySchema.safeParse(policy).success).toBe(false)
})
