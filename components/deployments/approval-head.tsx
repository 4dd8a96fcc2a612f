import type { ReactNode } from 'react'
import { Instant } from '@/components/time/instant'
import { Link } from '@/components/ui/link'
import type { PageData } from './types'
import { providerName } from './words'

const ROLLED: ReadonlySet<string> = new Set([
  'announced',
  'progressing',
  'paused',
  'baking',
  'rolling_back',
  'rollback_failed',
  'succeeded',
  'rolled_back',
])

/** ApprovalHead is the deployment in one sentence, with who asks and what stands about it. */
export function ApprovalHead({ page }: { readonly page: PageData }): ReactNode {
  const { plan } = page
  const [artifact] = plan.artifacts
  const filled = page.approvals.slots.filter(({ by }) => by !== undefined)
  return (
    <header className="grid grid-cols-1 gap-2">
      <p className="text-12 text-ink-3">
        Deployment <span className="font-mono text-ink-2">{page.name}</span>, revision {page.revision}, hash{' '}
        <span className="font-mono">{page.hash.slice(0, 8)}</span>
        {page.state === 'awaiting_approval' ? null : <> · {page.stateWords}</>}
        {' · '}
        <Link href={`/deployments/${page.number}/rollout`} className="link">
          {ROLLED.has(page.state) ? 'how it goes' : 'where it starts'}
        </Link>
      </p>
      <h1 className="text-20 font-normal break-words text-ink-2 md:text-24">
        Deploy <b className="font-semibold text-ink">{plan.service}</b>{' '}
        {plan.baseline === null ? null : <>{plan.baseline.tag} → </>}
        <b className="font-semibold text-ink">{artifact?.tag}</b> to {plan.environment}, on{' '}
        {providerName(plan.provider)},{' '}
        <b className="font-semibold text-ink">
          <Instant at={Date.parse(plan.window.startAt) / 1000} />
        </b>
        .
      </h1>
      <p className="text-13 break-words text-ink-2">
        Asked by @{page.requester} at <Instant at={page.createdAtMs / 1000} />
        {page.origin === 'person' ? '' : ` through a ${page.origin}`}.{' '}
        {filled.map(({ slot, by }) => (
          <span key={slot}>
            @{by?.handle} approved as {slot} at <Instant at={(by?.atMs ?? 0) / 1000} />.{' '}
          </span>
        ))}
        {page.stateWhy === '' ? null : <span>{page.stateWhy}. </span>}
        {page.closings.some(({ kind }) => kind === 'incident')
          ? 'An open incident touches this service.'
          : page.spared.length > 0
            ? page.spared.join(' ')
            : 'No incident touches this service.'}
      </p>
    </header>
  )
}
