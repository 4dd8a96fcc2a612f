import type { Console } from '../console'
import { AppError } from '../platform/errors'
import { ROLLOUTS_POLICY_KIND } from '../runbooks/kinds'
import { entriesOf } from '../runbooks/load'
import { lookAtRunbooks } from '../runbooks/load-shelf'
import type { RolloutPolicy } from './policy'

/** loadRolloutPolicy gives the policy of rollouts as it counts now; throws invalid when no file holds one. */
export async function loadRolloutPolicy(console: Console, now: Date): Promise<RolloutPolicy> {
  const runbooks = (await lookAtRunbooks(console, now)).current()
  const policy = entriesOf(runbooks, ROLLOUTS_POLICY_KIND)[0]?.value
  if (!policy)
    throw new AppError(
      'invalid',
      'runbooks/policy/rollouts.yaml is missing: nothing says how a rollout is judged.',
    )
  return policy
}
