import {
  type FieldContext,
  instantOf,
  isShape,
  known,
  numberOf,
  type Shape,
  shapesIn,
  textOf,
  unknown,
} from '../parse'
import { labelsOf, promNumber } from './samples'
import type { PromAlert, PromRule, PromTarget } from './types'

/** parseAlerts reads `/api/v1/alerts`; undefined when it holds no list. */
export function parseAlerts(data: Shape, frame: FieldContext): readonly PromAlert[] | undefined {
  if (!Array.isArray(data.alerts)) return undefined
  return shapesIn(data.alerts).map((alert) => {
    const labels = labelsOf(alert.labels)
    const activeAt = instantOf(alert.activeAt)
    const number = promNumber(textOf(alert, 'value'))
    return {
      name: labels.alertname ?? '',
      state: oneOf(alert.state, ['firing', 'pending'] as const),
      labels,
      annotations: labelsOf(alert.annotations),
      ...(activeAt ? { activeAt } : {}),
      value: number === undefined ? unknown(frame, 'sentinel') : known(frame, number, ''),
    }
  })
}

/** parseRules reads the alerting rules of `/api/v1/rules`; undefined when it holds no groups. */
export function parseRules(data: Shape): readonly PromRule[] | undefined {
  if (!Array.isArray(data.groups)) return undefined
  return shapesIn(data.groups).flatMap((group) => {
    const intervalSeconds = numberOf(group, 'interval')
    return shapesIn(group.rules).flatMap((rule) => {
      if (rule.type !== 'alerting') return []
      const evaluatedAt = instantOf(rule.lastEvaluation)
      const one: PromRule = {
        group: textOf(group, 'name'),
        name: textOf(rule, 'name'),
        query: textOf(rule, 'query'),
        state: oneOf(rule.state, ['firing', 'pending', 'inactive'] as const),
        health: oneOf(rule.health, ['ok', 'err'] as const),
        lastError: textOf(rule, 'lastError'),
        ...(evaluatedAt ? { evaluatedAt } : {}),
        ...(intervalSeconds === undefined ? {} : { intervalSeconds }),
      }
      return [one]
    })
  })
}

/** parseTargets reads `/api/v1/targets`; undefined when it holds no list. */
export function parseTargets(data: Shape): readonly PromTarget[] | undefined {
  if (!Array.isArray(data.activeTargets)) return undefined
  return shapesIn(data.activeTargets).map((target) => {
    const labels = isShape(target.labels) ? labelsOf(target.labels) : {}
    const lastScrapeAt = instantOf(target.lastScrape)
    return {
      job: labels.job ?? '',
      instance: labels.instance ?? '',
      health: oneOf(target.health, ['up', 'down'] as const),
      lastError: textOf(target, 'lastError'),
      ...(lastScrapeAt ? { lastScrapeAt } : {}),
      labels,
    }
  })
}

function oneOf<T extends string>(raw: unknown, words: readonly T[]): T | 'unknown' {
  return words.find((word) => word === raw) ?? 'unknown'
}
