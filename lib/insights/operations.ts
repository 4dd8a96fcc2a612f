import { summary } from './queries'

/** insightsOperations are what can be read of how incidents went. */
export const insightsOperations = [summary] as const
