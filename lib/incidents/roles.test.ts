import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../access/permissions'
import { somebodyIn } from '../access/testing/somebody'
import type { SteppedClock } from '../platform/clock'
import { t0, testConsole } from '../platform/testing/database'
import { refusal } from '../platform/testing/refusal'
import type { CommandInput } from '../registry'
import { declaredIn, untilAnswered } from './testing/declared'

let console: Awaited<ReturnType<typeof testConsole>> & { readonly clock: SteppedClock }

beforeAll(async () => {
  console = await testConsole()
})

afterAll(async () => {
  await console.close()
})

const someone = (...roles: readonly Role[]) => somebodyIn(console, roles)
const declared = (changes?: Partial<CommandInput<'incidents.declare'>>) => declaredIn(console, changes)

describe('answering and roles', () => {
  it('puts the first to answer in command, and the second answer changes nothing', async () => {
    const { id, page, record } = await declared()
    const li = await someone('responder')
    const bo = await someone('responder')
    expect(await li.does('incidents.acknowledge', { id })).toMatchObject({ isFirst: true, isCommander: true })
    expect(await bo.does('incidents.acknowledge', { id })).toMatchObject({
      isFirst: false,
      isCommander: false,
    })
    const incident = await page()
    expect(incident.roles.map(({ role, handle }) => [role, handle])).toEqual([['commander', li.handle]])
    expect(incident).toMatchObject({ phase: 'active' })
    expect((await record()).filter((entry) => entry.kind === 'acknowledged')).toHaveLength(1)
  })

  it('lets twelve people answer at once and ends with one commander', async () => {
    const { id, page } = await declared()
    const people = await Promise.all(Array.from({ length: 12 }, () => someone('responder')))
    const answers = await Promise.all(
      people.map((person) => untilAnswered((key) => person.does('incidents.acknowledge', { id }, key))),
    )
    expect(answers.filter((answer) => answer.isCommander)).toHaveLength(1)
    expect((await page()).roles.filter((one) => one.role === 'commander')).toHaveLength(1)
  }, 60_000)

  it('I-REC-06 refuses two commanders in the database itself', async () => {
    const { id } = await declared({ answer: true })
    const li = await someone('responder')
    await expect(
      console.db.roleAssignment.create({
        data: {
          id: randomUUID(),
          incidentId: id,
          role: 'commander',
          personId: li.id,
          handle: li.handle,
          assignedAt: t0,
          assignedBy: 'x',
        },
      }),
    ).rejects.toMatchObject({ code: 'P2002' })
  })

  it('does not leave an answered incident without a commander', async () => {
    const { ana, id } = await declared({ answer: true })
    const error = await refusal(
      ana.does('incidents.assignRole', { id, role: 'commander', personId: null, replaces: ana.id }),
    )
    expect(error.code).toBe('invalid')
  })

  it('tells the second of two who assign a role at once who is there now', async () => {
    const { ana, id } = await declared()
    const li = await someone('responder')
    const bo = await someone('comms')
    await ana.does('incidents.assignRole', { id, role: 'scribe', personId: li.id, replaces: null })
    const error = await refusal(
      ana.does('incidents.assignRole', { id, role: 'scribe', personId: bo.id, replaces: null }),
    )
    expect(error).toMatchObject({ code: 'conflict', current: { theirs: li.handle, yours: bo.handle } })
  })

  it('hands over only when it is accepted, by whom it was offered to', async () => {
    const { ana, id, page } = await declared({ answer: true })
    const li = await someone('commander')
    const bo = await someone('commander')
    await ana.does('incidents.offerHandover', {
      id,
      role: 'commander',
      toPersonId: li.id,
      pack: 'EU gateway, likely',
    })
    const offered = await page()
    expect(offered.roles[0]).toMatchObject({ handle: ana.handle, offer: { toHandle: li.handle } })
    expect(offered.obligations.map((one) => one.id)).toContain('handover:commander')
    expect((await refusal(bo.does('incidents.acceptHandover', { id, role: 'commander' }))).code).toBe(
      'forbidden',
    )
    await li.does('incidents.acceptHandover', { id, role: 'commander' })
    const after = await page()
    expect(after.roles.map((one) => one.handle)).toEqual([li.handle])
    expect(after.obligations.map((one) => one.id)).not.toContain('handover:commander')
    expect((await refusal(li.does('incidents.acceptHandover', { id, role: 'commander' }))).code).toBe(
      'conflict',
    )
  })

  it('a declined hand-over is no longer owed and the holder stays', async () => {
    const { ana, id, page } = await declared({ answer: true })
    const li = await someone('responder')
    await ana.does('incidents.offerHandover', { id, role: 'commander', toPersonId: li.id })
    await li.does('incidents.declineHandover', { id, role: 'commander', reason: 'on another one' })
    const incident = await page()
    expect(incident.roles[0]).toMatchObject({ handle: ana.handle, offer: null })
    expect(incident.obligations.map((one) => one.kind)).not.toContain('handover')
  })

  it('a role that is free can be taken, one that is held can not', async () => {
    const { id } = await declared()
    const bo = await someone('comms')
    const li = await someone('responder')
    await bo.does('incidents.takeRole', { id, role: 'communications' })
    expect((await refusal(li.does('incidents.takeRole', { id, role: 'communications' }))).code).toBe(
      'conflict',
    )
    expect((await refusal(li.does('incidents.takeRole', { id, role: 'commander' }))).code).toBe('forbidden')
    await bo.does('incidents.leaveRole', { id, role: 'communications' })
    await li.does('incidents.takeRole', { id, role: 'communications' })
  })
})
