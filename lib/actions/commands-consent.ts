import { defineCommand, type Scope } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { rememberSecret } from '../platform/redact'
import { authorise } from '../run'
import { answered } from './commands'
import { INPUTS } from './inputs'
import { type RunEvent, WORKED } from './model'
import { byOf, personIn } from './queries'
import { lockRun, type Moved, move, planHashOf, type RunRow, setReview, type Word } from './store'

type InTx = Scope & { readonly tx: Tx }

type Seen = { readonly run: string; readonly version: number }

/** The run as the person saw it. */
async function lockSeen(scope: InTx, input: Seen): Promise<RunRow> {
  const row = await lockRun(scope.tx, scope.actor, input.run)
  if (row.version !== input.version)
    throw new AppError('conflict', 'Somebody moved this run meanwhile. Look at it again.', {
      current: { state: row.state, version: row.version },
    })
  return row
}

/** Everything that a person says to a stored run comes through here: its version, its life and its plan must be as they were seen. */
async function lockFresh(scope: InTx, input: Seen): Promise<RunRow> {
  const row = await lockSeen(scope, input)
  if (row.expiresAt.getTime() <= scope.now.getTime())
    throw new AppError('conflict', 'This plan is older than fifteen minutes. Prepare it anew.')
  if (planHashOf(row) !== row.planHash)
    throw new AppError('conflict', 'The plan is not the one that was prepared. Prepare it anew.')
  return row
}

function wordOf(scope: InTx, row: RunRow): Word {
  const person = personIn(scope)
  return { id: person.id, handle: person.handle, atMs: scope.now.getTime(), planHash: row.planHash }
}

/** What a person's word says in the run's steps and changes in its row. */
type Said = { readonly detail: string; readonly changes?: Moved['changes'] }

async function say(
  scope: InTx,
  row: RunRow,
  event: RunEvent,
  { detail, changes = {} }: Said,
): Promise<RunRow> {
  return move(scope.tx, row, event, { by: byOf(scope.actor), now: scope.now, detail, changes })
}

/** askSecond asks for a second person. */
export const askSecond = defineCommand({
  name: 'actions.askSecond',
  summary: 'Asks for a second person to agree to a dangerous action.',
  permission: 'actions.prepare',
  input: INPUTS.askSecond,
  run: async (scope, input) => {
    const row = await lockFresh(scope, input)
    const asked = { ...wordOf(scope, row) }
    const after = await say(scope, row, 'ask-second', {
      detail: 'asked for a second person',
      changes: { asked },
    })
    return answered(scope, after, {})
  },
})

/** approve is the second person's word, bound to the plan that they saw. */
export const approve = defineCommand({
  name: 'actions.approve',
  summary: 'Agrees to a dangerous action as the second person; the word counts for exactly this plan.',
  permission: 'actions.approve',
  input: INPUTS.approve,
  run: async (scope, input) => {
    const row = await lockFresh(scope, input)
    refuseAuthor(scope, row)
    if (input.planHash !== row.planHash)
      throw new AppError('conflict', 'This is not the plan that you looked at. Look at it again.')
    const approval = { ...wordOf(scope, row) }
    const after = await say(scope, row, 'approve', {
      detail: 'agreed as the second person',
      changes: { approval },
    })
    return answered(scope, after, { author: row.authorId })
  },
})

function refuseAuthor(scope: InTx, row: RunRow): void {
  if (personIn(scope).id === row.authorId)
    throw new AppError('forbidden', 'Somebody else has to decide: you prepared this.')
}

/** decline is the second person's no. */
export const decline = defineCommand({
  name: 'actions.decline',
  summary: 'Declines a dangerous action as the second person, with the reason.',
  permission: 'actions.prepare',
  input: INPUTS.decline,
  run: async (scope, input) => {
    const row = await lockFresh(scope, input)
    refuseAuthor(scope, row)
    const after = await say(scope, row, 'decline', {
      detail: input.reason,
      changes: { outcome: `declined: ${input.reason}` },
    })
    return answered(scope, after, { reason: input.reason })
  },
})

/** breakGlass frees a dangerous action without a second person; somebody else reviews it afterwards. */
export const breakGlass = defineCommand({
  name: 'actions.breakGlass',
  summary:
    'Frees a dangerous action without a second person, with a reason, for review by somebody else afterwards.',
  permission: 'actions.break-glass',
  input: INPUTS.breakGlass,
  run: async (scope, input) => {
    const row = await lockFresh(scope, input)
    const glass = { ...wordOf(scope, row), reason: input.reason, review: null }
    const after = await say(scope, row, 'break-glass', {
      detail: input.reason,
      changes: { breakGlass: glass, isBreakGlass: true },
    })
    return answered(scope, after, { reason: input.reason })
  },
})

/** review is another person's word on a break-glass afterwards. */
export const review = defineCommand({
  name: 'actions.review',
  summary: 'Writes another person’s review of a dangerous action that was done without a second person.',
  permission: 'actions.review',
  input: INPUTS.review,
  run: async (scope, input) => {
    const row = await lockRun(scope.tx, scope.actor, input.run)
    const person = personIn(scope)
    if (row.breakGlass === null) throw new AppError('conflict', 'There is nothing to review about this run.')
    if (row.breakGlass.review !== null) throw new AppError('conflict', 'This was reviewed already.')
    if (row.breakGlass.id === person.id)
      throw new AppError('forbidden', 'Somebody else has to review this: you did it.')
    const word = { id: person.id, handle: person.handle, atMs: scope.now.getTime(), note: input.note }
    await setReview(scope.tx, row, { ...row.breakGlass, review: word }, scope.now)
    const after = await lockRun(scope.tx, scope.actor, input.run)
    return answered(scope, after, { note: input.note })
  },
})

/** cancel ends a run that was not sent. */
export const cancel = defineCommand({
  name: 'actions.cancel',
  summary: 'Ends a prepared action that was not sent.',
  permission: 'actions.prepare',
  input: INPUTS.cancel,
  run: async (scope, input) => {
    const row = await lockSeen(scope, input)
    const after = await say(scope, row, 'cancel', { detail: 'cancelled', changes: { sealedSecrets: null } })
    return answered(scope, after, {})
  },
})

/** carryOut hands a run to the worker; a run that was handed over already stays as it is. */
export const carryOut = defineCommand({
  name: 'actions.carryOut',
  summary: 'Hands a prepared action to the worker, which sends it once; asking again changes nothing.',
  permission: 'actions.look',
  input: INPUTS.carryOut,
  run: async (scope, input) => {
    const { tx, actor, now, console } = scope
    const seen = await lockRun(tx, actor, input.run)
    authorise(actor, `actions.${seen.risk}`, now)
    if (WORKED.includes(seen.state) || seen.sentAt !== null) return answered(scope, seen, { again: true })
    const row = await lockFresh(scope, input)
    if (row.risk === 'dangerous') refuseAlone(row)
    const isExercise = row.isDrill && row.risk !== 'look' && !console.env.WATCHFLOOR_SIMULATED
    const event: RunEvent = isExercise ? 'exercise' : 'carry-out'
    const sealed = isExercise ? undefined : sealSecrets(scope, row, input.secrets)
    const words = isExercise
      ? 'a drill sends nothing to a real target'
      : 'handed to the worker, which keeps the evidence first'
    const after = await say(scope, row, event, {
      detail: words,
      changes: {
        carriedOutBy: byOf(actor).name,
        ...(sealed === undefined ? {} : { sealedSecrets: sealed }),
        ...(isExercise ? { outcome: words } : {}),
      },
    })
    if (!isExercise) await tx.$executeRaw`SELECT pg_notify('watchfloor_actions', '')`
    return answered(scope, after, { exercised: isExercise })
  },
})

function refuseAlone(row: RunRow): void {
  const word = row.breakGlass ?? row.approval
  if (!word) throw new AppError('conflict', 'A second person has to agree first.')
  if (word.planHash !== row.planHash)
    throw new AppError('conflict', 'The plan has changed since the second person agreed. Ask again.')
  if (row.breakGlass === null && word.id === row.authorId)
    throw new AppError('conflict', 'The second person must be somebody else.')
}

function sealSecrets(
  { console }: InTx,
  row: RunRow,
  secrets: Readonly<Record<string, string>>,
): string | undefined {
  const wanted = row.promise.secretParams
  const extra = Object.keys(secrets).find((name) => !wanted.some((it) => it.name === name))
  if (extra !== undefined)
    throw new AppError('invalid', `This action takes no ${extra}.`, {
      issues: [{ path: 'secrets', message: `takes no ${extra}` }],
    })
  for (const { name, label } of wanted) {
    const value = Object.hasOwn(secrets, name) ? (secrets[name] ?? '') : ''
    if (!/^[\x21-\x7e]{8,4096}$/.test(value))
      throw new AppError('invalid', `${label}: 8 to 4096 visible characters without spaces.`, {
        issues: [{ path: `secrets.${name}`, message: '8 to 4096 visible characters without spaces' }],
      })
    rememberSecret(value)
  }
  if (wanted.length === 0) return undefined
  return console.seal.seal(JSON.stringify(secrets), sealPlace(row.id))
}

/** sealPlace is where a run's sealed secrets belong. */
export function sealPlace(runId: string): string {
  return `action_run|${runId}|sealed_secrets`
}
