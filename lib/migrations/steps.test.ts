import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type Crew, crewOf, INVENTORY, openedBy, until } from './testing/going'

let crew: Crew

// Long ways of many deeds: a loaded machine needs more than the usual time.
vi.setConfig({ testTimeout: 90_000 })

beforeAll(async () => {
  crew = await crewOf()
})

afterAll(() => crew.app.close())

it('MG-STEP-01 goes from the assessment to completion only step by step, each with its conditions', async () => {
  const going = await openedBy(crew)
  const { number, see, step, unmet, approve, traffic } = going
  expect(await unmet()).toEqual([
    'inventory',
    'inventory-providers',
    'inventory-counted',
    'approved-assessment',
  ])
  await expect(step()).rejects.toMatchObject({ code: 'conflict' })
  await until(going, 'shifting')
  for (const percent of [1, 5, 10, 25, 50, 100]) {
    expect((await see()).flag.percent).toBe(percent)
    await expect(step()).rejects.toMatchObject({ code: 'conflict' })
    await traffic('new', { requests: 100, p95Ms: 90 })
    if (percent === 100) await traffic('reverse', { requests: 10, lagSeconds: 2 })
    await step()
  }
  expect((await see()).state).toBe('awaiting-cutover')
  expect(await unmet()).toEqual(['restored', 'gate', 'approved-cutover'])
  const restore = { kind: 'restore', body: { backupOn: '2026-11-17', minutes: 12 } } as const
  await crew.ana.does('migrations.reportFigures', { number, figures: [restore] })
  await approve('cutover')
  expect(await unmet()).toEqual(['gate'])
  await traffic('new', { requests: 100, p95Ms: 90 })
  await step()
  await expect(crew.ana.does('migrations.abort', { number, reason: 'too late' })).rejects.toMatchObject({
    code: 'conflict',
  })
  await crew.ana.does('migrations.sendBack', {
    number,
    version: (await see()).version,
    reason: 'one call fails',
  })
  expect((await see()).state).toBe('forward-fix')
  await expect(step()).rejects.toMatchObject({ code: 'invalid' })
  await step({ note: 'the call is mended' })
  expect(await unmet()).toEqual(['old-told'])
  await traffic('old', { requests: 0 })
  await step()
  await step()
  expect(await see()).toMatchObject({ state: 'completed', next: null, flag: { percent: 100 } })
})

it('MG-GATE-05 what the figures do not decide is accepted by somebody who did not shift, with a reason', async () => {
  const going = await openedBy(crew)
  const { step, traffic, see } = going
  await until(going, 'shifting')
  await traffic('new', { requests: 100, errors: 2, p95Ms: 90 })
  expect((await see()).traffic.gate?.kind).toBe('inconclusive')
  const accept = 'two of a hundred are the old timeout that we know'
  await expect(step({ accept })).rejects.toMatchObject({ code: 'forbidden' })
  await step({ accept }, crew.li)
  expect((await see()).flag.percent).toBe(5)
})

it('MG-APPR-01 an approval is bound to what was seen, and needs two people who did not open the migration', async () => {
  const going = await openedBy(crew)
  const { number, subject, see } = going
  await crew.ana.does('migrations.saveInventory', {
    number,
    inventory: { ...INVENTORY, dataTypes: [...INVENTORY.dataTypes] } as never,
  })
  const seen = await subject('assessment')
  const about = { number, gate: 'assessment', slot: 'manager', subject: seen } as const
  await expect(crew.ana.does('migrations.approve', about)).rejects.toMatchObject({ code: 'forbidden' })
  await crew.raj.does('migrations.approve', about)
  const approved = async () => (await see()).gates.find(({ gate }) => gate === 'assessment')?.slots[0]?.counts
  expect(await approved()).toBe(true)
  await crew.ana.does('migrations.plan', {
    number,
    version: (await see()).version,
    plan: { startsOn: '2026-12-01' },
  })
  expect(await approved()).toBe(false)
  await expect(crew.raj.does('migrations.approve', about)).rejects.toMatchObject({ code: 'conflict' })
})

it('MG-STEP-02 waits that are hours and days count by what was reported: silence shows nothing', async () => {
  const going = await openedBy(crew, false)
  const { number, unmet, traffic } = going
  await until(going, 'dual-writing')
  crew.app.clock.advanceMs(15_000)
  await traffic('writes', { requests: 100 })
  expect(await unmet()).toEqual(['writes-quiet'])
  crew.app.clock.advanceMs(24 * 3_600_000)
  expect(await unmet()).toEqual(['writes-quiet'])
  await traffic('writes', { requests: 100, mismatches: 1 })
  crew.app.clock.advanceMs(23 * 3_600_000)
  await traffic('writes', { requests: 100 })
  expect(await unmet()).toEqual(['writes-quiet'])
  crew.app.clock.advanceMs(3_600_000)
  expect(await unmet()).toEqual(['writes-quiet'])
  await traffic('writes', { requests: 100 })
  expect(await unmet()).toEqual([])
  expect(number).toBeGreaterThan(0)
})
