import type { Role } from '../../access/permissions'
import { type Somebody, somebodyIn } from '../../access/testing/somebody'
import type { SteppedClock } from '../../platform/clock'
import type { Env } from '../../platform/env'
import { testConsole } from '../../platform/testing/database'
import { GATES, type Gate, type State } from '../model'

/** Crew is a console on a database of its own with who works on a migration: ana opens it, li and raj approve it. */
export type Crew = {
  readonly app: Awaited<ReturnType<typeof testConsole>> & { readonly clock: SteppedClock }
  readonly ana: Somebody
  readonly li: Somebody
  readonly raj: Somebody
}

/** crewOf makes it. */
export async function crewOf(changes: Partial<Env> = {}): Promise<Crew> {
  const app = await testConsole(changes)
  const person = (...roles: readonly Role[]): Promise<Somebody> => somebodyIn(app, roles)
  return { app, ana: await person('commander'), li: await person('responder'), raj: await person('manager') }
}

let flags = 0

/** INVENTORY is an assessment with its data counted. */
export const INVENTORY = {
  providers: [
    {
      id: 'vast',
      name: 'Vast.ai',
      findings: 40,
      files: 18,
      integrationPoints: 19,
      dependencies: ['vastai'],
      credentials: ['VAST_API_KEY'],
      customisations: [],
    },
  ],
  dataTypes: [{ name: 'renders', records: 300 }],
} as const

/** openedBy opens a migration as ana, a rehearsal unless said otherwise, with what people and programs do to it. */
export async function openedBy(crew: Crew, isRehearsal = true) {
  const { app, ana, li, raj } = crew
  flags += 1
  const { number } = await ana.does('migrations.create', {
    title: 'To the new provider',
    kind: 'competitor',
    fromProvider: 'old',
    toProvider: 'new',
    flagKey: `new-provider-${flags}`,
    isRehearsal,
  })
  const see = () => ana.asks('migrations.one', { number })
  const step = async (extra: { accept?: string; note?: string } = {}, who: Somebody = ana) => {
    app.clock.advanceMs(2_000)
    return who.does('migrations.advance', { number, version: (await see()).version, ...extra })
  }
  const unmet = async () =>
    ((await see()).next?.guards ?? []).filter(({ isMet }) => !isMet).map(({ id }) => id)
  const subject = async (gate: Gate) => (await see()).gates.find((one) => one.gate === gate)?.subject ?? ''
  const approve = async (gate: Gate) => {
    const about = { number, subject: await subject(gate) }
    for (const slot of GATES[gate]) {
      const who = slot === 'manager' ? raj : li
      if (gate === 'cutover')
        await who.does('migrations.approveCutover', { ...about, slot, comment: 'rehearsed' })
      else await who.does('migrations.approve', { ...about, gate, slot })
    }
  }
  const tickAll = async (phase: string) => {
    for (const item of (await see()).phases.find((one) => one.phase === phase)?.items ?? [])
      await ana.does('migrations.tick', { number, item: item.id, evidence: 'seen' })
  }
  const traffic = async (
    track: 'old' | 'new' | 'noise' | 'compare' | 'writes' | 'reverse',
    counted: { requests: number; errors?: number; mismatches?: number; p95Ms?: number; lagSeconds?: number },
  ) => {
    app.clock.advanceMs(2_000)
    const at = app.clock.now().toISOString()
    await ana.does('migrations.reportTraffic', {
      number,
      reporter: 'test',
      windows: [{ track, at, ...counted }],
    })
  }
  return { crew, number, see, step, unmet, subject, approve, tickAll, traffic }
}

/** Going is a migration on its way. */
export type Going = Awaited<ReturnType<typeof openedBy>>

/** COUNTS are good counts of the part that `until` moves. */
export const COUNTS = {
  oldCount: 3,
  newCount: 2,
  oldChecksum: 'a',
  newChecksum: 'a',
  sampled: 2,
  differing: 0,
}
/** SIDE is how one side did under the load of the validation. */
export const SIDE = { requests: 1_000, errors: 1, p50Ms: 20, p95Ms: 80, p99Ms: 120 }

/** until takes a migration up to a state by the deeds of people and programs. */
export async function until(going: Going, state: State): Promise<void> {
  const { ana } = going.crew
  const { number, see, step, approve, tickAll, traffic } = going
  const isThere = async () => (await see()).state === state
  if (await isThere()) return
  await ana.does('migrations.saveInventory', {
    number,
    inventory: { ...INVENTORY, dataTypes: [...INVENTORY.dataTypes] } as never,
  })
  await approve('assessment')
  await step()
  if (await isThere()) return
  for (const phase of ['setup', 'adapter']) await tickAll(phase)
  await ana.does('migrations.reportFigures', {
    number,
    figures: [{ kind: 'contract', body: { passed: 12, failed: 0 } }],
  })
  await step()
  if (await isThere()) return
  await traffic('writes', { requests: 50 })
  await step()
  if (await isThere()) return
  await tickAll('data')
  await ana.does('migrations.openPart', { number, part: 'renders', expectedRows: 3 })
  await ana.does('migrations.reportBatches', {
    number,
    part: 'renders',
    batches: [{ seq: 1, cursorTo: '3', good: 2, bad: [{ key: '2', class: 'data', reason: 'no owner' }] }],
    isDone: true,
  })
  await ana.does('migrations.settleRows', {
    number,
    part: 'renders',
    keys: ['2'],
    to: 'waived',
    reason: 'was a test row',
  })
  await step()
  if (await isThere()) return
  await ana.does('migrations.reportFigures', {
    number,
    figures: [
      { kind: 'counts', part: 'renders', body: COUNTS },
      { kind: 'performance', body: { old: SIDE, new: SIDE } },
    ],
  })
  await ana.does('migrations.validate', { number })
  await approve('validation')
  await step()
  if (await isThere()) return
  await tickAll('traffic')
  await traffic('noise', { requests: 1_000, mismatches: 1 })
  await traffic('compare', { requests: 10_000, mismatches: 5 })
  await step()
}

/** shifted puts a migration to a percentage of its traffic, past everything that people would have to do for it. */
export async function shifted(
  { crew: { app }, number }: Pick<Going, 'crew' | 'number'>,
  percent: number,
): Promise<void> {
  const now = app.clock.now()
  const { flagKey } = await app.db.migration.update({
    where: { number },
    data: { state: 'shifting', stateSince: now, shiftedSince: now },
  })
  await app.db.flag.update({ where: { key: flagKey }, data: { isOn: true, share: percent * 100 } })
}
