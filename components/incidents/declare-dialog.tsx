'use client'

import { useRouter } from 'next/navigation'
import type { ReactNode } from 'react'
import { can } from '@/lib/access/permissions'
import { useBoard } from '@/lib/client/health-store'
import type { Severity, Visibility } from '@/lib/incidents/model'
import { CommandForm, type FormField } from './command-form'
import { SEVERITY_OPTIONS } from './lead-forms'
import { suggestSeverity } from './suggest-severity'
import type { Me } from './types'
import { useIncidentCommand } from './use-incident-command'

/** DeclareDialog opens an incident from anywhere; the severity is suggested with its reason and never locked. */
export function DeclareDialog({ me, onClose }: { readonly me: Me; readonly onClose: () => void }): ReactNode {
  const router = useRouter()
  const command = useIncidentCommand()
  const suggestion = suggestSeverity(useBoard((board) => board))
  const mayAnswer = can(me.roles, 'incidents.acknowledge')

  return (
    <CommandForm
      title="Declare an incident"
      submit="Declare"
      draftKey="incident:declare"
      fields={declareFields(suggestion, mayAnswer)}
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
          ...(impactStartedAt.trim() === '' ? {} : { impactStartedAt: impactStartedAt.trim() }),
        })
        if (made === undefined) return false
        router.push(`/incidents/${made.name}`)
        return true
      }}
    />
  )
}

function declareFields(
  suggestion: ReturnType<typeof suggestSeverity>,
  mayAnswer: boolean,
): readonly FormField[] {
  return [
    { name: 'title', label: 'What is wrong, and where', hint: 'Symptom and scope, no cause.', kind: 'line' },
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
      label: 'Are customers told?',
      kind: 'choice',
      start: 'internal',
      options: [
        { value: 'internal', label: 'Internal' },
        { value: 'public', label: 'Public: starts the clock of the first public update' },
      ],
    },
    {
      name: 'impactStartedAt',
      label: 'When it began, if not now',
      hint: 'For example 2026-11-18T02:06:00Z.',
      kind: 'line',
    },
    ...(mayAnswer
      ? [{ name: 'answer', label: 'I answer it and take command', kind: 'tick', start: 'yes' } as const]
      : []),
    { name: 'drill', label: 'This is a drill', kind: 'tick' },
  ]
}
