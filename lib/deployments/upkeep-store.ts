import { randomUUID } from 'node:crypto'
import type { SecretRecord } from '../../prisma/generated/client'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { type By, jsonOf } from './deployment-store'
import type { SignalLook } from './looks'
import type { SecretRow } from './secrets'
import { EMPTY_SERIES, SIZING_RULES, type SizingSeries, sizingStep } from './sizing'

/** secretRow is a stored secret as its rules see it. */
export function secretRow(row: SecretRecord): SecretRow {
  return {
    rotatedAtMs: row.rotatedAt.getTime(),
    everyDays: row.everyDays,
    state: row.state as SecretRow['state'],
    dualUntilMs: row.dualUntil?.getTime(),
    consumers: row.consumers as unknown as SecretRow['consumers'],
  }
}

/** lockSecret locks and gives a secret's metadata; throws not_found. */
export async function lockSecret(tx: Tx, id: string): Promise<SecretRecord> {
  await tx.$queryRaw`SELECT 1 FROM secret_record WHERE id = ${id}::uuid FOR UPDATE`
  const row = await tx.secretRecord.findUnique({ where: { id } })
  if (!row) throw new AppError('not_found', 'There is no such secret in the ledger.')
  return row
}

/** noteSecret appends to a secret's record. */
export async function noteSecret(
  tx: Tx,
  secretId: string,
  note: { readonly kind: string; readonly by: By; readonly words: string; readonly now: Date },
): Promise<void> {
  const top = await tx.secretEvent.aggregate({ where: { secretId }, _max: { seq: true } })
  await tx.secretEvent.create({
    data: {
      secretId,
      seq: (top._max.seq ?? 0) + 1,
      at: note.now,
      kind: note.kind,
      by: note.by.name,
      words: note.words,
    },
  })
}

/** noteSignals folds one look at a service's signals into its sizing rules; gives whether a proposal opened. */
export async function noteSignals(
  tx: Tx,
  input: {
    readonly service: string
    readonly environment: string
    readonly signals: SignalLook
    readonly now: Date
  },
): Promise<boolean> {
  const { service, environment, signals, now } = input
  const rows = await tx.sizingProposal.findMany({
    where: { service, environment, state: { in: ['watching', 'open'] } },
  })
  let isOpened = false
  for (const rule of SIZING_RULES) {
    const known = rows.find((row) => row.rule === rule.id)
    const value = signals[rule.signal]
    if (!known && value === undefined) continue
    const before = known ? (known.series as unknown as SizingSeries) : EMPTY_SERIES
    const series = sizingStep(before, rule, { value, atMs: now.getTime() })
    const isFiring = series.trigger.phase === 'firing'
    const state = known?.state === 'open' || isFiring ? 'open' : 'watching'
    if (state === 'open' && known?.state !== 'open') isOpened = true
    const words = isFiring && value !== undefined ? rule.words(value) : (known?.words ?? '')
    const data = { state, words, series: jsonOf(series), seenAt: now, ...(isOpened ? { openedAt: now } : {}) }
    if (known) await tx.sizingProposal.update({ where: { id: known.id }, data })
    else
      await tx.sizingProposal.create({
        data: { id: randomUUID(), service, environment, rule: rule.id, openedAt: now, ...data },
      })
  }
  return isOpened
}
