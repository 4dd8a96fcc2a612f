import type { Problem } from '../platform/errors'
import type { CommandInput } from '../registry'

/** HELD_NAMES are the commands that may wait for the server: they only add, and a repeat of the same one adds nothing. */
export const HELD_NAMES = [
  'incidents.addNote',
  'incidents.addDecision',
  'incidents.ackTask',
  'incidents.finishTask',
  'checklists.open',
  'checklists.tick',
  'checklists.untick',
] as const

/** HeldName is a command that may wait. */
export type HeldName = (typeof HELD_NAMES)[number]

type Inputs = { readonly [Name in HeldName]: { readonly name: Name; readonly input: CommandInput<Name> } }

/** HeldCommand is one of them with its input. */
export type HeldCommand = Inputs[HeldName]

/** HeldAction waits in this browser for the server; `id` is its idempotency key, `order` its place among all of them. */
export type HeldAction = {
  readonly order: number
  readonly id: string
  readonly person: { readonly id: string; readonly handle: string }
  readonly incident: { readonly id: string; readonly name: string }
  readonly command: HeldCommand
  /** typedAtMs is when the person did it, by the server's clock as far as this browser knew it. */
  readonly typedAtMs: number
  /** problem is why the server refused it; it waits for its person then and not for the server. */
  readonly problem?: Problem
}

/** mayHold tells whether a command may wait for the server. */
export function mayHold(name: string): name is HeldName {
  return HELD_NAMES.some((one) => one === name)
}

/** These take the writer's own key; the others are the same deed however often they come. */
const KEYED: readonly HeldName[] = [
  'incidents.addNote',
  'incidents.addDecision',
  'checklists.tick',
  'checklists.untick',
]

/** withEntryId gives a note, decision or tick the id by which a repeat is known, so that it is written once whatever happens. */
export function withEntryId(command: HeldCommand, id: string): HeldCommand {
  if (!KEYED.includes(command.name)) return command
  if ('entryId' in command.input && command.input.entryId) return command
  return { ...command, input: { ...command.input, entryId: id } } as HeldCommand
}

/** withClaim says when a held command was really given, unless its writer has said so. */
export function withClaim(command: HeldCommand, typedAtMs: number): HeldCommand {
  if ('claimedAt' in command.input && command.input.claimedAt !== undefined) return command
  const claimedAt = new Date(typedAtMs).toISOString()
  return { ...command, input: { ...command.input, claimedAt } } as HeldCommand
}

/** nextHeld gives the action that is to be sent next for a person: the oldest that was not refused. */
export function nextHeld(actions: readonly HeldAction[], personId: string): HeldAction | undefined {
  return actions
    .filter((action) => action.person.id === personId && action.problem === undefined)
    .toSorted((a, b) => a.order - b.order)[0]
}

/** HeldVerdict is what follows from an answer: it is through, the server refused it for good, or nothing can be sent now. */
export type HeldVerdict = 'through' | 'refused' | 'later'

/** verdictOf judges a problem: what a later attempt may mend is not the action's fault. */
export function verdictOf(problem: Problem | undefined): HeldVerdict {
  if (problem === undefined) return 'through'
  if (problem.status >= 500 || problem.status === 401 || problem.status === 429) return 'later'
  return problem.code === 'other_person' ? 'later' : 'refused'
}

/** HeldView is what a person may see of what waits: their own in full, of others only whose and how many. */
export type HeldView = {
  readonly mine: readonly HeldAction[]
  readonly foreign: readonly { readonly handle: string; readonly count: number }[]
}

/** heldView splits what waits in this browser by whose it is. */
export function heldView(actions: readonly HeldAction[], personId: string | undefined): HeldView {
  const counts = new Map<string, number>()
  for (const { person } of actions)
    if (person.id !== personId) counts.set(person.handle, (counts.get(person.handle) ?? 0) + 1)
  return {
    mine: actions.filter(({ person }) => person.id === personId).toSorted((a, b) => a.order - b.order),
    foreign: [...counts].map(([handle, count]) => ({ handle, count })),
  }
}
