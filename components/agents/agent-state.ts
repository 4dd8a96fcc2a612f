import type { Rating } from '@/lib/health/model'

export type AgentState = { readonly rating: Rating; readonly word: string }

const FRESH_SECONDS = 60

/** agentState judges an agent by its token and the age of its newest report (epoch seconds; 0 = none, now 0 = not known). */
export function agentState(options: {
  readonly revoked: boolean
  readonly lastReportAt: number
  readonly nowSeconds: number
}): AgentState {
  const { revoked, lastReportAt, nowSeconds } = options
  if (revoked) return { rating: 'unknown', word: 'Ended' }
  if (lastReportAt === 0) return { rating: 'unknown', word: 'Never reported' }
  if (nowSeconds - lastReportAt <= FRESH_SECONDS) return { rating: 'clear', word: 'Reporting' }
  return { rating: 'stale', word: 'Silent' }
}
