import type { ServiceDefinition } from '../deployments/model'
import type { RolloutPolicy } from './policy'

/** effectivePolicy puts a service’s own thresholds and times over the policy of all rollouts. */
export function effectivePolicy(
  policy: RolloutPolicy,
  service: Pick<
    ServiceDefinition,
    'thresholds' | 'bakeMinutes' | 'soakMinutes' | 'announceMinutes' | 'rollback'
  >,
): RolloutPolicy {
  const { errorPercent, p95Ms, memoryPercent } = service.thresholds
  const band = ({ warning, critical }: { readonly warning: number; readonly critical: number }) => ({
    okBelow: warning,
    breachAbove: critical,
    isLessWorse: false,
  })
  return {
    ...policy,
    bands: {
      ...policy.bands,
      error_ratio: band(errorPercent),
      p95: band(p95Ms),
      memory: band(memoryPercent),
    },
    bakeMinutes: service.bakeMinutes,
    soakMinutes: service.soakMinutes,
    back: { ...policy.back, budgetSeconds: service.rollback.budgetSeconds },
    announce: { ...policy.announce, leadMinutes: service.announceMinutes },
  }
}
