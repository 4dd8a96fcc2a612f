import type { Severity, Status, Visibility } from '@/lib/incidents/model'
import { isWorse, SEVERITIES, STATUSES, VISIBILITIES } from '@/lib/incidents/model'
import { ROLE_TITLES } from '@/lib/incidents/obligations'
import { STATUS_TITLES, VISIBILITY_TITLES } from '@/lib/incidents/words'
import type { FormField, Values } from './command-form'
import type { LeadDialog } from './dialog-kinds'
import type { IncidentData } from './types'
import type { useIncidentCommand } from './use-incident-command'

type Send = ReturnType<typeof useIncidentCommand>['send']

/** FormSpec is one command as a form: its words, its fields, and how it is sent with the version that counts. */
export type FormSpec = {
  readonly title: string
  readonly submit: string
  readonly fields: readonly FormField[]
  readonly send: (send: Send, values: Values, version: number) => Promise<unknown>
}

const SEVERITY_MEANINGS: Readonly<Record<Severity, string>> = {
  P1: 'P1, complete outage',
  P2: 'P2, degraded service',
  P3: 'P3, minor impact',
  P4: 'P4, no user impact',
}

/** SEVERITY_OPTIONS are the severities with what they mean. */
export const SEVERITY_OPTIONS = SEVERITIES.map((value) => ({ value, label: SEVERITY_MEANINGS[value] }))

/** leadForm gives the form of a command that leads the incident. */
export function leadForm(dialog: LeadDialog, incident: IncidentData): FormSpec {
  const { id } = incident
  switch (dialog.kind) {
    case 'severity':
      return {
        title: `Severity of ${incident.name}`,
        submit: 'Set severity',
        fields: [
          {
            name: 'to',
            label: 'Severity',
            kind: 'choice',
            options: SEVERITY_OPTIONS,
            start: incident.severity,
          },
          {
            name: 'reason',
            label: 'Why it is less severe',
            hint: 'Raising needs no reason. Unsure: take the higher one.',
            kind: 'line',
            shown: (values) => isWorse(incident.severity, values.to as Severity),
          },
        ],
        send: (send, { to, reason = '' }, version) =>
          send('incidents.setSeverity', { id, version, to: to as Severity, reason }),
      }
    case 'status':
      return {
        title: `Status of ${incident.name}`,
        submit: 'Set status',
        fields: [
          {
            name: 'to',
            label: 'Status',
            kind: 'choice',
            options: STATUSES.map((value) => ({ value, label: STATUS_TITLES[value] })),
            start: incident.status,
          },
          { name: 'reason', label: 'Why', hint: 'What you know now. Optional.', kind: 'line' },
          {
            name: 'waiver',
            label: 'Why open obligations may stay open',
            hint: openWords(incident),
            kind: 'line',
            shown: (values) =>
              values.to === 'resolved' && incident.obligations.some((one) => one.blocksResolve),
          },
        ],
        send: (send, { to, reason = '', waiver = '' }, version) =>
          send('incidents.setStatus', {
            id,
            version,
            to: to as Status,
            reason,
            waiver: to === 'resolved' ? waiver : '',
          }),
      }
    case 'title':
      return {
        title: `Title of ${incident.name}`,
        submit: 'Set title',
        fields: [
          {
            name: 'to',
            label: 'Title',
            hint: 'Symptom and scope, no cause.',
            kind: 'line',
            start: incident.title,
          },
        ],
        send: (send, { to = '' }, version) => send('incidents.setTitle', { id, version, to }),
      }
    case 'impact':
      return {
        title: 'Impact, in customers’ words',
        submit: 'Set impact',
        fields: [
          {
            name: 'to',
            label: 'Impact',
            hint: 'What do users see, how many, what still works?',
            kind: 'prose',
            start: incident.impact,
          },
        ],
        send: (send, { to = '' }, version) => send('incidents.setImpact', { id, version, to }),
      }
    case 'visibility':
      return {
        title: 'Who may know of it?',
        submit: 'Set visibility',
        fields: [
          {
            name: 'to',
            label: 'Visibility',
            hint: 'Public starts the clock of the first public update. Restricted hides it from all but who is named, who works in it, and admins.',
            kind: 'choice',
            options: VISIBILITIES.map((value) => ({ value, label: VISIBILITY_TITLES[value] })),
            start: incident.visibility,
          },
        ],
        send: (send, { to }, version) =>
          send('incidents.setVisibility', { id, version, to: to as Visibility }),
      }
    case 'handover':
      return {
        title: `Hand over: ${ROLE_TITLES[dialog.role].toLowerCase()}`,
        submit: 'Offer it',
        fields: [
          { name: 'toPersonId', label: 'To', kind: 'person' },
          {
            name: 'pack',
            label: 'What they should know',
            hint: 'State, decisions pending, what we believe and why. The role stays with its holder until they accept.',
            kind: 'prose',
          },
        ],
        send: (send, { toPersonId = '', pack = '' }) =>
          send('incidents.offerHandover', { id, role: dialog.role, toPersonId, pack }),
      }
    case 'assign': {
      const holder = incident.roles.find((one) => one.role === dialog.role)
      const isMany = dialog.role === 'responder'
      return {
        title: `${ROLE_TITLES[dialog.role]}: who?`,
        submit: 'Assign',
        fields: [{ name: 'personId', label: 'Person', kind: 'person' }],
        send: (send, { personId = '' }) =>
          send('incidents.assignRole', {
            id,
            role: dialog.role,
            personId,
            replaces: isMany ? null : (holder?.personId ?? null),
          }),
      }
    }
    case 'merge':
      return {
        title: `Merge ${incident.name} into another`,
        submit: 'Merge and close this one',
        fields: [
          {
            name: 'into',
            label: 'The incident that goes on',
            kind: 'choice',
            options: [{ value: '', label: 'Choose an open incident' }],
          },
          { name: 'reason', label: 'Why they are one', kind: 'line' },
        ],
        send: (send, { into = '', reason = '' }) => send('incidents.merge', { id, into, reason }),
      }
    case 'pause':
      return {
        title: 'Pause update clocks and tasks',
        submit: 'Pause',
        fields: [
          {
            name: 'reason',
            label: 'Reason',
            hint: 'First response, commander and first public update never pause.',
            kind: 'choice',
            options: incident.pauseReasons.map((one) => ({ value: one.id, label: one.title })),
            start: incident.pauseReasons[0]?.id ?? '',
          },
        ],
        send: (send, { reason = '' }) => send('incidents.pauseClocks', { id, reason }),
      }
    case 'reopen':
      return {
        title: `Reopen ${incident.name}`,
        submit: 'Reopen',
        fields: [{ name: 'reason', label: 'What came back', kind: 'line' }],
        send: (send, { reason = '' }, version) => send('incidents.reopen', { id, version, reason }),
      }
  }
}

function openWords(incident: IncidentData): string {
  const open = incident.obligations.filter((one) => one.blocksResolve)
  return `Open: ${open.map((one) => `${one.title} (${one.owner === undefined ? 'no one' : `@${one.owner}`})`).join(', ')}.`
}
