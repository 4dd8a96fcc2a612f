'use client'

import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { SEVERITIES } from '@/lib/incidents/model'
import { SPANS } from './insights-address'
import { GROUPING_WORDS } from './insights-words'
import type { InsightsAsked, InsightsData } from './types'

const SPAN_WORDS: Readonly<Record<(typeof SPANS)[number], string>> = {
  30: '30 days',
  90: '90 days',
  365: 'a year',
  1825: 'five years',
}
const PICKED = ['leaf', 'component', 'host'] as const

/** InsightsFilters choose what is counted; what is chosen lives in the address. */
export function InsightsFilters({
  asked,
  data,
  onSet,
}: {
  readonly asked: InsightsAsked
  readonly data: InsightsData | undefined
  readonly onSet: (name: string, value: string) => void
}): ReactNode {
  return (
    <fieldset className="flex flex-wrap items-end gap-3">
      <legend className="sr-only">What is counted</legend>
      <Field label="Span">
        {(control) => (
          <Select
            {...control}
            value={asked.days}
            onChange={(event) => onSet('days', event.target.value === '90' ? '' : event.target.value)}
          >
            {SPANS.map((span) => (
              <option key={span} value={span}>
                {SPAN_WORDS[span]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Of">
        {(control) => (
          <Select
            {...control}
            value={asked.kind === 'drill' ? 'drill' : ''}
            onChange={(event) => onSet('kind', event.target.value)}
          >
            <option value="">real incidents</option>
            <option value="drill">drills</option>
          </Select>
        )}
      </Field>
      <Field label="Severity">
        {(control) => (
          <Select
            {...control}
            value={asked.severity ?? ''}
            onChange={(event) => onSet('severity', event.target.value)}
          >
            <option value="">every</option>
            {SEVERITIES.map((severity) => (
              <option key={severity} value={severity}>
                {severity}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {PICKED.map((grouping) => {
        const value = asked[grouping]
        if (value === undefined) return null
        const label =
          data?.cuts.find((cut) => cut.grouping === grouping)?.rows.find(({ key }) => key === value)?.label ??
          value
        return (
          <Button key={grouping} onClick={() => onSet(grouping, '')}>
            {GROUPING_WORDS[grouping]}: {label}, take away
          </Button>
        )
      })}
    </fieldset>
  )
}
