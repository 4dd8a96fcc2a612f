import { matched } from './matching'
import type { Slot } from './model'

/** Member is a person as the approvals see them: the roles they hold now, and whether they may sign in. */
export type Member = {
  readonly id: string
  readonly handle: string
  readonly roles: readonly string[]
  readonly isActive: boolean
}

/** Word is what one person said to one revision of a plan. */
export type Word = {
  readonly id: string
  readonly word: 'approve' | 'reject'
  readonly personId: string
  readonly handle: string
  readonly revision: number
  readonly planHash: string
  readonly atMs: number
  /** whenMet are conditions that were not met then: the word counts while they all are. */
  readonly whenMet: readonly string[]
  readonly endedAtMs: number | undefined
}

/** Asked is what the approvals of a plan are judged by. */
export type Asked = {
  readonly slots: readonly Slot[]
  readonly requesterId: string
  readonly revision: number
  readonly planHash: string
  readonly windowEndMs: number
  readonly approvalHours: number
  readonly words: readonly Word[]
  readonly people: readonly Member[]
  /** unmet are the ids of conditions that are not met now. */
  readonly unmet: ReadonlySet<string>
  /** waived are slots that an active override leaves out; one at most counts. */
  readonly waived: readonly string[]
  readonly nowMs: number
}

/** ApprovalState is where the approvals of a revision stand. */
export type ApprovalState = 'requested' | 'partially_approved' | 'approved' | 'rejected'

/** Uncounted is a word that does not count now, and why. */
export type Uncounted = { readonly word: Word; readonly why: string }

/** Approvals is how a plan's approvals stand: which slot is filled by whom, and what does not count and why. */
export type Approvals = {
  readonly state: ApprovalState
  readonly slots: readonly {
    readonly slot: string
    readonly by: Word | undefined
    readonly isWaived: boolean
  }[]
  readonly open: readonly string[]
  readonly uncounted: readonly Uncounted[]
  readonly rejection: Word | undefined
  /** expiresAtMs is when the first word that counts stops counting. */
  readonly expiresAtMs: number | undefined
}

const HOUR_MS = 3_600_000

/** expiryOf is when a word stops counting: after the policy's hours or with the planned window; rule D-APR-5. */
export function expiryOf(word: Word, asked: Pick<Asked, 'approvalHours' | 'windowEndMs'>): number {
  return Math.min(word.atMs + asked.approvalHours * HOUR_MS, asked.windowEndMs)
}

/** fitsSlot says whether somebody may fill a slot at all. */
export function fitsSlot(member: Member, slot: Slot, requesterId: string): boolean {
  if (!member.isActive || member.id === requesterId) return false
  if (slot.people !== undefined && !slot.people.includes(member.handle)) return false
  return slot.roles.some((role) => member.roles.includes(role))
}

/** whyUncounted says why an approval does not count now; undefined when it does. Rules D-APR-3 to D-APR-6. */
export function whyUncounted(word: Word, asked: Asked): string | undefined {
  if (word.endedAtMs !== undefined) return 'taken back or void'
  if (word.revision !== asked.revision || word.planHash !== asked.planHash)
    return 'it was given to another revision of the plan'
  if (asked.nowMs >= expiryOf(word, asked)) return 'it is expired'
  const member = asked.people.find(({ id }) => id === word.personId)
  if (member?.isActive !== true) return `${word.handle} can’t sign in any more`
  if (!asked.slots.some((slot) => fitsSlot(member, slot, asked.requesterId)))
    return `${word.handle} no longer holds a role that a slot asks for`
  const waiting = word.whenMet.filter((id) => asked.unmet.has(id))
  return waiting.length > 0 ? `it counts once these are met: ${waiting.join(', ')}` : undefined
}

/** approvalsOf judges the words on a revision: distinct people fill the slots, never the requester; one reject ends it. */
export function approvalsOf(asked: Asked): Approvals {
  const ofRevision = asked.words.filter(({ revision }) => revision === asked.revision)
  const rejection = ofRevision.find((it) => it.word === 'reject')
  const given = ofRevision.filter((it) => it.word === 'approve')
  const uncounted = given.flatMap((word) => {
    const why = whyUncounted(word, asked)
    return why === undefined ? [] : [{ word, why }]
  })
  const counting = given.filter((word) => !uncounted.some((it) => it.word.id === word.id))
  const filled = fill(asked, counting)
  const spared = asked.slots.find(({ slot }) => asked.waived.includes(slot) && !filled.has(slot))?.slot
  const slots = asked.slots.map(({ slot }) => ({
    slot,
    by: counting.find(({ personId }) => personId === filled.get(slot)),
    isWaived: slot === spared,
  }))
  const open = slots.filter((it) => it.by === undefined && !it.isWaived).map(({ slot }) => slot)
  const expiries = slots.flatMap(({ by }) => (by ? [expiryOf(by, asked)] : []))
  return {
    state: rejection ? 'rejected' : stateOf(open.length, counting.length),
    slots,
    open,
    uncounted,
    rejection,
    expiresAtMs: expiries.length > 0 ? Math.min(...expiries) : undefined,
  }
}

function stateOf(open: number, counting: number): ApprovalState {
  if (open === 0) return 'approved'
  return counting > 0 ? 'partially_approved' : 'requested'
}

function fill(asked: Asked, counting: readonly Word[]): ReadonlyMap<string, string> {
  // Slots that nobody waives are filled first: the waived one is the one to stay empty.
  const order = [...asked.slots].sort(
    (a, b) => Number(asked.waived.includes(a.slot)) - Number(asked.waived.includes(b.slot)),
  )
  const bySlot = new Map(order.map((slot) => [slot.slot, slot]))
  return matched([...bySlot.keys()], (name) => {
    const slot = bySlot.get(name)
    return counting.flatMap(({ personId }) => {
      const member = asked.people.find(({ id }) => id === personId)
      return member && slot && fitsSlot(member, slot, asked.requesterId) ? [personId] : []
    })
  })
}

/** unfillable gives the slots that no set of distinct people could fill now; empty when the policy can be satisfied. Rule D-APR-7. */
export function unfillable(asked: Pick<Asked, 'slots' | 'requesterId' | 'people'>): readonly string[] {
  const bySlot = new Map(asked.slots.map((slot) => [slot.slot, slot]))
  const filled = matched([...bySlot.keys()], (name) => {
    const slot = bySlot.get(name)
    return asked.people.flatMap((member) =>
      slot && fitsSlot(member, slot, asked.requesterId) ? [member.id] : [],
    )
  })
  return [...bySlot.keys()].filter((slot) => !filled.has(slot))
}

/** Refused says why somebody may not give a word. */
export type Refused = { readonly code: 'forbidden' | 'conflict'; readonly why: string }

/** refuseApproval says why somebody may not approve; undefined when they may. */
export function refuseApproval(asked: Asked, personId: string, seenHash: string): Refused | undefined {
  const word = refuseWord(asked, personId)
  if (word) return word
  if (seenHash !== asked.planHash)
    return { code: 'conflict', why: 'The plan is not the one that you read. Look at what changed.' }
  const mine = asked.words.find(
    (it) => it.personId === personId && it.word === 'approve' && whyUncounted(it, asked) === undefined,
  )
  if (mine) return { code: 'conflict', why: 'You approved this revision already.' }
  const member = asked.people.find(({ id }) => id === personId)
  if (!member || !asked.slots.some((slot) => fitsSlot(member, slot, asked.requesterId)))
    return {
      code: 'forbidden',
      why: `Your roles fill none of the slots: ${asked.slots.map(({ slot }) => slot).join(', ')}.`,
    }
  return undefined
}

/** refuseReject says why somebody may not reject; undefined when they may. */
export function refuseReject(asked: Asked, personId: string): Refused | undefined {
  return refuseWord(asked, personId)
}

function refuseWord(asked: Asked, personId: string): Refused | undefined {
  if (personId === asked.requesterId)
    return { code: 'forbidden', why: 'You asked for it: other people decide.' }
  if (asked.words.some((it) => it.word === 'reject' && it.revision === asked.revision))
    return { code: 'conflict', why: 'This revision was rejected. It can be asked for anew, changed.' }
  return undefined
}
