import { z } from 'zod'
import { defineCommand } from '../operation'
import { AppError } from '../platform/errors'
import { rememberSecret } from '../platform/redact'
import { bucketConfig, sealPlaceOf } from './export-load'

const BUCKETS_MAX = 5
const exportId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens')
const OWN = ['folder', 'environment']

/** setBucket adds or changes a bucket to which the page is copied; a secret left out keeps the one held. */
const setBucket = defineCommand({
  name: 'status.setBucket',
  summary: 'Adds or changes an S3-compatible bucket to which the public page is copied.',
  permission: 'status.export',
  input: z.strictObject({
    id: exportId,
    name: z.string().trim().min(1, 'must not be empty').max(80),
    config: bucketConfig,
    secret: z.string().trim().min(1).max(400).optional(),
    version: z.int().min(0),
  }),
  run: async ({ console, tx, now }, input) => {
    if (OWN.includes(input.id)) throw new AppError('invalid', `${input.id} is a name of Watchfloor’s own.`)
    rememberSecret(input.secret)
    await tx.$queryRaw`SELECT 1 FROM status_page WHERE id = 1 FOR UPDATE`
    const before = await tx.statusExport.findUnique({ where: { id: input.id } })
    if ((before?.version ?? 0) !== input.version)
      throw new AppError('conflict', 'Someone changed this bucket meanwhile.', { current: before?.config })
    if (!before && (await tx.statusExport.count({ where: { kind: 's3' } })) >= BUCKETS_MAX)
      throw new AppError('conflict', `There are ${BUCKETS_MAX} buckets already: take one away first.`)
    if (!input.secret && !before?.sealed)
      throw new AppError('invalid', 'A new bucket needs its secret.', {
        issues: [{ path: 'secret', message: 'must not be empty' }],
      })
    const sealed = input.secret
      ? console.seal.seal(input.secret, sealPlaceOf(input.id))
      : (before?.sealed ?? null)
    const data = { kind: 's3', name: input.name, config: input.config, sealed, version: input.version + 1 }
    await tx.statusExport.upsert({
      where: { id: input.id },
      create: { id: input.id, ...data },
      update: { ...data, isOn: true, lastError: null },
    })
    await tx.$queryRaw`SELECT pg_notify('watchfloor_status', 'targets')::text`
    return {
      result: { id: input.id, version: data.version, at: now },
      audit: {
        subject: `status:export:${input.id}`,
        detail: { name: input.name, config: input.config, secretChanged: input.secret !== undefined },
      },
      touched: [{ topic: 'status', ref: 'exports' }],
    }
  },
})

/** switchExport turns a place for copies on or off; what was copied stays there. */
const switchExport = defineCommand({
  name: 'status.switchExport',
  summary: 'Turns a place for copies of the public page on or off.',
  permission: 'status.export',
  input: z.strictObject({ id: exportId, isOn: z.boolean() }),
  run: async ({ tx }, { id, isOn }) => {
    const { count } = await tx.statusExport.updateMany({ where: { id }, data: { isOn } })
    if (count === 0) throw new AppError('not_found', 'There is no such place for copies.')
    await tx.$queryRaw`SELECT pg_notify('watchfloor_status', 'targets')::text`
    return {
      result: { id, isOn },
      audit: { subject: `status:export:${id}`, detail: { isOn } },
      touched: [{ topic: 'status', ref: 'exports' }],
    }
  },
})

/** removeBucket forgets a bucket and its secret; what was copied there stays. */
const removeBucket = defineCommand({
  name: 'status.removeBucket',
  summary: 'Forgets a bucket and its secret; what was copied there stays.',
  permission: 'status.export',
  input: z.strictObject({ id: exportId }),
  run: async ({ tx }, { id }) => {
    if (OWN.includes(id))
      throw new AppError(
        'conflict',
        'This place is not made in settings: turn it off, or change the environment.',
      )
    const { count } = await tx.statusExport.deleteMany({ where: { id } })
    if (count === 0) throw new AppError('not_found', 'There is no such bucket.')
    return {
      result: { id },
      audit: { subject: `status:export:${id}`, detail: {} },
      touched: [{ topic: 'status', ref: 'exports' }],
    }
  },
})

/** exportCommands are the commands on places for copies. */
export const exportCommands = [setBucket, switchExport, removeBucket] as const
