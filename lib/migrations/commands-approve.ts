import { z } from 'zod'
import { ownedFlag } from '../flags/shift-store'
import { defineCommand, type Outcome, type Scope } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { number, touchedBy } from './commands'
import { personIn } from './load-actor'
import { loadFacts } from './load-facts'
import { GATES, type Gate, SLOT_ROLES, type Slot, type State } from './model'
import { lockMigration, tell } from './store'

const OPEN_IN: Readonly<Record<Gate, State>> = {
  assessment: 'assessing',
  validation: 'validating',
  cutover: 'awaiting-cutover',
}

type Input = {
  readonly number: number
  readonly slot: Slot
  readonly subject: string
  readonly comment: string
}

async function fill(scope: Scope & { readonly tx: Tx }, gate: Gate, input: Input): Promise<Outcome<object>> {
  const { tx, actor, now } = scope
  const person = personIn(actor)
  const row = await lockMigration(tx, input.number)
  if (row.state !== OPEN_IN[gate]) throw new AppError('conflict', 'This gate is not open now.')
  const slots: readonly Slot[] = GATES[gate]
  if (!slots.includes(input.slot)) throw new AppError('invalid', `This gate asks for ${slots.join(' and ')}.`)
  if (!person.roles.some((role) => SLOT_ROLES[input.slot].includes(role)))
    throw new AppError('forbidden', `None of your roles fills the slot of ${input.slot}.`)
  if (person.id === row.createdById)
    throw new AppError('forbidden', 'You opened this migration: somebody else approves it.')
  const { subjects, approvals } = await loadFacts(tx, row, now)
  if (subjects[gate] !== input.subject)
    throw new AppError('conflict', 'What is to be approved has changed since you looked. Look again.')
  const other = approvals.find(
    (one) =>
      one.gate === gate &&
      one.slot !== input.slot &&
      one.subject === input.subject &&
      one.personId === person.id,
  )
  if (other) throw new AppError('forbidden', 'You filled the other slot: two people approve this.')
  const key = { migrationId: row.id, gate, slot: input.slot }
  const data = {
    personId: person.id,
    person: person.handle,
    subject: input.subject,
    comment: input.comment,
    at: now,
  }
  await tx.migrationApproval.upsert({
    where: { migrationId_gate_slot: key },
    create: { ...key, ...data },
    update: data,
  })
  const { percent } = await ownedFlag(tx, row.flagKey)
  await tell(tx, {
    migrationId: row.id,
    by: person.handle,
    kind: 'approved',
    state: row.state,
    percent,
    words: `Approved as ${input.slot}: ${gate}${input.comment === '' ? '' : `. ${input.comment}`}`,
    detail: { gate, slot: input.slot, subject: input.subject },
    now,
  })
  return {
    result: {},
    audit: { subject: `migration:${row.number}`, detail: { gate, slot: input.slot, subject: input.subject } },
    touched: touchedBy(row),
  }
}

const slot = z.enum(['engineer', 'manager'])
const subject = z.string().regex(/^[0-9a-f]{64}$/, 'must be the hash that the page shows')
const comment = z.string().trim().max(500).default('')

/** approve fills a slot of a gate, bound to the hash of what was seen: the assessment, or the validation report. */
export const approve = defineCommand({
  name: 'migrations.approve',
  summary: 'Approves the assessment or the validation report of a migration, bound to its hash.',
  permission: 'migrations.approve',
  input: z.strictObject({ number, gate: z.enum(['assessment', 'validation']), slot, subject, comment }),
  run: (scope, { gate, ...input }) => fill(scope, gate, input),
})

/** approveCutover fills a slot of the point of no return; it asks for the password. */
export const approveCutover = defineCommand({
  name: 'migrations.approveCutover',
  summary: 'Approves the point of no return of a migration, as an engineer or as a manager.',
  permission: 'migrations.cut-over',
  input: z.strictObject({
    number,
    slot,
    subject,
    comment: z.string().trim().min(3, 'say why it is safe').max(500),
  }),
  run: (scope, input) => fill(scope, 'cutover', input),
})

/** withdraw takes one's own approval back while its gate is open. */
export const withdraw = defineCommand({
  name: 'migrations.withdraw',
  summary: 'Takes one’s own approval back while its gate is open.',
  permission: 'migrations.approve',
  input: z.strictObject({ number, gate: z.enum(['assessment', 'validation', 'cutover']) }),
  run: async ({ tx, actor, now }, input) => {
    const person = personIn(actor)
    const row = await lockMigration(tx, input.number)
    if (row.state !== OPEN_IN[input.gate]) throw new AppError('conflict', 'This gate is not open now.')
    const { count } = await tx.migrationApproval.deleteMany({
      where: { migrationId: row.id, gate: input.gate, personId: person.id },
    })
    if (count === 0) throw new AppError('not_found', 'You have not approved this.')
    const { percent } = await ownedFlag(tx, row.flagKey)
    await tell(tx, {
      migrationId: row.id,
      by: person.handle,
      kind: 'withdrawn',
      state: row.state,
      percent,
      words: `Approval taken back: ${input.gate}`,
      now,
    })
    return {
      result: {},
      audit: { subject: `migration:${row.number}`, detail: { gate: input.gate, withdrawn: true } },
      touched: touchedBy(row),
    }
  },
})
