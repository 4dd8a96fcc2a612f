import { z } from 'zod'
import { defineQuery } from '../operation'
import type { Checklist } from '../triage/policy'
import { type ItemState, type Mark, type Progress, progressOf, stateOf } from './progress'
import { type OpenedList, offeredLists, readProgress, seeIncident, versionOf } from './store'

/** ItemView is an item on the screen with who ticked or skipped it. */
export type ItemView = {
  readonly id: string
  readonly text: string
  readonly hint: string
  readonly state: ItemState
  readonly marks: readonly Mark[]
}

/** ListView is a checklist on the screen; `openedAtMs` is null while nobody has opened it. */
export type ListView = {
  readonly id: string
  readonly title: string
  readonly kind: 'read-do' | 'do-confirm'
  readonly version: string
  readonly openedAtMs: number | null
  readonly openedBy: string
  readonly settled: number
  readonly skipped: number
  readonly total: number
  readonly isDone: boolean
  readonly items: readonly ItemView[]
}

function viewOf(list: Checklist | OpenedList, version: string, progress: Progress): ListView {
  const { settled, skipped, total, isDone } = progress
  const { id, title, kind, items } = list
  return {
    id,
    title,
    kind,
    version,
    openedAtMs: 'openedAt' in list ? list.openedAt.getTime() : null,
    openedBy: 'openedBy' in list ? list.openedBy : '',
    settled,
    skipped,
    total,
    isDone,
    items: items.map((item) => {
      const marks = progress.marks[item.id] ?? []
      return { id: item.id, text: item.text, hint: item.hint ?? '', state: stateOf(marks), marks }
    }),
  }
}

/** ofIncident gives the checklists that were opened in an incident, with who ticked what, and those that may be opened. */
export const ofIncident = defineQuery({
  name: 'checklists.ofIncident',
  summary:
    'Gives the checklists of an incident: opened ones with who ticked what, then those that may be opened.',
  permission: 'checklists.read',
  input: z.strictObject({ incidentId: z.uuid('must be an incident’s id') }),
  run: async ({ console: { db }, actor }, { incidentId }) => {
    const { isRestricted } = await seeIncident(db, actor, incidentId)
    const opened = await readProgress(db, incidentId)
    const known = new Set(opened.map(({ list }) => list.id))
    const others = (await offeredLists(db, incidentId)).filter((list) => !known.has(list.id))
    return {
      isRestricted,
      lists: [
        ...opened.map(({ list, progress }) => viewOf(list, list.version, progress)),
        ...others.map((list) => viewOf(list, versionOf(list), progressOf(list.items, []))),
      ],
    }
  },
})
