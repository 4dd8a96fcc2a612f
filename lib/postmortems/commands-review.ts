import { z } from 'zod'
import { prose } from '../incidents/text'
import { defineCommand, type Outcome, type Scope } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { askPeople, readBlind } from './call-store'
import { personIn, postmortemId, subjectOf } from './commands-edit'
import { lockPostmortem, type PostmortemRow } from './document-store'
import { lint, mustsOf } from './lint'
import { loadItems } from './load-items'
import { type PostmortemRecord, type PostmortemState, SECTION_KEYS, type SectionKey } from './model'
import { CHECKLIST, type Given, moveOf, type SectionChange } from './review'
import { appendEvent, insidersOf, readEvents, readReviewers, readSections, sealOf } from './review-store'

type Inside = Scope & { readonly tx: Tx }
type Moved = Outcome<{ readonly state: PostmortemState; readonly version: number }>

const text = prose(2_000).default('')
const version = z.int().min(1)
const checklist = z
  .array(z.enum(CHECKLIST.map(({ key }) => key) as [string, ...string[]]))
  .max(CHECKLIST.length)
  .default([])

async function standingOf(tx: Tx, row: PostmortemRow) {
  return {
    state: row.state as PostmortemState,
    version: row.version,
    approvedVersion: row.approvedVersion,
    events: await readEvents(tx, row.id),
  }
}

type Deed = Omit<Given, 'byId' | 'reviewers'> & {
  readonly people?: readonly { readonly id: string; readonly handle: string; readonly isOutsider: boolean }[]
  readonly checklist?: readonly string[]
  readonly changes?: object
}

async function move(scope: Inside, row: PostmortemRow, deed: Deed): Promise<Moved> {
  const { tx, actor, now } = scope
  const { id: byId, handle: by } = personIn(actor)
  const { people = [], checklist: looked = [], changes = {}, ...given } = deed
  const moved = moveOf(await standingOf(tx, row), { ...given, byId, reviewers: people })
  if (!moved.ok) throw new AppError(moved.code, moved.why)
  const hash = await sealOf(tx, row)
  const reviewId = await appendEvent(tx, row, {
    deed: deed.deed,
    byId,
    by,
    now,
    version: row.version,
    hash,
    text: deed.text ?? '',
    isOutsider: deed.isOutsider ?? false,
    reviewers: people,
    checklist: looked,
  })
  const asked = people.flatMap(({ id }) => (id === byId ? [] : [id]))
  const { WATCHFLOOR_PUBLIC_URL, NEXTAUTH_URL } = scope.console.env
  const baseUrl = (WATCHFLOOR_PUBLIC_URL ?? NEXTAUTH_URL).replace(/\/+$/, '')
  await askPeople(tx, { reviewId, row, by, text: deed.text ?? '', people: asked, baseUrl, now })
  const isApproval = deed.deed === 'approve' && moved.to === 'approved'
  const losesApproval = moved.to !== 'approved' && moved.to !== 'published' && moved.to !== 'closed'
  await tx.postmortem.update({
    where: { id: row.id },
    data: {
      state: moved.to,
      updatedAt: now,
      ...(isApproval ? { approvedVersion: row.version, approvedHash: hash } : {}),
      ...(losesApproval ? { approvedVersion: null, approvedHash: null } : {}),
      ...changes,
    },
  })
  return {
    result: { state: moved.to, version: row.version },
    audit: {
      subject: subjectOf(row),
      detail: {
        postmortem: row.id,
        deed: deed.deed,
        to: moved.to,
        version: row.version,
        hash,
        text: deed.text ?? '',
      },
    },
    touched: [{ topic: 'postmortems', ref: row.id }],
  }
}

/** askReview sends a document to reviewers, of whom at least one neither responded in the incident nor wrote in it. */
export const askReview = defineCommand({
  name: 'postmortems.askReview',
  summary: 'Sends a postmortem to reviewers; at least one of them neither responded nor wrote in it.',
  permission: 'postmortems.edit',
  input: z.strictObject({
    id: postmortemId,
    reviewerIds: z.array(z.uuid('must be a person’s id')).min(1, 'choose at least one').max(20),
    text,
  }),
  run: async (scope, { id, reviewerIds, text: note }) => {
    const row = await lockPostmortem(scope, id)
    const insiders = await insidersOf(scope.tx, row)
    const people = (await readReviewers(scope.tx, reviewerIds)).map((person) => ({
      ...person,
      isOutsider: !insiders.has(person.handle),
    }))
    await refuseBlind(scope, row, people)
    return move(scope, row, { deed: 'ask', people, text: note })
  },
})

/** Whom a restricted incident does not name can’t read what they are asked to judge. */
async function refuseBlind(
  { tx }: Inside,
  row: PostmortemRow,
  people: readonly { readonly id: string; readonly handle: string }[],
): Promise<void> {
  const ids = await readBlind(
    tx,
    row,
    people.map(({ id }) => id),
  )
  const blind = people.filter(({ id }) => ids.has(id)).map(({ handle }) => `@${handle}`)
  if (blind.length > 0)
    throw new AppError('invalid', `The incident is restricted: name ${blind.join(', ')} in it first.`, {
      issues: [{ path: 'reviewerIds', message: 'may not know of this incident' }],
    })
}

const read = z
  .partialRecord(z.enum(SECTION_KEYS), z.int().min(0))
  .describe('the version of each text that was read')

/** changedSince gives each text that is another one than was read, with both. */
async function changedSince(
  tx: Tx,
  row: PostmortemRow,
  seen: Partial<Readonly<Record<SectionKey, number>>>,
): Promise<readonly SectionChange[]> {
  const now = await readSections(tx, row.id)
  const changed = now.filter(({ key, version: at }) => at !== (seen[key] ?? 0))
  const older = await tx.postmortemRevision.findMany({
    where: {
      postmortemId: row.id,
      OR: changed.map(({ key }) => ({ section: key, version: seen[key] ?? 0 })),
    },
  })
  return changed.map(({ key, body }) => ({
    key,
    before: older.find(({ section }) => section === key)?.body ?? '',
    after: body,
  }))
}

async function refuseOld(
  { tx }: Inside,
  row: PostmortemRow,
  given: { readonly version: number; readonly read: Partial<Readonly<Record<SectionKey, number>>> },
): Promise<void> {
  if (given.version === row.version) return
  const changes = await changedSince(tx, row, given.read)
  throw new AppError(
    'conflict',
    `You read version ${given.version}; it is version ${row.version} by now. See what changed, then decide.`,
    { current: { version: row.version, changes } },
  )
}

/** approve agrees to exactly the version that was read; an older one is refused and what changed is shown. */
export const approve = defineCommand({
  name: 'postmortems.approve',
  summary:
    'Agrees to exactly the version of a postmortem that was read; an older one is refused with what changed.',
  permission: 'postmortems.review',
  input: z.strictObject({ id: postmortemId, version, read, text, checklist }),
  run: async (scope, { id, version: of, read: seen, text: note, checklist: looked }) => {
    const row = await lockPostmortem(scope, id)
    await refuseOld(scope, row, { version: of, read: seen })
    const lookedAt = new Set(looked).size
    if (lookedAt < CHECKLIST.length)
      throw new AppError(
        'invalid',
        'Go through the whole checklist first; what does not hold is a change to ask for.',
        {
          issues: [{ path: 'checklist', message: `${CHECKLIST.length - lookedAt} not looked at` }],
        },
      )
    const isOutsider = !(await insidersOf(scope.tx, row)).has(personIn(scope.actor).handle)
    return move(scope, row, { deed: 'approve', version: of, isOutsider, text: note, checklist: looked })
  },
})

/** askChanges sends a document back with what is to be changed. */
export const askChanges = defineCommand({
  name: 'postmortems.askChanges',
  summary: 'Sends a postmortem back to its writers with what is to be changed.',
  permission: 'postmortems.review',
  input: z.strictObject({ id: postmortemId, version, read, text, checklist }),
  run: async (scope, { id, version: of, read: seen, text: note, checklist: looked }) => {
    const row = await lockPostmortem(scope, id)
    await refuseOld(scope, row, { version: of, read: seen })
    const isOutsider = !(await insidersOf(scope.tx, row)).has(personIn(scope.actor).handle)
    return move(scope, row, { deed: 'ask-changes', version: of, isOutsider, text: note, checklist: looked })
  },
})

/** takeBack makes a document a draft again; what reviewers said of it counts no more. */
export const takeBack = defineCommand({
  name: 'postmortems.takeBack',
  summary: 'Takes a postmortem back from its review; it is a draft again.',
  permission: 'postmortems.edit',
  input: z.strictObject({ id: postmortemId }),
  run: async (scope, { id }) => move(scope, await lockPostmortem(scope, id), { deed: 'take-back' }),
})

/** publish lets everybody here rely on the approved version; findings that must be settled keep it. */
export const publish = defineCommand({
  name: 'postmortems.publish',
  summary:
    'Publishes the approved version of a postmortem inside the company; findings that must be settled keep it.',
  permission: 'postmortems.publish',
  input: z.strictObject({ id: postmortemId, version }),
  run: async (scope, { id, version: of }) => {
    const { tx, now } = scope
    const row = await lockPostmortem(scope, id)
    if (of !== row.version)
      throw new AppError('conflict', `You read version ${of}; it is version ${row.version} by now.`)
    const [sections, { items }] = [await readSections(tx, id), await loadItems(tx, row)]
    const { timeline } = row.record as PostmortemRecord
    const musts = mustsOf(lint({ sections, timeline, severity: row.severity, items }))
    if (row.state === 'approved' && (await sealOf(tx, row)) !== row.approvedHash)
      throw new AppError('conflict', 'This is not the text that was approved. Send it for review again.')
    return move(scope, row, { deed: 'publish', musts: musts.length, changes: { publishedAt: now } })
  },
})

/** close ends a published document once none of its action items is open. */
export const close = defineCommand({
  name: 'postmortems.close',
  summary: 'Closes a published postmortem once none of its action items is open.',
  permission: 'postmortems.publish',
  input: z.strictObject({ id: postmortemId }),
  run: async (scope, { id }) => {
    const row = await lockPostmortem(scope, id)
    const { open } = await loadItems(scope.tx, row)
    return move(scope, row, { deed: 'close', openItems: open, changes: { closedAt: scope.now } })
  },
})

/** reopen makes a published or closed document a draft again, with the reason. */
export const reopen = defineCommand({
  name: 'postmortems.reopen',
  summary: 'Makes a published or closed postmortem a draft again, with the reason.',
  permission: 'postmortems.publish',
  input: z.strictObject({ id: postmortemId, reason: prose(500).pipe(z.string().min(1, 'say why')) }),
  run: async (scope, { id, reason }) =>
    move(scope, await lockPostmortem(scope, id), {
      deed: 'reopen',
      text: reason,
      changes: { publishedAt: null, closedAt: null },
    }),
})
