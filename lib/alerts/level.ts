import { LEVELS, type Level } from './model'
import type { AlertsPolicy } from './policy'

/** levelOf puts a sender's severity word on our scale; a word nobody knows gets the policy's `other`. */
export function levelOf(severity: string, policy: AlertsPolicy['severity']): Level {
  const word = severity.trim().toLowerCase()
  return LEVELS.find((level) => policy[level].includes(word)) ?? policy.other
}
