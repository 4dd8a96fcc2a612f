'use client'

import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { CommandForm, type FormField } from '@/components/incidents/command-form'
import { runCommand } from '@/components/shell/run-command'
import { ProblemError } from '@/lib/client/api'
import type { Problem } from '@/lib/platform/errors'
import type { QuestionData } from './types'

/** OverrideForm answers a question in place of the machine, or gives it back; the machine's answer stays in sight. */
export function OverrideForm({
  question,
  incidentId,
  onClose,
}: {
  readonly question: QuestionData
  readonly incidentId: string | null
  readonly onClose: () => void
}): ReactNode {
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | undefined>(undefined)

  async function send(values: Readonly<Record<string, string>>): Promise<boolean> {
    setBusy(true)
    try {
      const answer = values.answer === 'machine' ? 'machine' : values.answer === 'no' ? 'no' : 'yes'
      await runCommand('triage.override', {
        incidentId,
        question: question.id,
        answer,
        reason: values.reason ?? '',
      })
      await client.invalidateQueries({
        predicate: ({ queryKey }) => String(queryKey[0]).startsWith('triage.'),
      })
      return true
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      setProblem(error.problem)
      return false
    } finally {
      setBusy(false)
    }
  }

  return (
    <CommandForm
      title={question.ask}
      submit="Answer"
      draftKey={`incident:${incidentId ?? 'board'}:answer-${question.id}`}
      fields={fieldsOf(question)}
      busy={busy}
      problem={problem}
      onSend={send}
      onClose={onClose}
    />
  )
}

function fieldsOf({ machine, override, how, evidence }: QuestionData): readonly FormField[] {
  const found = evidence.value === '' ? evidence.why : `${evidence.value} ${evidence.predicate}`
  const back = { value: 'machine', label: 'Give it back to the machine' }
  return [
    {
      name: 'answer',
      label: 'Your answer',
      kind: 'choice',
      hint: how === '' ? `The machine says ${machine}: ${found}`.slice(0, 300) : how,
      start: override?.answer ?? 'yes',
      options: [
        { value: 'yes', label: 'Yes' },
        { value: 'no', label: 'No' },
        ...(override === null ? [] : [back]),
      ],
    },
    {
      name: 'reason',
      label: 'Why',
      kind: 'prose',
      hint: 'What you saw, and where. It stands beside the machine’s answer and in the record.',
      shown: (values) => values.answer !== 'machine',
    },
  ]
}
