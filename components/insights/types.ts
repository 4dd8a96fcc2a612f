import type { Wire } from '@/lib/client/api'
import type { QueryInput, QueryResult } from '@/lib/registry'

/** InsightsData is how incidents went in a span of time. */
export type InsightsData = Wire<QueryResult<'insights.summary'>>

/** InsightsAsked is what is counted. */
export type InsightsAsked = QueryInput<'insights.summary'>

/** FigureData is one measure with its spread and distribution. */
export type FigureData = InsightsData['figures'][number]

/** CutData is every measure cut by one trait. */
export type CutData = InsightsData['cuts'][number]
