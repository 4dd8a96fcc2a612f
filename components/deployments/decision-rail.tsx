'use client'

import type { ReactNode } from 'react'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { StateMark } from '@/components/ui/state-mark'
import { can } from '@/lib/access/permissions'
import type { Asking, Me, PageData } from './types'

/** DecisionRail holds the one decision of the page, with what it waits for in words. */
export function DecisionRail({
  page,
  me,
  busy,
  onAsk,
  onRevoke,
}: {
  readonly page: PageData
  readonly me: Me
  readonly busy: boolean
  readonly onAsk: (asking: Asking) => void
  readonly onRevoke: () => void
}): ReactNode {
  const unmet = page.conditions.filter((it) => it.stage === 'approve' && !it.isMet && !it.isWaived)
  const isAsked = !page.isRunning && !page.isEnded && page.state !== 'draft'
  const mayApprove = can(me.roles, 'deployments.approve') && isAsked
  const numbers = unmet.map((_, index) => index + 1)
  return (
    <aside aria-label="Decision" className="grid content-start gap-3 md:border-l md:pl-6">
      {mayApprove && !page.mine.hasApproved && page.mine.refusal === undefined ? (
        <>
          {unmet.length === 0 ? (
            <Button
              variant="primary"
              className="h-10"
              keys="A"
              busy={busy}
              onClick={() => onAsk({ kind: 'approve' })}
            >
              Approve
            </Button>
          ) : (
            <>
              <Button className="h-10" waitsFor={`waits for ${listed(numbers)}`}>
                Approve
              </Button>
              <Button
                variant="primary"
                className="h-10"
                keys="A"
                busy={busy}
                onClick={() => onAsk({ kind: 'approve' })}
              >
                Approve when {unmet.length === 1 ? 'it is' : unmet.length === 2 ? 'both are' : 'all are'} met
              </Button>
            </>
          )}
          <p className="text-12 text-ink-3">
            Void if the image, the plan or the policy changes.
            {page.approvals.expiresAtMs === undefined ? null : (
              <>
                {' '}
                Expires <Instant at={page.approvals.expiresAtMs / 1000} />.
              </>
            )}
          </p>
        </>
      ) : mayApprove && !page.mine.hasApproved ? (
        <p className="text-13 text-ink-2">{page.mine.refusal}</p>
      ) : null}
      {page.mine.hasApproved && isAsked ? (
        <div className="grid gap-2">
          <p className="flex items-center gap-2 text-13">
            <StateMark mark="clear" className="size-3 text-ok" /> You approved this revision.
          </p>
          <Button busy={busy} onClick={onRevoke}>
            Take it back
          </Button>
        </div>
      ) : null}
      {mayApprove && !page.mine.isRequester ? (
        <div className="flex flex-wrap gap-2">
          <Button keys="X" onClick={() => onAsk({ kind: 'reject' })}>
            Reject, say why
          </Button>
          <Button onClick={() => onAsk({ kind: 'hold' })}>Hold until…</Button>
        </div>
      ) : null}
      <Slots page={page} />
      {can(me.roles, 'deployments.plan') && !page.isRunning && !(page.isEnded && !isAskable(page.state)) ? (
        <div className="flex flex-wrap gap-2">
          <Button size="small" onClick={() => onAsk({ kind: 'edit' })}>
            Edit the plan
          </Button>
          {page.isEnded ? null : (
            <Button size="small" onClick={() => onAsk({ kind: 'override' })}>
              Override…
            </Button>
          )}
          {page.isEnded ? null : (
            <Button size="small" variant="quiet" onClick={() => onAsk({ kind: 'cancel' })}>
              Cancel it
            </Button>
          )}
        </div>
      ) : null}
      <p className="text-12 text-ink-3">
        Nothing is sent until the start. An override needs a reason and a second person, and stays on record.
      </p>
    </aside>
  )
}

function isAskable(state: string): boolean {
  return state === 'rejected' || state === 'expired'
}

function listed(numbers: readonly number[]): string {
  if (numbers.length === 1) return 'condition 1'
  if (numbers.length > 3) return `${numbers.length} conditions`
  return `conditions ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`
}

function Slots({ page }: { readonly page: PageData }): ReactNode {
  const later = page.conditions.filter(
    (it) => it.stage === 'start' && !it.isMet && !it.isWaived && !it.id.startsWith('approval.'),
  )
  return (
    <section aria-label="Approvals" className="grid gap-1 border-t pt-3 text-13">
      <ul className="grid gap-1">
        {page.approvals.slots.map(({ slot, by, isWaived }) => (
          <li key={slot} className="flex items-center gap-2">
            <StateMark mark={by || isWaived ? 'clear' : 'unknown'} className="size-3 shrink-0" />
            <span className="text-ink-2">{slot}</span>
            <span className="ml-auto">{by ? `@${by.handle}` : isWaived ? 'overridden' : 'open'}</span>
          </li>
        ))}
      </ul>
      {page.approvals.uncounted.map(({ handle, why }) => (
        <p key={handle} className="text-12 break-words text-ink-3">
          @{handle}: {why.replaceAll('check.', '')}
        </p>
      ))}
      {page.isEnded || page.isRunning || later.length === 0 ? null : (
        <>
          <h3 className="pt-2 text-12 font-normal text-ink-3">Before it starts</h3>
          <ul className="grid gap-1 text-12 text-ink-2">
            {later.map((it) => (
              <li key={it.id}>{it.title}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
