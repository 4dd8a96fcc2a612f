'use client'

import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { type Action, useActions } from '@/components/shell/actions'
import { can } from '@/lib/access/permissions'
import type { DialogKind } from './dialog-kinds'
import { focusNote } from './note-composer'
import type { IncidentData, Me } from './types'
import { tellProblem, useIncidentCommand } from './use-incident-command'

async function publishDrafted(client: QueryClient, id: string): Promise<readonly string[] | undefined> {
  const { publishFirst } = await import('@/components/comms/publish-first')
  return publishFirst(client, id)
}

/** useIncidentKeys offers what this person may do here to the palette, the help and the keyboard. */
export function useIncidentKeys(options: {
  readonly incident: IncidentData
  readonly me: Me
  readonly open: (dialog: DialogKind) => void
}): void {
  const { incident, me, open } = options
  const { send } = useIncidentCommand()
  const client = useQueryClient()
  const { id, status } = incident
  const isMerged = incident.mergedInto !== null
  const isUnanswered = incident.acknowledgedAtMs === null && status !== 'resolved'
  const isCommander = incident.roles.some((one) => one.role === 'commander' && one.personId === me.id)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `send` is made anew at each render and does the same
  const actions = useMemo((): readonly Action[] => {
    if (isMerged) return []
    const offer = (wanted: boolean, action: Omit<Action, 'group'>): readonly Action[] =>
      wanted ? [{ ...action, group: 'On this page' }] : []
    const works = can(me.roles, 'incidents.work')
    const leads = can(me.roles, 'incidents.command')
    const isOpen = status !== 'resolved'
    const shows = (dialog: DialogKind) => () => open(dialog)
    return [
      ...offer(isUnanswered && can(me.roles, 'incidents.acknowledge'), {
        id: 'incident-answer',
        title: 'Answer this incident',
        keys: 'A',
        words: 'acknowledge ack take command',
        run: () => void send('incidents.acknowledge', { id }, tellProblem),
      }),
      ...offer(can(me.roles, 'incidents.note'), {
        id: 'incident-note',
        title: 'Write a note',
        keys: 'N',
        run: focusNote,
      }),
      ...offer(works && isOpen, {
        id: 'incident-task',
        title: 'Give a task',
        keys: 'T',
        run: shows({ kind: 'task' }),
      }),
      ...offer(can(me.roles, 'publications.publish'), {
        id: 'incident-compose',
        title: 'Write an update',
        keys: 'U',
        words: 'status page slack customers executives publish',
        run: shows({ kind: 'composer' }),
      }),
      ...offer(can(me.roles, 'publications.publish-public') && isOpen, {
        id: 'incident-publish-first',
        title: 'Publish the drafted update',
        keys: 'Shift+U',
        words: 'first post status page slack',
        run: () => void publishDrafted(client, id).then((sent) => open({ kind: 'composer', sent })),
      }),
      ...offer(can(me.roles, 'incidents.inform'), {
        id: 'incident-update',
        title: 'Record an update that was sent elsewhere',
        words: 'phone mail customers executives',
        run: shows({ kind: 'update' }),
      }),
      ...offer(leads && isOpen, {
        id: 'incident-status',
        title: 'Change the status',
        keys: 'S',
        words: 'resolve monitoring identified',
        run: shows({ kind: 'status' }),
      }),
      ...offer(leads, {
        id: 'incident-severity',
        title: 'Change the severity',
        keys: 'Shift+S',
        run: shows({ kind: 'severity' }),
      }),
      ...offer((leads || isCommander) && isOpen, {
        id: 'incident-handover',
        title: 'Hand over command',
        keys: 'H',
        run: shows({ kind: 'handover', role: 'commander' }),
      }),
      ...offer(works, { id: 'incident-pin', title: 'Pin evidence', keys: 'E', run: shows({ kind: 'pin' }) }),
      ...offer(works, { id: 'incident-decision', title: 'Log a decision', run: shows({ kind: 'decision' }) }),
      ...offer(works, { id: 'incident-impact', title: 'Say the impact', run: shows({ kind: 'impact' }) }),
      ...offer(works, { id: 'incident-link', title: 'Link something', run: shows({ kind: 'link' }) }),
      ...offer(leads, { id: 'incident-title', title: 'Change the title', run: shows({ kind: 'title' }) }),
      ...offer(leads, {
        id: 'incident-visibility',
        title: 'Make it public or internal',
        run: shows({ kind: 'visibility' }),
      }),
      ...offer(leads && isOpen, {
        id: 'incident-assign-comms',
        title: 'Assign communications',
        run: shows({ kind: 'assign', role: 'communications' }),
      }),
      ...offer(leads && isOpen, {
        id: 'incident-assign-scribe',
        title: 'Assign the scribe',
        run: shows({ kind: 'assign', role: 'scribe' }),
      }),
      ...offer(leads && isOpen, {
        id: 'incident-assign-operations',
        title: 'Assign operations',
        run: shows({ kind: 'assign', role: 'operations' }),
      }),
      ...offer(leads && isOpen, {
        id: 'incident-assign-commander',
        title: 'Assign the commander',
        run: shows({ kind: 'assign', role: 'commander' }),
      }),
      ...offer(leads && isOpen, {
        id: 'incident-merge',
        title: 'Merge into another',
        run: shows({ kind: 'merge' }),
      }),
      ...offer(leads && !isOpen, { id: 'incident-reopen', title: 'Reopen', run: shows({ kind: 'reopen' }) }),
    ]
  }, [id, status, isMerged, isUnanswered, isCommander, me, open, client])
  useActions(actions)
}
