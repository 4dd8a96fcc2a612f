import type { HealthPolicy } from './policy'

const SWEEP_SLACK = 1.5

/**
 * pacedPolicy gives the policy in force with the provider's age limit at least half as long again as one sweep (ms):
 * at the provider's pace a large account's list takes longer than one reading may otherwise be old.
 */
export function pacedPolicy(policy: () => HealthPolicy, sweepMs: () => number): () => HealthPolicy {
  let made:
    | { readonly from: HealthPolicy; readonly seconds: number; readonly policy: HealthPolicy }
    | undefined
  return () => {
    const from = policy()
    const seconds = Math.max(from.freshness.vastMaxAgeSeconds, Math.ceil((sweepMs() * SWEEP_SLACK) / 1000))
    if (made?.from === from && made.seconds === seconds) return made.policy
    made = {
      from,
      seconds,
      policy: { ...from, freshness: { ...from.freshness, vastMaxAgeSeconds: seconds } },
    }
    return made.policy
  }
}
