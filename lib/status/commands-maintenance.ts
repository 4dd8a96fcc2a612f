import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { defineCommand } from '../operation'
import { AppError } from '../platform/errors'
import { byOf, publicId } from './commands'
import { moveMaintenance, writeMaintenanceUpdate } from './maintenance-store'
import type { MaintenanceStatus } from './model'
import { lockPage, publicIdOf } from './store'

const HOUR_MS = 3_600_000
const LONGEST_MS = 7 * 24 * HOUR_MS

const text = z.string().trim().max(2_000, 'at most 2,000 characters')
const instant = z.iso.datetime({ offset: true, error: 'must be an instant with its zone' })

/** planMaintenance announces a window of planned work on the public page. */
const planMaintenance = defineCommand({
  name: 'status.planMaintenance',
  summary: 'Announces a window of planned work on the public page.',
  permission: 'status.maintain',
  input: z
    .strictObject({
      name: z.string().trim().min(3, 'say what is done').max(120, 'at most 120 characters'),
      body: text.default(''),
      scheduledFor: instant,
      scheduledUntil: instant,
      componentIds: z.array(publicId).max(100).default([]),
      /** isAutomatic lets the clock start and end it; otherwise a person says both. */
      isAutomatic: z.boolean().default(true),
    })
    .refine((input) => Date.parse(input.scheduledUntil) > Date.parse(input.scheduledFor), {
      message: 'must lie after the start',
      path: ['scheduledUntil'],
    })
    .refine((input) => Date.parse(input.scheduledUntil) - Date.parse(input.scheduledFor) <= LONGEST_MS, {
      message: 'a window is at most seven days long',
      path: ['scheduledUntil'],
    }),
  run: async ({ tx, actor, now }, input) => {
    const [from, until] = [new Date(input.scheduledFor), new Date(input.scheduledUntil)]
    if (until <= now)
      throw new AppError('invalid', 'The window lies in the past.', {
        issues: [{ path: 'scheduledUntil', message: 'must be to come' }],
      })
    const known = await tx.statusComponent.count({
      where: { id: { in: input.componentIds }, retiredAt: null },
    })
    if (known !== new Set(input.componentIds).size)
      throw new AppError('invalid', 'The page lists not all of these components.', {
        issues: [{ path: 'componentIds', message: 'names what the page does not list' }],
      })
    await lockPage(tx, now)
    const id = publicIdOf(`maintenance|${randomUUID()}`)
    await tx.maintenance.create({
      data: {
        id,
        name: input.name,
        body: input.body,
        status: 'scheduled',
        scheduledFor: from,
        scheduledUntil: until,
        componentIds: input.componentIds,
        isAutomatic: input.isAutomatic,
        createdAt: now,
        createdBy: byOf(actor),
        updatedAt: now,
      },
    })
    const body = input.body === '' ? 'Planned work is announced.' : input.body
    await writeMaintenanceUpdate(tx, { id, status: 'scheduled', body, version: 1, now })
    return {
      result: { id },
      audit: { subject: `status:maintenance:${id}`, detail: { ...input } },
      touched: [{ topic: 'status', ref: id }],
    }
  },
})

const MOVES = {
  start: { from: 'scheduled', to: 'in_progress', body: 'The planned work has begun.' },
  complete: { from: 'in_progress', to: 'completed', body: 'The planned work is completed.' },
  cancel: { from: 'scheduled', to: 'cancelled', body: 'The planned work was called off.' },
} as const satisfies Readonly<
  Record<string, { readonly from: MaintenanceStatus; readonly to: MaintenanceStatus; readonly body: string }>
>

/** moveMaintenanceCommand starts, completes or calls off a window of planned work. */
const move = defineCommand({
  name: 'status.moveMaintenance',
  summary: 'Starts, completes or calls off a window of planned work.',
  permission: 'status.maintain',
  input: z.strictObject({
    id: publicId,
    move: z.enum(['start', 'complete', 'cancel']),
    body: text.default(''),
  }),
  run: async ({ tx, now }, input) => {
    const { from, to, body } = MOVES[input.move]
    const moved = await moveMaintenance(tx, {
      id: input.id,
      from,
      to,
      body: input.body === '' ? body : input.body,
      now,
    })
    if (!moved) {
      const found = await tx.maintenance.findUnique({ where: { id: input.id } })
      if (!found) throw new AppError('not_found', 'There is no such window.')
      throw new AppError('conflict', `This window is ${found.status.replace('_', ' ')} by now.`, {
        current: found.status,
      })
    }
    return {
      result: { id: input.id, status: to as MaintenanceStatus },
      audit: { subject: `status:maintenance:${input.id}`, detail: { move: input.move } },
      touched: [{ topic: 'status', ref: input.id }],
    }
  },
})

/** maintenanceCommands are the commands on windows of planned work. */
export const maintenanceCommands = [planMaintenance, move] as const
