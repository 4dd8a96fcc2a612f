'use client'

import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'
import { Instant } from '@/components/time/instant'
import { Button } from '@/components/ui/button'
import { can } from '@/lib/access/permissions'
import type { Me, PageData } from './types'
import { useDeploymentCommand } from './use-deployment-command'

/** VoidNotice says which approvals are void, because of which fields: a new approval is asked for only those. */
export function VoidNotice({ page }: { readonly page: PageData }): ReactNode {
  const gone = page.approvals.given.filter(
    (it) => it.endedWhy?.kind === 'void' && it.revision === page.revision - 1,
  )
  const fields = gone[0]?.endedWhy?.fields ?? []
  if (gone.length === 0) return null
  return (
    <section aria-label="Void approvals" className="grid gap-1 border-l-2 border-accent py-1 pl-3 text-13">
      <p>
        <b className="font-semibold">
          Void: {gone.map(({ handle }) => `@${handle}`).join(', ')} approved revision {page.revision - 1}.
        </b>{' '}
        Only this changed since:
      </p>
      <ul className="text-ink-2">
        {fields.map((it) => (
          <li key={it.field} className="break-words">
            {it.words}: {it.from} → {it.to}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Overrides are the rules that are broken on purpose for this deployment, and who agreed. */
export function Overrides({ page, me }: { readonly page: PageData; readonly me: Me }): ReactNode {
  const { busy, send } = useDeploymentCommand()
  if (page.overrides.length === 0) return null
  return (
    <Panel title="Overrides" className="border-t pt-4">
      <ul className="grid gap-3">
        {page.overrides.map((it) => (
          <li key={it.id} className="grid gap-1 text-13">
            <p className="break-words">
              <span className="font-mono text-12">{it.ruleIds.join(', ')}</span>: {it.reason}{' '}
              <a className="link" href={it.link}>
                its incident or ticket
              </a>
            </p>
            <p className="text-12 text-ink-3">
              @{it.askedBy} asked
              {it.second ? `, @${it.second} answered` : it.isSolo ? ' and acted alone' : ''}: {it.state}
              {it.expiresAtMs === undefined || it.state !== 'active' ? null : (
                <>
                  {' '}
                  until <Instant at={it.expiresAtMs / 1000} />
                </>
              )}
              {it.reviewedBy ? `, reviewed by @${it.reviewedBy}` : ''}
            </p>
            {it.state === 'requested' && it.askedById !== me.id && can(me.roles, 'deployments.override') ? (
              <div className="flex gap-2">
                <Button
                  size="small"
                  busy={busy}
                  onClick={() => void send('deployments.decideOverride', { override: it.id, agree: true })}
                >
                  Agree
                </Button>
                <Button
                  size="small"
                  busy={busy}
                  onClick={() => void send('deployments.decideOverride', { override: it.id, agree: false })}
                >
                  Don’t
                </Button>
              </div>
            ) : null}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** Story is what happened with a deployment, newest first. */
export function Story({ page }: { readonly page: PageData }): ReactNode {
  return (
    <Panel title="Record" note={`${page.revisions.length} revisions`} className="border-t pt-4">
      <ol className="grid gap-1.5 text-13">
        {page.events.map((it) => (
          <li key={it.seq} className="flex flex-wrap gap-x-3">
            <Instant at={it.atMs / 1000} />
            <span className="min-w-0 flex-1 basis-56 break-words">
              <span className="text-ink-3">{it.by}</span> {it.words}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
