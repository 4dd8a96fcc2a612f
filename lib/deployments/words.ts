import { type Plan, plannedMinutesOf, shortDigest } from './model'
import type { Readiness } from './readiness'

/** sentenceOf is a deployment in the words that stood on the page: an approval keeps it. */
export function sentenceOf(plan: Plan, readiness: Readiness, nowMs: number): string {
  const images = plan.artifacts.map(({ tag, digest }) => `${tag} (${shortDigest(digest)})`).join(', ')
  const from = plan.baseline ? `${plan.baseline.tag} (${shortDigest(plan.baseline.digest)}) → ` : ''
  const steps = plan.isAtOnce ? '100 % at once' : plan.steps.map(({ percent }) => `${percent} %`).join(', ')
  const unmet = readiness.unmet.filter(({ stage }) => stage === 'approve').map(({ title }) => title)
  return [
    `Deploy ${plan.service} ${from}${images} to ${plan.environment} on ${plan.targets.map(({ name }) => name).join(', ')}`,
    `start ${plan.window.startAt}, ${steps}, ${plannedMinutesOf(plan)} minutes`,
    `back to ${plan.rollback.tag} (${shortDigest(plan.rollback.digest)})`,
    unmet.length === 0 ? 'READY' : `NOT READY: ${unmet.join(' ')}`,
    `read ${new Date(nowMs).toISOString()}`,
  ].join('; ')
}
