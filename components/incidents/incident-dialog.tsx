'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useDraft } from '@/components/state/use-draft'
import { queryOf } from '@/lib/client/api'
import { CommandForm, type FormField, seenVersion } from './command-form'
import { ConflictNote, conflictOf } from './conflict-note'
import type { FormDialog } from './dialog-kinds'
import { type FormSpec, leadForm } from './lead-forms'
import type { IncidentData, Me } from './types'
import { useIncidentCommand } from './use-incident-command'
import { workForm } from './work-forms'

/** IncidentDialog is the form of one command on one incident; its draft belongs to this person and this incident. */
export function IncidentDialog({
  dialog,
  incident,
  me,
  onClose,
}: {
  readonly dialog: FormDialog
  readonly incident: IncidentData
  readonly me: Me
  readonly onClose: () => void
}): ReactNode {
  const command = useIncidentCommand(incident)
  // Whoever changes the field while this form is open must not be overwritten unseen.
  const [version] = useState(incident.version)
  const spec = specOf(dialog, incident, me)
  const fields = useMergeTargets(spec.fields, dialog.kind === 'merge' ? incident.id : undefined)
  const conflict = conflictOf(command.problem)
  const name = 'role' in dialog ? `${dialog.kind}-${dialog.role}` : dialog.kind
  const draftKey = `incident:${incident.id}:${name}`
  const draft = useDraft(draftKey)

  async function sendAt(values: Readonly<Record<string, string>>, version: number): Promise<boolean> {
    return (await spec.send(command.send, values, version)) !== undefined
  }

  return (
    <CommandForm
      title={spec.title}
      submit={spec.submit}
      draftKey={draftKey}
      fields={fields}
      busy={command.busy}
      problem={command.problem}
      version={version}
      onSend={(values) => sendAt(values, conflict?.version ?? seenVersion(values, version))}
      onClose={onClose}
    >
      {conflict === undefined ? null : (
        <ConflictNote
          conflict={conflict}
          onTakeTheirs={() => {
            draft.drop()
            onClose()
          }}
        />
      )}
    </CommandForm>
  )
}

function specOf(dialog: FormDialog, incident: IncidentData, me: Me): FormSpec {
  switch (dialog.kind) {
    case 'task':
    case 'pin':
    case 'decision':
    case 'link':
    case 'update':
      return workForm(dialog, incident, me)
    default:
      return leadForm(dialog, incident)
  }
}

function useMergeTargets(fields: readonly FormField[], id: string | undefined): readonly FormField[] {
  const open = useQuery({ ...queryOf('incidents.open', {}), enabled: id !== undefined })
  if (id === undefined) return fields
  const others = open.data?.incidents.filter((one) => one.id !== id) ?? []
  return fields.map((field) =>
    field.name === 'into'
      ? {
          ...field,
          options: [
            ...(field.options ?? []),
            ...others.map((one) => ({ value: one.id, label: `${one.name} · ${one.title}` })),
          ],
        }
      : field,
  )
}
