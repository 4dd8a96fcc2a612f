import type { PostmortemState, SectionKey } from './model'

/** REVIEW_DEEDS are what happens to a postmortem on its way, as the ledger of the review keeps them. */
export const REVIEW_DEEDS = [
  'ask',
  'approve',
  'ask-changes',
  'take-back',
  'edit',
  'publish',
  'close',
  'reopen',
] as const

/** ReviewDeed is one step on the way from draft to closed. */
export type ReviewDeed = (typeof REVIEW_DEEDS)[number]

/** CHECKLIST is what a reviewer looks for, by a key that is kept with the answer. */
export const CHECKLIST = [
  { key: 'detail', words: 'Enough detail: somebody who was not there understands what happened.' },
  { key: 'beneath', words: 'Beneath the surface: it says what made each step reasonable at the time.' },
  { key: 'apart', words: 'What happened stands apart from how to fix it.' },
  {
    key: 'scoped',
    words: 'Action items are scoped: one owner, a day, and a check that says when it is done.',
  },
  { key: 'outside', words: 'What customers were told is here and holds against the timeline.' },
  { key: 'nodes', words: 'Wrong, missing or slow questions of the triage are named, or there are none.' },
] as const

/** ChecklistKey names one look of the reviewer. */
export type ChecklistKey = (typeof CHECKLIST)[number]['key']

/** ReviewEvent is one row of the ledger; `outsider` says that the person neither responded nor wrote when it was given. */
export type ReviewEvent = {
  readonly deed: ReviewDeed
  readonly byId: string
  readonly by: string
  readonly atMs: number
  readonly version: number
  readonly text: string
  readonly isOutsider: boolean
  /** reviewers are whom an ask is addressed to. */
  readonly reviewers: readonly { readonly id: string; readonly handle: string }[]
}

/** Reviewer is how one reviewer stands towards the present version. */
export type Reviewer = {
  readonly id: string
  readonly handle: string
  readonly stand: 'asked' | 'approved' | 'approved-older' | 'changes-asked'
  readonly atMs: number
  readonly version: number
  readonly text: string
  readonly isOutsider: boolean
}

/** Standing is what decides what may happen to a postmortem. */
export type Standing = {
  readonly state: PostmortemState
  readonly version: number
  readonly approvedVersion: number | null
  readonly events: readonly ReviewEvent[]
}

/** Move says where a deed leads, or why it may not be done. */
export type Move =
  | { readonly ok: true; readonly to: PostmortemState }
  | { readonly ok: false; readonly code: 'conflict' | 'forbidden' | 'invalid'; readonly why: string }

/** roundOf gives the events of the present round: all since the last ask, or none before one. */
export function roundOf(events: readonly ReviewEvent[]): readonly ReviewEvent[] {
  const reset = events.findLastIndex(({ deed }) => deed === 'take-back' || deed === 'reopen')
  const after = events.slice(reset + 1)
  return after.some(({ deed }) => deed === 'ask') ? after : []
}

/** reviewersOf gives everybody who was asked or has answered in this round, with the last word of each. */
export function reviewersOf({ events, version }: Pick<Standing, 'events' | 'version'>): readonly Reviewer[] {
  const found = new Map<string, Reviewer>()
  for (const event of roundOf(events)) {
    if (event.deed === 'ask')
      for (const { id, handle } of event.reviewers)
        if (!found.has(id) || found.get(id)?.stand === 'changes-asked')
          found.set(id, {
            ...base(event),
            id,
            handle,
            stand: 'asked',
            text: '',
            isOutsider: found.get(id)?.isOutsider ?? false,
          })
    if (event.deed === 'approve' || event.deed === 'ask-changes')
      found.set(event.byId, {
        ...base(event),
        id: event.byId,
        handle: event.by,
        stand:
          event.deed === 'ask-changes'
            ? 'changes-asked'
            : event.version === version
              ? 'approved'
              : 'approved-older',
        text: event.text,
        isOutsider: event.isOutsider,
      })
  }
  return [...found.values()]
}

function base(event: ReviewEvent): { readonly atMs: number; readonly version: number } {
  return { atMs: event.atMs, version: event.version }
}

/** isApprovedBy tells whether approvals of the present version suffice: one of an outsider, and nobody still asks for changes. */
export function isApprovedBy(reviewers: readonly Reviewer[]): boolean {
  return (
    reviewers.some(({ stand, isOutsider }) => stand === 'approved' && isOutsider) &&
    !reviewers.some(({ stand }) => stand === 'changes-asked')
  )
}

/** Given is what a deed comes with. */
export type Given = {
  readonly deed: ReviewDeed
  /** version is what the person read; only for approve and ask-changes. */
  readonly version?: number
  readonly byId: string
  readonly isOutsider?: boolean
  readonly reviewers?: readonly { readonly id: string; readonly isOutsider: boolean }[]
  readonly text?: string
  /** musts is how many findings keep it from being published. */
  readonly musts?: number
  /** openItems is how many action items are neither done nor dropped. */
  readonly openItems?: number
}

const no = (code: 'conflict' | 'forbidden' | 'invalid', why: string): Move => ({ ok: false, code, why })

/** moveOf decides what a deed does to a postmortem: rules PM-REV of docs/rules/postmortems.md. */
export function moveOf(standing: Standing, given: Given): Move {
  const { state } = standing
  switch (given.deed) {
    case 'ask':
      return ask(standing, given)
    case 'approve':
    case 'ask-changes':
      return verdict(standing, given)
    case 'take-back':
      return state === 'in-review' || state === 'changes-asked' || state === 'approved'
        ? { ok: true, to: 'draft' }
        : no('conflict', `There is no review to take it back from: it is ${WORDS[state]}.`)
    case 'edit':
      if (state === 'published' || state === 'closed')
        return no('conflict', `It is ${WORDS[state]}. Reopen it with a reason before you change it.`)
      return { ok: true, to: state === 'approved' ? 'in-review' : state }
    case 'publish':
      return publish(standing, given)
    case 'close':
      if (state !== 'published')
        return no('conflict', `Only a published one is closed; this is ${WORDS[state]}.`)
      return (given.openItems ?? 0) > 0
        ? no(
            'invalid',
            `${given.openItems} of its action items ${given.openItems === 1 ? 'is' : 'are'} still open. Do or drop ${given.openItems === 1 ? 'it' : 'them'} first.`,
          )
        : { ok: true, to: 'closed' }
    case 'reopen':
      if (state !== 'published' && state !== 'closed')
        return no('conflict', `It is open for changes already: ${WORDS[state]}.`)
      return (given.text ?? '').trim() === ''
        ? no('invalid', 'Say why it is opened again.')
        : { ok: true, to: 'draft' }
  }
}

const WORDS: Readonly<Record<PostmortemState, string>> = {
  draft: 'a draft',
  'in-review': 'in review',
  'changes-asked': 'back for changes',
  approved: 'approved',
  published: 'published',
  closed: 'closed',
}

function ask({ state }: Standing, { reviewers = [] }: Given): Move {
  if (state !== 'draft' && state !== 'changes-asked' && state !== 'in-review')
    return no('conflict', `It can’t be sent for review: it is ${WORDS[state]}.`)
  if (reviewers.length === 0) return no('invalid', 'Choose at least one reviewer.')
  return reviewers.some(({ isOutsider }) => isOutsider)
    ? { ok: true, to: 'in-review' }
    : no(
        'invalid',
        'Everybody whom you chose responded in the incident or wrote here. Add somebody who did neither.',
      )
}

function verdict(standing: Standing, { deed, version, byId, isOutsider, text }: Given): Move {
  const { state } = standing
  if (state === 'draft' || state === 'published' || state === 'closed')
    return no('conflict', `Nobody asked for a review: it is ${WORDS[state]}.`)
  if (version !== standing.version)
    return no(
      'conflict',
      `You read version ${version}; it is version ${standing.version} by now. See what changed.`,
    )
  if (deed === 'ask-changes')
    return (text ?? '').trim() === ''
      ? no('invalid', 'Say what is to be changed.')
      : { ok: true, to: 'changes-asked' }
  const others = reviewersOf(standing).filter(({ id }) => id !== byId)
  const own: Reviewer = {
    id: byId,
    handle: '',
    stand: 'approved',
    atMs: 0,
    version,
    text: '',
    isOutsider: isOutsider ?? false,
  }
  if (isApprovedBy([...others, own])) return { ok: true, to: 'approved' }
  return {
    ok: true,
    to: others.some(({ stand }) => stand === 'changes-asked') ? 'changes-asked' : 'in-review',
  }
}

function publish({ state, version, approvedVersion }: Standing, { musts = 0 }: Given): Move {
  if (state !== 'approved')
    return no('conflict', `Only an approved one is published; this is ${WORDS[state]}.`)
  if (approvedVersion !== version)
    return no('conflict', `Version ${approvedVersion} was approved, and this is version ${version}.`)
  return musts > 0
    ? no('invalid', `Publishing waits for ${musts} ${musts === 1 ? 'finding' : 'findings'}.`)
    : { ok: true, to: 'published' }
}

/** SectionChange is how one text differs between the version that was read and the one that stands. */
export type SectionChange = { readonly key: SectionKey; readonly before: string; readonly after: string }
