import { randomUUID } from 'node:crypto'
import { withinSight } from '../access/sight'
import type { Actor } from '../operation'
import type { Db, Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import type { Sql } from '../platform/sql'

/** BundleState is how far a bundle is. */
export type BundleState = 'queued' | 'building' | 'ready' | 'failed'

const SHOWN = 20
const ATTEMPTS = 3

/** seeIncident throws not_found for an incident that is not there or that the actor may not know of. */
export async function seeIncident(
  tx: Tx,
  actor: Actor,
  id: string,
): Promise<{ readonly isRestricted: boolean }> {
  const row = await tx.incident.findFirst({
    where: { AND: [{ id }, withinSight(actor)] },
    select: { visibility: true },
  })
  if (row === null) throw new AppError('not_found', 'There is no such incident.')
  return { isRestricted: row.visibility === 'restricted' }
}

/** queueBundle asks for a bundle, unless one of this incident is under way; gives its id and whether it is a new one. */
export async function queueBundle(
  tx: Tx,
  ask: { readonly incidentId: string; readonly by: string; readonly now: Date },
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  await tx.$queryRaw`SELECT 1 FROM incident WHERE id = ${ask.incidentId}::uuid FOR UPDATE`
  const known = await tx.evidenceBundle.findFirst({
    where: { incidentId: ask.incidentId, state: { in: ['queued', 'building'] } },
  })
  if (known) return { id: known.id, isNew: false }
  const id = randomUUID()
  await tx.evidenceBundle.create({
    data: { id, incidentId: ask.incidentId, state: 'queued', askedAt: ask.now, askedBy: ask.by },
  })
  await tx.$executeRaw`SELECT pg_notify('watchfloor_evidence', '')`
  return { id, isNew: true }
}

/** readBundles gives the newest bundles of an incident, newest first, at most 20. */
export async function readBundles(db: Db, incidentId: string) {
  return db.evidenceBundle.findMany({ where: { incidentId }, orderBy: { askedAt: 'desc' }, take: SHOWN })
}

/** readArchive gives the bytes of a finished bundle of an incident; throws not_found where they are not there any more. */
export async function readArchive(
  db: Db,
  incidentId: string,
  bundleId: string,
): Promise<{ readonly bytes: Uint8Array; readonly filename: string; readonly sha256: string }> {
  const bundle = await db.evidenceBundle.findFirst({ where: { id: bundleId, incidentId, state: 'ready' } })
  const archive = bundle ? await db.evidenceArchive.findUnique({ where: { bundleId } }) : null
  if (bundle === null || archive === null)
    throw new AppError('not_found', 'There is no such bundle: it may be past its retention.')
  return { bytes: archive.body, filename: bundle.filename, sha256: bundle.archiveSha256 }
}

/** Work is a bundle that the worker has taken on. */
export type Work = { readonly id: string; readonly incidentId: string; readonly askedBy: string }

/** isAsked tells whether any bundle waits to be built. */
export async function isAsked(sql: Sql): Promise<boolean> {
  const [found] = await sql.$queryRaw<{ any: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM evidence_bundle WHERE state IN ('queued', 'building')) AS any`
  return found?.any === true
}

/** takeBundle takes the oldest bundle that waits, or that another worker left behind; a third attempt that ends early gives it up. */
export async function takeBundle(db: Db, now: Date): Promise<Work | undefined> {
  await db.evidenceBundle.updateMany({
    where: { state: 'building', attempts: { gte: ATTEMPTS } },
    data: { state: 'failed', doneAt: now, problem: 'The worker ended three times while it was built.' },
  })
  const next = await db.evidenceBundle.findFirst({
    where: { state: { in: ['queued', 'building'] } },
    orderBy: { askedAt: 'asc' },
  })
  if (next === null) return undefined
  await db.evidenceBundle.update({
    where: { id: next.id },
    data: { state: 'building', startedAt: now, step: 0, attempts: { increment: 1 } },
  })
  return { id: next.id, incidentId: next.incidentId, askedBy: next.askedBy }
}

/** setStep says how many steps of a bundle are done. */
export async function setStep(tx: Tx, id: string, step: number): Promise<void> {
  await tx.evidenceBundle.update({ where: { id }, data: { step } })
}

/** failBundle ends a bundle that could not be built. */
export async function failBundle(tx: Tx, id: string, end: { readonly problem: string; readonly now: Date }) {
  await tx.evidenceBundle.update({
    where: { id },
    data: { state: 'failed', doneAt: end.now, problem: end.problem.slice(0, 300) },
  })
}

/** Finished is what a bundle came to. */
export type Finished = {
  readonly archive: Uint8Array
  readonly archiveSha256: string
  readonly manifestSha256: string
  readonly filename: string
  readonly files: number
  readonly missing: number
  readonly now: Date
}

/** finishBundle keeps a bundle's bytes; false when it is already finished, so that nothing is told twice. */
export async function finishBundle(tx: Tx, id: string, end: Finished): Promise<boolean> {
  const { archive, now, ...rest } = end
  const { count } = await tx.evidenceBundle.updateMany({
    where: { id, state: 'building' },
    data: { ...rest, state: 'ready', doneAt: now, sizeBytes: archive.length },
  })
  if (count === 0) return false
  await tx.evidenceArchive.create({ data: { bundleId: id, at: now, body: new Uint8Array(archive) } })
  return true
}

/** insertPin keeps the manifest's digest as evidence beside the record. */
export async function insertPin(
  tx: Tx,
  pin: {
    readonly incidentId: string
    readonly title: string
    readonly value: string
    readonly source: string
    readonly by: string
    readonly now: Date
  },
): Promise<void> {
  const { now, ...rest } = pin
  await tx.evidencePin.create({ data: { id: randomUUID(), ...rest, url: '', observedAt: now, at: now } })
}
