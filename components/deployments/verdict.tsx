import type { ReactNode } from 'react'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { StateMark } from '@/components/ui/state-mark'
import type { Asking, ConditionData, PageData } from './types'

/** Verdict is READY or NOT READY with every unmet condition in words and what helps. */
export function Verdict({
  page,
  busy,
  mayPlan,
  mayCheck,
  onAsk,
  onKeepWarm,
}: {
  readonly page: PageData
  readonly busy: boolean
  readonly mayPlan: boolean
  readonly mayCheck: boolean
  readonly onAsk: (asking: Asking) => void
  readonly onKeepWarm: () => void
}): ReactNode {
  const conditions = page.conditions.filter(({ stage }) => stage === 'approve')
  const unmet = conditions.filter((it) => !it.isMet && !it.isWaived)
  const waived = conditions.filter(({ isWaived }) => isWaived)
  return (
    <section aria-labelledby="verdict" className="min-w-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 bg-ink px-4 py-2.5 text-bg">
        {page.isApprovable ? null : (
          <svg viewBox="0 0 12 12" className="size-4 shrink-0" aria-hidden="true">
            <path d="M3.6 0h4.8L12 3.6v4.8L8.4 12H3.6L0 8.4V3.6z" fill="currentColor" />
            <path d="M3 6h6" className="stroke-ink" strokeWidth="1.7" />
          </svg>
        )}
        <h2 id="verdict" className="text-20 font-semibold">
          {page.isApprovable ? 'READY' : 'NOT READY'}
        </h2>
        <p role="status" className="ml-auto text-13">
          {page.isApprovable
            ? `${conditions.length} of ${conditions.length} conditions met`
            : `${unmet.length} of ${conditions.length} conditions unmet`}
        </p>
      </div>
      <ol aria-label="Unmet conditions">
        {unmet.map((condition, index) => (
          <li key={condition.id} className="flex flex-wrap items-start gap-x-4 gap-y-2 border-b px-4 py-3">
            <span className="w-4 shrink-0 text-16 text-ink-3">{index + 1}</span>
            <div className="min-w-0 flex-1 basis-56">
              <p className="text-16 font-semibold break-words">{condition.title}</p>
              <p className="text-13 break-words text-ink-2">
                {condition.detail}{' '}
                {condition.metAtMs === undefined ? null : (
                  <>
                    Met at <Instant at={condition.metAtMs / 1000} />, if it stays so.
                  </>
                )}
              </p>
            </div>
            <Remedy
              condition={condition}
              page={page}
              busy={busy}
              mayPlan={mayPlan}
              mayCheck={mayCheck}
              onAsk={onAsk}
              onKeepWarm={onKeepWarm}
            />
          </li>
        ))}
        {waived.map((condition) => (
          <li key={condition.id} className="flex items-center gap-3 border-b px-4 py-2 text-13 text-ink-2">
            <StateMark mark="false" className="size-3 shrink-0" />
            <span className="min-w-0 break-words">Overridden: {condition.title}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Remedy({
  condition,
  page,
  busy,
  mayPlan,
  mayCheck,
  onAsk,
  onKeepWarm,
}: {
  readonly condition: ConditionData
  readonly page: PageData
  readonly busy: boolean
  readonly mayPlan: boolean
  readonly mayCheck: boolean
  readonly onAsk: (asking: Asking) => void
  readonly onKeepWarm: () => void
}): ReactNode {
  switch (condition.remedy) {
    case 'keep-warm':
      return mayPlan ? (
        <Button busy={busy} onClick={onKeepWarm}>
          Keep {page.plan.rollback.tag} warm
        </Button>
      ) : null
    case 'evidence':
      return mayCheck ? (
        <Button onClick={() => onAsk({ kind: 'tell', item: condition.id.replace(/^check\./, '') })}>
          Show it
        </Button>
      ) : null
    case 'tick-at-once':
    case 'edit':
      return mayPlan ? <Button onClick={() => onAsk({ kind: 'edit' })}>Edit the plan</Button> : null
    default:
      return (
        <span className="text-12 text-ink-3">
          {condition.waits === 'itself' ? 'waits by itself' : 'waits for a person'}
        </span>
      )
  }
}
