'use client'

import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import type { ReactNode } from 'react'
import { can } from '@/lib/access/permissions'
import { queryOf } from '@/lib/client/api'
import { useBoard } from '@/lib/client/health-store'
import { isWorse, type Severity, type Visibility } from '@/lib/incidents/model'
import { CommandForm, type FormField } from './command-form'
import { type DeclareFrom, draftKeyOf } from './declare-from'
import { SEVERITY_OPTIONS } from './lead-forms'
import { type Suggestion, suggestSeverity } from './suggest-severity'
import type { Me } from './types'
import { useIncidentCommand } from './use-incident-command'

/** DeclareDialog opens an incident from anywhere; the severity is suggested with its reason and never locked. */
export function DeclareDialog({
  me,
  from,
  onClose,
}: {
  readonly me: Me
  readonly from?: DeclareFrom | undefined
  readonly onClose: () => void
}): ReactNode {
  const router = useRouter()
  const command = useIncidentCommand()
  const triage = useQuery(queryOf('triage.suggestion', {})).data?.severity ?? undefined
  const board = useBoard((it) => it)
  const suggestion = suggestFrom(triage ?? suggestSeverity(board), from)
  const mayAnswer = can(me.roles, 'incidents.acknowledge')

  return (
    <CommandForm
      title={from === undefined ? 'Declare an incident' : titleOf(from)}
      submit="Declare"
      draftKey={draftKeyOf(from)}
      fields={declareFields(suggestion, mayAnswer, from)}
      busy={command.busy}
      problem={command.problem}
      onClose={onClose}
      onSend={async (values) => {
        const { title = '', severity, impact = '', visibility, answer, impactStartedAt = '' } = values
        const made = await command.send('incidents.declare', {
          title,
          severity: severity as Severity,
          severityReason: severity === suggestion.severity ? suggestion.reason : '',
          impact,
          visibility: visibility as Visibility,
          answer: answer === 'yes' && mayAnswer,
          drill: values.drill === 'yes',
          ...(from === undefined ? {} : { alerts: alertsOf(from) }),
          ...(impactStartedAt.trim() === '' ? {} : { impactStartedAt: impactStartedAt.trim() }),
        })
        if (made === undefined) return false
        router.push(`/incidents/${made.name}`)
        return true
      }}
    />
  )
}

function titleOf({ count, alerts }: DeclareFrom): string {
  const group = 'group' in alerts ? alerts.group.name : undefined
  if (group === undefined) return 'Declare an incident from this alert'
  return `Declare an incident from ${count} ${count === 1 ? 'alert' : 'alerts'} of ${group}`
}

function alertsOf({ alerts }: DeclareFrom) {
  return 'ids' in alerts ? { ids: [...alerts.ids] } : alerts
}

/** What triage suggests, or else the board, stands unless the alert itself is worse. */
function suggestFrom(suggestion: Suggestion, from: DeclareFrom | undefined): Suggestion {
  if (from === undefined || isWorse(suggestion.severity, from.level)) return suggestion
  return { severity: from.level, reason: `the alert says ${from.level}` }
}

function declareFields(
  suggestion: ReturnType<typeof suggestSeverity>,
  mayAnswer: boolean,
  from: DeclareFrom | undefined,
): readonly FormField[] {
  return [
    {
      name: 'title',
      label: 'What is wrong, and where',
      hint: 'Symptom and scope, no cause.',
      kind: 'line',
      start: from?.title ?? '',
    },
    {
      name: 'severity',
      label: 'Severity',
      hint: `Suggested ${suggestion.severity}: ${suggestion.reason}. Unsure: take the higher one.`,
      kind: 'choice',
      options: SEVERITY_OPTIONS,
      start: suggestion.severity,
    },
    { name: 'impact', label: 'What do users see?', hint: 'Optional; it can be said later.', kind: 'prose' },
    {
      name: 'visibility',
      label: 'Who may know of it?',
      kind: 'choice',
      start: 'internal',
      options: [
        { value: 'restricted', label: 'Restricted: only you, whom you name, and admins' },
        { value: 'internal', label: 'Internal' },
        { value: 'public', label: 'Public: starts the clock of the first public update' },
      ],
    },
    {
      name: 'impactStartedAt',
      label: 'When it began, if not now',
      hint: 'For example 2026-11-18T02:06:00Z.',
      kind: 'line',
      start: from === undefined ? '' : new Date(from.sinceMs).toISOString(),
    },
    ...(mayAnswer
      ? [{ name: 'answer', label: 'I answer it and take command', kind: 'tick', start: 'yes' } as const]
      : []),
    { name: 'drill', label: 'This is a drill', kind: 'tick' },
  ]
}
