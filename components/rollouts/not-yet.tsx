'use client'

import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import { can, type Role } from '@/lib/access/permissions'
import { queryOf, type Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'
import { missingForStaging } from '@/lib/rollouts/staging'
import { useRolloutCommand } from './use-rollout-command'

type Planned = Wire<QueryResult<'deployments.one'>>

const EVERY_MS = 15_000

/** NotYet is a deployment that has not begun: what it waits for, and in staging the button that starts it. */
export function NotYet({
  number,
  roles,
}: {
  readonly number: number
  readonly roles: readonly Role[]
}): ReactNode {
  const { data: planned } = useQuery({
    ...queryOf('deployments.one', { number }),
    refetchInterval: EVERY_MS,
  })
  return (
    <div className="grid grid-cols-1 content-start gap-4 px-4 py-6 md:px-6">
      <Words planned={planned} number={number} />
      {planned === undefined || planned.isEnded ? null : planned.plan.environment === 'staging' ? (
        <Staging planned={planned} mayStart={can(roles, 'rollouts.steer')} />
      ) : planned.state === 'staging_deploying' ? (
        <ToStaging planned={planned} mayPlan={can(roles, 'deployments.plan')} />
      ) : null}
    </div>
  )
}

function Words({
  planned,
  number,
}: {
  readonly planned: Planned | undefined
  readonly number: number
}): ReactNode {
  const name = planned?.name ?? 'It'
  const isEnded = planned?.isEnded === true
  return (
    <>
      <h1 className="text-20 font-medium break-words">
        {isEnded ? `${name} ended, and was not carried out from here` : `${name} has not begun`}
      </h1>
      <p className="max-w-prose text-ink-2">
        {isEnded
          ? 'Nothing was measured on its way. What was asked, shown and agreed to stands on '
          : 'This page comes alive when the deployment starts. What it waits for stands on '}
        <Link className="underline" href={`/deployments/${number}`}>
          its own page
        </Link>
        .
      </p>
    </>
  )
}

function Staging({
  planned,
  mayStart,
}: {
  readonly planned: Planned
  readonly mayStart: boolean
}): ReactNode {
  const { busy, problem, send } = useRolloutCommand()
  const missing = missingForStaging(planned.conditions.filter(({ isMet, isWaived }) => !isMet && !isWaived))
  const isDraft = planned.state === 'draft'
  return (
    <section aria-label="Staging" className="grid max-w-prose grid-cols-1 gap-3">
      {missing.length === 0 ? null : (
        <ul aria-label="What keeps it from starting" className="grid grid-cols-1 gap-1 text-13">
          {missing.map(({ id, title, detail }) => (
            <li key={id} className="break-words">
              {title} <span className="text-ink-3">{detail}</span>
            </li>
          ))}
        </ul>
      )}
      {mayStart ? (
        <Button
          variant="primary"
          className="justify-self-start"
          busy={busy}
          onClick={() => void send('rollouts.start-staging', { number: planned.number })}
          {...(isDraft
            ? { waitsFor: 'waits for its submission' }
            : missing.length > 0
              ? { waitsFor: `waits for ${missing.length === 1 ? 'this' : `these ${missing.length}`}` }
              : {})}
        >
          Start staging
        </Button>
      ) : null}
      <Said text={problem?.detail ?? problem?.title} />
    </section>
  )
}

function ToStaging({
  planned,
  mayPlan,
}: {
  readonly planned: Planned
  readonly mayPlan: boolean
}): ReactNode {
  const { busy, problem, send } = useRolloutCommand()
  const router = useRouter()
  const { plan } = planned
  const [artifact] = plan.artifacts
  if (!artifact || !mayPlan) return null
  async function begin(tag: string, digest: string): Promise<void> {
    const made = await send('deployments.plan', {
      service: plan.service,
      environment: 'staging',
      tag,
      digest,
      rollback: { digest: plan.rollback.digest, tag: plan.rollback.tag },
      notes: `Staging for ${planned.name}.`,
    })
    if (!made) return
    await send('rollouts.start-staging', { number: made.number })
    router.push(`/deployments/${made.number}/rollout`)
  }
  return (
    <section aria-label="Staging" className="grid max-w-prose grid-cols-1 gap-3">
      <p className="text-13">Production waits until staging has run this very image, {artifact.tag}.</p>
      <Button
        variant="primary"
        className="justify-self-start"
        busy={busy}
        onClick={() => void begin(artifact.tag, artifact.digest)}
      >
        Start staging
      </Button>
      <Said text={problem?.detail ?? problem?.title} />
    </section>
  )
}

function Said({ text }: { readonly text: string | undefined }): ReactNode {
  if (text === undefined) return null
  return (
    <p role="alert" className="text-13 break-words text-breach">
      {text}
    </p>
  )
}
