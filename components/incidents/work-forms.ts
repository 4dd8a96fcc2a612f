import type { Audience, Status } from '@/lib/incidents/model'
import { STATUSES } from '@/lib/incidents/model'
import { AUDIENCE_TITLES, STATUS_TITLES } from '@/lib/incidents/words'
import type { WorkDialog } from './dialog-kinds'
import type { FormSpec } from './lead-forms'
import type { IncidentData, Me } from './types'

const WHEN = {
  name: 'claimedAt',
  label: 'When it was, if not now',
  hint: 'For example 2026-11-18T02:13:00Z. Kept as you give it, beside the time of reception.',
  kind: 'line',
} as const

/** workForm gives the form of a command that adds to the record. */
export function workForm(dialog: WorkDialog, incident: IncidentData, me: Me): FormSpec {
  const { id } = incident
  switch (dialog.kind) {
    case 'task':
      return {
        title: 'Task: one person, so many minutes',
        submit: 'Give the task',
        fields: [
          { name: 'text', label: 'What is to be done', kind: 'line' },
          { name: 'ownerId', label: 'Who', kind: 'person', start: me.id },
          { name: 'minutes', label: 'Minutes', kind: 'number', start: '10' },
        ],
        send: (send, { text = '', ownerId = '', minutes = '' }) =>
          send('incidents.addTask', { id, text, ownerId, minutes: Number(minutes) }),
      }
    case 'pin':
      return {
        title: 'Pin evidence',
        submit: 'Pin',
        fields: [
          { name: 'title', label: 'What it shows', kind: 'line' },
          { name: 'value', label: 'Value', hint: 'The reading itself, as it was.', kind: 'prose' },
          { name: 'source', label: 'Source', kind: 'line' },
          { name: 'url', label: 'Address', hint: 'http or https. Optional.', kind: 'line' },
          { ...WHEN, name: 'observedAt', label: 'When it was seen, if not now' },
        ],
        send: (send, { title = '', value = '', source = '', url = '', observedAt = '' }) =>
          send('incidents.pinEvidence', {
            id,
            title,
            value,
            source,
            url,
            ...claimed('observedAt', observedAt),
          }),
      }
    case 'decision':
      return {
        title: 'Log a decision',
        submit: 'Log it',
        fields: [
          { name: 'proposal', label: 'Proposed', kind: 'line' },
          { name: 'objections', label: 'Strong objections', hint: 'Empty means: asked, none.', kind: 'line' },
          { name: 'outcome', label: 'Decided', kind: 'line' },
          { name: 'executor', label: 'Carried out by', kind: 'line' },
          WHEN,
        ],
        send: (send, { proposal = '', objections = '', outcome = '', executor = '', claimedAt = '' }) =>
          send('incidents.addDecision', {
            id,
            proposal,
            objections,
            outcome,
            executor,
            ...claimed('claimedAt', claimedAt),
          }),
      }
    case 'link':
      return {
        title: 'Link something to this incident',
        submit: 'Link',
        fields: [
          {
            name: 'kind',
            label: 'What',
            kind: 'choice',
            start: 'page',
            options: [
              { value: 'page', label: 'A page' },
              { value: 'alert', label: 'An alert' },
              { value: 'incident', label: 'Another incident' },
              { value: 'deployment', label: 'A deployment' },
            ],
          },
          { name: 'ref', label: 'Address or number', kind: 'line' },
          { name: 'title', label: 'In words', kind: 'line' },
        ],
        send: (send, { kind, ref = '', title = '' }) =>
          send('incidents.link', {
            id,
            kind: kind === 'alert' || kind === 'incident' || kind === 'deployment' ? kind : 'page',
            ref,
            title,
          }),
      }
    case 'update':
      return {
        title: 'Record an update that was sent',
        submit: 'Record it',
        fields: [
          {
            name: 'audience',
            label: 'To whom',
            kind: 'choice',
            start: dialog.audience ?? (incident.visibility === 'public' ? 'public' : 'internal'),
            options: (['internal', 'executive', 'public'] as const)
              .filter((value) => value !== 'public' || incident.visibility === 'public')
              .map((value) => ({ value, label: AUDIENCE_TITLES[value] })),
          },
          { name: 'text', label: 'What was sent', kind: 'prose' },
          {
            name: 'status',
            label: 'Phase it told',
            kind: 'choice',
            start: incident.status,
            options: STATUSES.map((value) => ({ value, label: STATUS_TITLES[value] })),
          },
          { name: 'where', label: 'Where', hint: 'For example: status page, Slack, mail.', kind: 'line' },
          WHEN,
        ],
        send: (send, { audience, text = '', status, where = '', claimedAt = '' }) =>
          send('incidents.recordUpdate', {
            id,
            audience: audience as Audience,
            text,
            status: status as Status,
            where,
            ...claimed('claimedAt', claimedAt),
          }),
      }
  }
}

function claimed<Name extends string>(name: Name, value: string): Partial<Record<Name, string>> {
  return value.trim() === '' ? {} : ({ [name]: value.trim() } as Record<Name, string>)
}
