import type { ReactNode } from 'react'
import { LeafChecklist } from '@/components/checklists/leaf-checklist'
import { KIND_WORDS } from '@/components/checklists/list-words'
import { later } from '@/components/ui/later'
import type { CauseData, Me } from './types'

const LeafActions = later(() => import('@/components/actions/leaf-actions').then((it) => it.LeafActions))

/** NextStep says what the chosen cause means, what to do in which order, and the checklist that goes with it. */
export function NextStep({
  cause,
  incident,
  me,
}: {
  readonly cause: CauseData
  /** incident is where the checklist is worked through; null on the board, where it is only read. */
  readonly incident: { readonly id: string; readonly name: string; readonly isOver: boolean } | null
  readonly me: Me
}): ReactNode {
  const { checklist } = cause
  const titles = <Titles actions={cause.actions} />
  return (
    <div className="grid gap-4 rounded-3 border border-line-2 bg-raise p-4">
      <p className="text-pretty text-ink-2">{cause.means}</p>
      {incident === null ? (
        titles
      ) : (
        <LeafActions key={cause.leaf} leaf={cause.leaf} incident={incident} waiting={titles} />
      )}
      {checklist === null ? null : incident === null ? (
        <ReadOnly checklist={checklist} />
      ) : (
        <LeafChecklist checklist={checklist} incident={incident} me={me} />
      )}
    </div>
  )
}

/** Titles are the actions where they cannot be carried out, or are not here yet. */
function Titles({ actions }: { readonly actions: CauseData['actions'] }): ReactNode {
  const [first, ...rest] = actions
  return (
    <div className="grid gap-2">
      <h3 className="text-16">{first?.title ?? 'Nothing to do'}</h3>
      {rest.length === 0 ? null : (
        <ol start={2} aria-label="After that" className="grid gap-1 text-ink-2">
          {rest.map((action, index) => (
            <li key={action.id} className="grid grid-cols-[1.25rem_minmax(0,1fr)]">
              <span className="text-ink-3">{index + 2}</span>
              {action.title}
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}

function ReadOnly({ checklist }: { readonly checklist: NonNullable<CauseData['checklist']> }): ReactNode {
  return (
    <section aria-label={checklist.title} className="grid gap-1">
      <p className="flex flex-wrap items-baseline justify-between gap-x-3 text-12 text-ink-3">
        <span className="text-13 text-ink">{checklist.title}</span>
        {KIND_WORDS[checklist.kind]} · {checklist.items.length} items
      </p>
      <ol className="grid">
        {checklist.items.map((item, index) => (
          <li key={item.id} className="grid grid-cols-[1.25rem_minmax(0,1fr)] border-t py-1.5">
            <span className="text-ink-3">{index + 1}</span>
            <span className="text-pretty">
              {item.text}
              {item.hint === undefined ? null : <span className="block text-12 text-ink-3">{item.hint}</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
