import type { Console } from '../console'
import type { Tx } from '../platform/db'
import { INCIDENTS_POLICY_KIND } from '../runbooks/kinds'
import { contentHash, entriesOf } from '../runbooks/load'
import { lookAtRunbooks } from '../runbooks/load-shelf'
import { DEFAULT_INCIDENTS_POLICY, type IncidentsPolicy, incidentsPolicySchema } from './policy'

/** PinnedPolicy is a policy with its content hash (sha256, hex). */
export type PinnedPolicy = { readonly hash: string; readonly policy: IncidentsPolicy }

/** loadPolicy gives the policy for a new incident as it counts now; while a runbook has a fault, that of the last good ones. */
export async function loadPolicy(console: Console, now: Date): Promise<PinnedPolicy> {
  const shelf = await lookAtRunbooks(console, now)
  const policy = entriesOf(shelf.current(), INCIDENTS_POLICY_KIND)[0]?.value ?? DEFAULT_INCIDENTS_POLICY
  return { hash: contentHash(policy), policy }
}

/** loadPinnedPolicies gives the stored policies of these hashes; a policy that is gone or outgrown reads as the defaults. */
export async function loadPinnedPolicies(
  tx: Tx,
  hashes: readonly string[],
): Promise<(hash: string) => IncidentsPolicy> {
  const rows = await tx.incidentPolicy.findMany({ where: { hash: { in: [...new Set(hashes)] } } })
  const policies = new Map(
    rows.flatMap((row): [string, IncidentsPolicy][] => {
      const parsed = incidentsPolicySchema.safeParse(row.body)
      return parsed.success ? [[row.hash, parsed.data]] : []
    }),
  )
  return (hash) => policies.get(hash) ?? DEFAULT_INCIDENTS_POLICY
}
