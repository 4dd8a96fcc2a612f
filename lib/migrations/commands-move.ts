import { z } from 'zod'
import { ownedFlag, shiftOwned } from '../flags/shift-store'
import { defineCommand, type Outcome, type Scope } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { assertVersion, number, reason, touchedBy } from './commands'
import { nameOf, personIn } from './load-actor'
import { loadFacts } from './load-facts'
import { nextStep, type Step } from './machine'
import { BEFORE_CUTOVER, ROLLBACK_STEPS, STATE_WORDS } from './model'
import type { Rollback } from './shapes'
import { changeMigration, lockMigration, type MigrationRow, readEvents, tell } from './store'

type Inside = Scope & { readonly tx: Tx }
type Moved = { readonly version: number }

function unmetOf(step: Step, accepted: boolean): readonly string[] {
  return step.guards
    .filter((guard) => !guard.isMet && !(accepted && guard.id === 'gate'))
    .map((guard) => guard.words)
}

/** A gate that could not decide is decided by somebody who did not press the step before it. */
async function mayAccept({ tx, actor }: Inside, row: MigrationRow): Promise<void> {
  const person = personIn(actor)
  const last = (await readEvents(tx, row.id)).find(({ kind }) => kind === 'moved')
  if (last?.by === person.handle)
    throw new AppError(
      'forbidden',
      'You shifted the step before: somebody else decides what the figures do not.',
    )
}

function moved(
  row: MigrationRow,
  version: number,
  detail: Readonly<Record<string, unknown>>,
): Outcome<Moved> {
  return {
    result: { version },
    audit: { subject: `migration:${row.number}`, detail: { from: row.state, ...detail } },
    touched: touchedBy(row),
  }
}

/** advance takes the next step when every guard is met, asked again here; it also sets the flag of the step. */
export const advance = defineCommand({
  name: 'migrations.advance',
  summary:
    'Takes the next step of a migration when every condition is met; shifts the flag where the step is a shift.',
  permission: 'migrations.shift',
  output: z.object({ version: z.int() }),
  input: z.strictObject({
    number,
    version: z.int(),
    /** accept is why figures between the limits are good enough; the gate is then passed by that person. */
    accept: z.string().trim().min(20, 'say why, in a sentence').max(1_000).optional(),
    note: z.string().trim().max(1_000).default(''),
  }),
  run: async (scope, input) => {
    const { tx, actor, now } = scope
    const by = personIn(actor).handle
    const row = await lockMigration(tx, input.number)
    assertVersion(row, input.version)
    const { facts } = await loadFacts(tx, row, now)
    const step = nextStep(row.state, { facts, policy: row.policy, nowMs: now.getTime() })
    if (!step) throw new AppError('conflict', `Nothing follows on ${STATE_WORDS[row.state]}.`)
    const isAccepted = input.accept !== undefined && facts.gate?.kind === 'inconclusive'
    if (isAccepted) await mayAccept(scope, row)
    const unmet = unmetOf(step, isAccepted)
    if (unmet.length > 0)
      throw new AppError('conflict', `Not yet: ${unmet.join('; ')}.`, { current: { unmet: [...unmet] } })
    if (row.state === 'forward-fix' && input.note.length < 3)
      throw new AppError('invalid', 'Say what was fixed.', {
        issues: [{ path: 'note', message: 'say what was fixed' }],
      })
    if (step.percent !== facts.flag.percent)
      await shiftOwned(tx, {
        key: row.flagKey,
        percent: step.percent,
        reason: input.accept ?? step.label,
        by,
        now,
      })
    const isFirstShift = step.to === 'shifting' && row.state === 'parallel-running'
    const isBackInLine = step.to === 'parallel-running'
    const version = await changeMigration(
      tx,
      row,
      {
        state: step.to,
        stateSince: now,
        ...(isFirstShift ? { shiftedSince: now } : {}),
        ...(isBackInLine ? { shiftedSince: null } : {}),
      },
      now,
    )
    await tell(tx, {
      migrationId: row.id,
      by,
      kind: 'moved',
      state: step.to,
      percent: step.percent,
      words: input.accept === undefined ? step.label : `${step.label}, accepted: ${input.accept}`,
      detail: { guards: step.guards, note: input.note },
      now,
    })
    return moved(row, version, { to: step.to, percent: step.percent, accept: input.accept ?? null })
  },
})

/** goBack sets the flag to 0 % and begins the way back; it asks no gate. */
export async function goBack(
  tx: Tx,
  row: MigrationRow,
  back: {
    readonly to: 'traffic-rolled-back' | 'rolled-back'
    readonly reason: string
    readonly by: string
    readonly now: Date
  },
): Promise<number> {
  const { to, by, now } = back
  await shiftOwned(tx, { key: row.flagKey, percent: 0, reason: back.reason, by, now })
  const rollback: Rollback = {
    reason: back.reason,
    by,
    startedAt: now.toISOString(),
    steps: [
      {
        step: 'flag',
        at: now.toISOString(),
        by,
        evidence: 'The flag is at 0 % since this instant.',
        outcome: 'done',
      },
    ],
  }
  const version = await changeMigration(
    tx,
    row,
    { state: to, stateSince: now, shiftedSince: null, rollback },
    now,
  )
  await tell(tx, {
    migrationId: row.id,
    by,
    kind: 'rolled-back',
    state: to,
    percent: 0,
    words: back.reason,
    now,
  })
  return version
}

/** rollBackTraffic sends everybody to the old side at once. */
export const rollBackTraffic = defineCommand({
  name: 'migrations.rollBackTraffic',
  summary: 'Sends all traffic of a migration back to the old side at once; no condition is asked.',
  permission: 'migrations.shift',
  output: z.object({ version: z.int() }),
  input: z.strictObject({ number, reason }),
  run: async ({ tx, actor, now }, input) => {
    const row = await lockMigration(tx, input.number)
    if (row.state !== 'shifting' && row.state !== 'awaiting-cutover')
      throw new AppError('conflict', `No traffic is shifted: it is ${STATE_WORDS[row.state].toLowerCase()}.`)
    const back = { to: 'traffic-rolled-back', reason: input.reason, by: nameOf(actor), now } as const
    return moved(row, await goBack(tx, row, back), { to: back.to, reason: input.reason })
  },
})

/** abort gives a migration up before the point of no return: flag at 0 %, new data kept for study. */
export const abort = defineCommand({
  name: 'migrations.abort',
  summary:
    'Gives a migration up before the point of no return: the flag goes to 0 %, new data is kept for study.',
  permission: 'migrations.shift',
  output: z.object({ version: z.int() }),
  input: z.strictObject({ number, reason }),
  run: async ({ tx, actor, now }, input) => {
    const by = personIn(actor).handle
    const row = await lockMigration(tx, input.number)
    if (row.state === 'rolled-back') throw new AppError('conflict', 'It was given up already.')
    if (!BEFORE_CUTOVER.includes(row.state))
      throw new AppError(
        'conflict',
        'The point of no return is passed: there is no automatic way back. Fix forward.',
      )
    const back = { to: 'rolled-back', reason: input.reason, by, now } as const
    return moved(row, await goBack(tx, row, back), { to: back.to, reason: input.reason })
  },
})

/** sendBack returns a migration from validation to its data, or after the cut-over to fixing forward. */
export const sendBack = defineCommand({
  name: 'migrations.sendBack',
  summary: 'Returns a migration from validation to moving data, or from the cut-over to fixing forward.',
  permission: 'migrations.shift',
  output: z.object({ version: z.int() }),
  input: z.strictObject({ number, version: z.int(), reason }),
  run: async ({ tx, actor, now }, input) => {
    const by = personIn(actor).handle
    const row = await lockMigration(tx, input.number)
    assertVersion(row, input.version)
    const to =
      row.state === 'validating' ? 'backfilling' : row.state === 'cut-over' ? 'forward-fix' : undefined
    if (to === undefined)
      throw new AppError('conflict', `There is no way back from ${STATE_WORDS[row.state]} but the flag.`)
    const version = await changeMigration(tx, row, { state: to, stateSince: now }, now)
    const { percent } = await ownedFlag(tx, row.flagKey)
    await tell(tx, {
      migrationId: row.id,
      by,
      kind: 'sent-back',
      state: to,
      percent,
      words: input.reason,
      now,
    })
    return moved(row, version, { to, reason: input.reason })
  },
})

/** recordRollback writes down a step of the way back with its evidence. */
export const recordRollback = defineCommand({
  name: 'migrations.recordRollback',
  summary: 'Writes down a step of the way back: restart, dated restore, health.',
  permission: 'migrations.work',
  output: z.object({ version: z.int() }),
  input: z
    .strictObject({
      number,
      step: z.enum(ROLLBACK_STEPS).exclude(['flag']),
      outcome: z.enum(['done', 'not-needed']).default('done'),
      /** backupOn is the day of the backup that was restored. */
      backupOn: z.iso.date().optional(),
      evidence: z.string().trim().min(3, 'say what shows it').max(500),
    })
    .refine(({ step, outcome }) => outcome === 'done' || step === 'restore', {
      message: 'only a restore may not be needed',
      path: ['outcome'],
    })
    .refine(
      ({ step, outcome, backupOn }) =>
        step !== 'restore' || outcome === 'not-needed' || backupOn !== undefined,
      {
        message: 'name the day of the backup',
        path: ['backupOn'],
      },
    ),
  run: async ({ tx, actor, now }, input) => {
    const by = personIn(actor).handle
    const row = await lockMigration(tx, input.number)
    const { rollback } = row
    if (rollback === null || (row.state !== 'traffic-rolled-back' && row.state !== 'rolled-back'))
      throw new AppError('conflict', 'No way back is under way.')
    const before = ROLLBACK_STEPS.slice(0, ROLLBACK_STEPS.indexOf(input.step))
    const missing = before.find((step) => !rollback.steps.some((one) => one.step === step))
    if (missing)
      throw new AppError('conflict', `The way back has an order: ${missing} comes before ${input.step}.`)
    const evidence =
      input.backupOn === undefined ? input.evidence : `Backup of ${input.backupOn}: ${input.evidence}`
    const { step, outcome } = input
    const steps = [
      // What was shown before this step was done again shows nothing of afterwards.
      ...rollback.steps.filter((one) => before.some((earlier) => earlier === one.step)),
      { step, at: now.toISOString(), by, evidence, outcome },
    ]
    const version = await changeMigration(tx, row, { rollback: { ...rollback, steps } }, now)
    await tell(tx, {
      migrationId: row.id,
      by,
      kind: 'way-back',
      state: row.state,
      percent: 0,
      words: `${step}: ${evidence}`,
      now,
    })
    return moved(row, version, { step, outcome, evidence })
  },
})
