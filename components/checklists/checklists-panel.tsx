'use client'

import { type ReactNode, useId, useMemo, useState } from 'react'
import { tellProblem, useIncidentCommand } from '@/components/incidents/use-incident-command'
import { type Action, useActions } from '@/components/shell/actions'
import { Panel } from '@/components/state/panel'
import { Button } from '@/components/ui/button'
import { later } from '@/components/ui/later'
import { Select } from '@/components/ui/select'
import { StateMark } from '@/components/ui/state-mark'
import { useWarmUp } from '@/components/ui/use-warm-up'
import { can } from '@/lib/access/permissions'
import type { Act } from './checklist-item'
import { focusNext, takeInHand, useInHand, wantFocus } from './in-hand'
import { KIND_WORDS, progressWords } from './list-words'
import type { Me, Place } from './types'
import { useChecklists } from './use-checklists'
import type { ShownList } from './with-held'

const loadBody = () => import('./checklist-body').then((module) => module.ChecklistBody)
const ChecklistBody = later(loadBody)

/** ChecklistsPanel shows how far each opened checklist is, the one in hand in full, and the way to open another. */
export function ChecklistsPanel({ incident, me }: { readonly incident: Place; readonly me: Me }): ReactNode {
  const { lists, isFailed, retry } = useChecklists(incident.id)
  const inHand = useInHand(incident.id)
  const command = useIncidentCommand(incident)
  const mayWork = can(me.roles, 'checklists.work') && !incident.isMerged
  const opened = lists?.filter((list) => list.openedAtMs !== null || list.id === inHand) ?? []
  const others = lists?.filter((list) => !opened.includes(list)) ?? []
  useWarmUp(loadBody)
  useChecklistKeys(mayWork ? (inHand ?? opened.find((list) => !list.isDone)?.id) : undefined, incident.id)
  if (lists === undefined) {
    if (!isFailed) return null
    return (
      <Panel
        title="Checklists"
        face={{ kind: 'failed', sentence: 'The checklists could not be read.', retry }}
      />
    )
  }
  if (opened.length === 0 && (!mayWork || others.length === 0)) return null

  async function show(list: ShownList): Promise<void> {
    takeInHand(incident.id, list.id)
    wantFocus()
    if (list.openedAtMs === null)
      await command.send('checklists.open', { incidentId: incident.id, list: list.id }, tellProblem)
  }
  const actOn =
    (list: ShownList): Act =>
    (item, deed, note) => {
      const input = { incidentId: incident.id, list: list.id, version: list.version, item, note }
      if (deed === 'untick') {
        void command.send('checklists.untick', input, tellProblem)
        return
      }
      wantFocus(item)
      void command.send('checklists.tick', { ...input, skip: deed === 'skip' }, tellProblem)
    }
  return (
    <Panel
      title="Checklists"
      aside={mayWork && others.length > 0 ? <OpenOther lists={others} onOpen={show} /> : undefined}
    >
      {opened.length === 0 ? <p className="text-ink-2">None is open here.</p> : null}
      <ul>
        {opened.map((list) => (
          <li key={list.id} className="border-t py-2">
            <ListHead
              list={list}
              isShown={list.id === inHand}
              onToggle={() => (list.id === inHand ? takeInHand(incident.id, undefined) : void show(list))}
            />
            {list.id === inHand ? (
              <ChecklistBody list={list} act={mayWork ? actOn(list) : undefined} />
            ) : null}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function ListHead({
  list,
  isShown,
  onToggle,
}: {
  readonly list: ShownList
  readonly isShown: boolean
  readonly onToggle: () => void
}): ReactNode {
  return (
    <button
      type="button"
      aria-expanded={isShown}
      className="flex w-full flex-wrap items-baseline gap-x-3 pb-1 text-left hover:underline pointer-coarse:min-h-11"
      onClick={onToggle}
    >
      {list.isDone ? <StateMark mark="clear" className="size-3 self-center" /> : null}
      <span className="font-medium">{list.title}</span>
      <span className="text-ink-2">{progressWords(list)}</span>
      <span className="ml-auto text-12 text-ink-3">{KIND_WORDS[list.kind]}</span>
    </button>
  )
}

function OpenOther({
  lists,
  onOpen,
}: {
  readonly lists: readonly ShownList[]
  readonly onOpen: (list: ShownList) => Promise<void>
}): ReactNode {
  const [picked, pick] = useState('')
  const fieldId = useId()
  const list = lists.find((one) => one.id === picked)
  return (
    <span className="flex flex-wrap items-center justify-end gap-2">
      <label htmlFor={fieldId} className="sr-only">
        Checklist to open
      </label>
      <Select
        id={fieldId}
        className="max-w-48 text-12"
        value={picked}
        onChange={(event) => pick(event.target.value)}
      >
        <option value="">Another checklist…</option>
        {lists.map((one) => (
          <option key={one.id} value={one.id}>
            {one.title}
          </option>
        ))}
      </Select>
      {list === undefined ? null : (
        <Button
          size="small"
          onClick={() => {
            pick('')
            void onOpen(list)
          }}
        >
          Open
        </Button>
      )}
    </span>
  )
}

function useChecklistKeys(list: string | undefined, incidentId: string): void {
  const actions = useMemo(
    (): readonly Action[] =>
      list === undefined
        ? []
        : [
            {
              id: 'checklist-next',
              title: 'Go to the next item of the checklist',
              keys: 'C',
              group: 'On this page',
              words: 'tick done confirm',
              run: () => {
                takeInHand(incidentId, list)
                requestAnimationFrame(focusNext)
              },
            },
          ],
    [list, incidentId],
  )
  useActions(actions)
}
