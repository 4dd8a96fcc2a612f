import type { Tx } from '../platform/db'
import { itemsOf } from './checklist'
import { type By, type DeploymentRow, jsonOf, WORKER, writeEvent } from './deployment-store'
import { judgeItem } from './judge'
import type { Looks } from './looks'
import type { ServiceDefinition } from './model'

/** overdueNames are the secrets of a service whose rotation is overdue, by the ledger. */
export async function overdueNames(
  tx: Tx,
  where: { readonly service: string; readonly environment: string },
  now: Date,
): Promise<readonly string[]> {
  const rows = await tx.secretRecord.findMany({ where: { ...where } })
  return rows
    .filter((row) => row.rotatedAt.getTime() + row.everyDays * 86_400_000 < now.getTime())
    .map(({ name }) => name)
}

/** keepLooks stores what was read outside for a locked deployment, and how its automatic items stand by it. */
export async function keepLooks(
  tx: Tx,
  row: DeploymentRow,
  input: { readonly service: ServiceDefinition; readonly looks: Looks; readonly now: Date },
): Promise<{ readonly isChanged: boolean }> {
  const { service, looks, now } = input
  await tx.deployment.update({ where: { id: row.id }, data: { looks: jsonOf(looks), lookedAt: now } })
  const overdue = await overdueNames(tx, { service: row.service, environment: row.environment }, now)
  const before = new Map(
    (await tx.deploymentCheck.findMany({ where: { deploymentId: row.id } })).map((it) => [it.item, it]),
  )
  const digest = row.plan.artifacts[0]?.digest ?? ''
  let isChanged = false
  for (const item of itemsOf(service, row.environment)) {
    if (item.by !== 'probe') continue
    const known = before.get(item.id)
    // A waiver of this very image stands until the image changes.
    if (known?.state === 'waived' && known.digest === digest) continue
    const found = judgeItem(item.id, { plan: row.plan, service, looks, overdueSecrets: overdue })
    const isSame = known?.state === found.state && known.digest === digest
    if (!isSame || known.words !== found.words) isChanged = true
    const data = {
      state: found.state,
      kind: 'probe',
      words: found.words,
      link: '',
      evidence: jsonOf(found.evidence),
      byId: WORKER.id,
      by: 'probe',
      at: now,
      since: isSame ? known.since : now,
      freshUntil: new Date(now.getTime() + item.freshHours * 3_600_000),
      digest,
      service: row.service,
      environment: row.environment,
    }
    await tx.deploymentCheck.upsert({
      where: { deploymentId_item: { deploymentId: row.id, item: item.id } },
      create: { deploymentId: row.id, item: item.id, ...data },
      update: data,
    })
    if (!isSame && known)
      await writeEvent(tx, row.id, {
        kind: 'check',
        by: WORKER,
        words: `${item.title}: ${known.state} → ${found.state} (${found.words})`,
        body: { item: item.id, state: found.state },
        now,
      })
  }
  return { isChanged }
}

/** keepWord stores what a person said of an item, with its link and until when it counts. */
export async function keepWord(
  tx: Tx,
  row: DeploymentRow,
  input: {
    readonly item: { readonly id: string; readonly title: string; readonly freshHours: number }
    readonly state: 'passed' | 'failed' | 'waived'
    readonly words: string
    readonly link: string
    readonly by: By
    readonly now: Date
  },
): Promise<void> {
  const { item, state, words, link, by, now } = input
  const data = {
    state,
    kind: 'person',
    words,
    link,
    evidence: jsonOf({}),
    byId: by.id,
    by: by.name,
    at: now,
    since: now,
    freshUntil: state === 'waived' ? null : new Date(now.getTime() + item.freshHours * 3_600_000),
    digest: row.plan.artifacts[0]?.digest ?? '',
    service: row.service,
    environment: row.environment,
  }
  await tx.deploymentCheck.upsert({
    where: { deploymentId_item: { deploymentId: row.id, item: item.id } },
    create: { deploymentId: row.id, item: item.id, ...data },
    update: data,
  })
  await writeEvent(tx, row.id, {
    kind: state === 'waived' ? 'waived' : 'told',
    by,
    words: `${item.title}: ${state === 'passed' ? words : `${state}: ${words}`}`,
    body: { item: item.id, state, link },
    now,
  })
}
