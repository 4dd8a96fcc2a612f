import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type Actor, defineCommand } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { writePublicUpdate } from './apply-store'
import { lockPage, publicIdOf } from './store'

const COMPONENTS_MAX = 100

/** publicId takes the public id of a thing of the page. */
export const publicId = z.string().regex(/^[a-z0-9]{12}$/, 'must be a public id: 12 letters and digits')

/** byOf names who did something, as the record shows it. */
export function byOf(actor: Actor): string {
  return actor.kind === 'person' ? actor.handle : actor.id
}

const version = z.int().min(0)
const name = z.string().trim().min(1, 'must not be empty').max(80, 'at most 80 characters')

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** configurePage names the public page, its address and the time zone beside UTC. */
const configurePage = defineCommand({
  name: 'status.configurePage',
  summary: 'Names the public page, its address and the time zone that stands beside UTC.',
  permission: 'status.manage',
  input: z.strictObject({
    name,
    url: z
      .url({ protocol: /^https?$/, error: 'must be an http or https address' })
      .max(300)
      .transform((text) => text.replace(/\/+$/, ''))
      .nullable(),
    timeZone: z.string().refine(isTimeZone, 'must be a time zone, e.g. Europe/Berlin'),
    version,
  }),
  run: async ({ tx, now }, input) => {
    const page = await tx.statusPage.findUniqueOrThrow({ where: { id: 1 } })
    if (page.version !== input.version)
      throw new AppError('conflict', 'Someone changed the page meanwhile.', {
        current: { name: page.name, url: page.url, timeZone: page.timeZone },
      })
    await lockPage(tx, now)
    const data = { name: input.name, url: input.url, timeZone: input.timeZone, version: input.version + 1 }
    await tx.statusPage.update({ where: { id: 1 }, data })
    return {
      result: { version: data.version },
      audit: {
        subject: 'status:page',
        detail: { name: input.name, url: input.url, timeZone: input.timeZone },
      },
      touched: [{ topic: 'status', ref: 'page' }],
    }
  },
})

/** addComponent lists a component on the public page, last in the order. */
const addComponent = defineCommand({
  name: 'status.addComponent',
  summary: 'Lists a component on the public page, last in the order.',
  permission: 'status.manage',
  input: z.strictObject({ name, description: z.string().trim().max(300).default('') }),
  run: async ({ tx, now }, input) => {
    await lockPage(tx, now)
    const listed = await tx.statusComponent.findMany({ where: { retiredAt: null } })
    if (listed.length >= COMPONENTS_MAX)
      throw new AppError('conflict', `The page lists ${COMPONENTS_MAX} components: retire one first.`)
    refuseTwin(listed, input.name)
    const id = publicIdOf(`component|${randomUUID()}`)
    const position = listed.reduce((last, one) => Math.max(last, one.position + 1), 0)
    await tx.statusComponent.create({ data: { id, ...input, position, createdAt: now, updatedAt: now } })
    return {
      result: { id },
      audit: { subject: `status:component:${id}`, detail: input },
      touched: [{ topic: 'status', ref: id }],
    }
  },
})

function refuseTwin(
  listed: readonly { readonly id: string; readonly name: string }[],
  wanted: string,
  id = '',
): void {
  const twin = listed.find((one) => one.id !== id && one.name.toLowerCase() === wanted.toLowerCase())
  if (twin)
    throw new AppError('invalid', `There is a component ${twin.name} already.`, {
      issues: [{ path: 'name', message: 'is taken' }],
    })
}

async function listedComponent(tx: Tx, input: { readonly id: string; readonly version: number }) {
  const found = await tx.statusComponent.findUnique({ where: { id: input.id } })
  if (!found || found.retiredAt !== null) throw new AppError('not_found', 'The page lists no such component.')
  if (found.version !== input.version)
    throw new AppError('conflict', 'Someone changed this component meanwhile.', {
      current: { name: found.name, description: found.description },
    })
  return found
}

/** changeComponent renames and describes a component; its id and its history stay. */
const changeComponent = defineCommand({
  name: 'status.changeComponent',
  summary: 'Renames and describes a component; its id and its history stay.',
  permission: 'status.manage',
  input: z.strictObject({ id: publicId, name, description: z.string().trim().max(300), version }),
  run: async ({ tx, now }, input) => {
    await lockPage(tx, now)
    const before = await listedComponent(tx, input)
    refuseTwin(await tx.statusComponent.findMany({ where: { retiredAt: null } }), input.name, input.id)
    const data = {
      name: input.name,
      description: input.description,
      version: before.version + 1,
      updatedAt: now,
    }
    await tx.statusComponent.update({ where: { id: input.id }, data })
    return {
      result: { version: data.version },
      audit: {
        subject: `status:component:${input.id}`,
        detail: {
          from: { name: before.name, description: before.description },
          to: { name: input.name, description: input.description },
        },
      },
      touched: [{ topic: 'status', ref: input.id }],
    }
  },
})

/** orderComponents puts the listed components into this order; each must be named once. */
const orderComponents = defineCommand({
  name: 'status.orderComponents',
  summary: 'Puts the listed components into this order; each must be named once.',
  permission: 'status.manage',
  input: z.strictObject({ ids: z.array(publicId).max(COMPONENTS_MAX) }),
  run: async ({ tx, now }, { ids }) => {
    await lockPage(tx, now)
    const listed = (await tx.statusComponent.findMany({ where: { retiredAt: null } })).map(({ id }) => id)
    if (
      ids.length !== listed.length ||
      new Set(ids).size !== ids.length ||
      !ids.every((id) => listed.includes(id))
    )
      throw new AppError('conflict', 'The list of components changed meanwhile.', { current: listed })
    for (const [position, id] of ids.entries())
      await tx.statusComponent.update({ where: { id }, data: { position, updatedAt: now } })
    return {
      result: { ids },
      audit: { subject: 'status:components', detail: { order: ids } },
      touched: [{ topic: 'status', ref: 'components' }],
    }
  },
})

/** retireComponent takes a component off the page; one that an open incident names stays until that is over. */
const retireComponent = defineCommand({
  name: 'status.retireComponent',
  summary: 'Takes a component off the public page; its history is kept.',
  permission: 'status.manage',
  input: z.strictObject({ id: publicId, version }),
  run: async ({ tx, now }, input) => {
    await lockPage(tx, now)
    const before = await listedComponent(tx, input)
    if (before.state !== 'operational')
      throw new AppError('conflict', `${before.name} is not operational: what goes on must be over first.`)
    await tx.statusComponent.update({
      where: { id: input.id },
      data: { retiredAt: now, updatedAt: now, version: before.version + 1 },
    })
    return {
      result: { id: input.id },
      audit: { subject: `status:component:${input.id}`, detail: { name: before.name } },
      touched: [{ topic: 'status', ref: input.id }],
    }
  },
})

/** endNotice resolves an incident of the page that belongs to none of the console’s: one that was published in an emergency. */
const endNotice = defineCommand({
  name: 'status.endNotice',
  summary: 'Resolves an incident of the public page that was published without the console.',
  permission: 'incidents.inform-public',
  input: z.strictObject({
    id: publicId,
    body: z.string().trim().min(10, 'say how it ended').max(2_000),
  }),
  run: async ({ tx, actor, now }, input) => {
    const found = await tx.publicIncident.findUnique({ where: { id: input.id } })
    if (!found || found.resolvedAt !== null)
      throw new AppError('not_found', 'The page shows no such open incident.')
    if (found.incidentId !== null)
      throw new AppError('conflict', 'This incident is the console’s: resolve it by an update there.')
    await writePublicUpdate(tx, {
      incidentId: null,
      severity: 'P4',
      status: 'resolved',
      title: found.name,
      body: input.body,
      nextUpdateAt: null,
      components: [],
      publicId: found.id,
      updateId: publicIdOf(`end|${found.id}|${now.getTime()}`),
      publicationId: null,
      correctsId: null,
      startedAt: null,
      isEmergency: false,
      now,
    })
    return {
      result: { id: found.id },
      audit: { subject: `status:${found.id}`, detail: { by: byOf(actor), body: input.body } },
      touched: [{ topic: 'status', ref: found.id }],
    }
  },
})

/** statusCommands are the commands on the page and its components. */
export const statusCommands = [
  configurePage,
  addComponent,
  changeComponent,
  orderComponents,
  retireComponent,
  endNotice,
] as const
