/** Addition is what a hint says of a change that only added to a record: which incident, what, and at which place. */
export type Addition = { readonly id: string; readonly kind: string; readonly seq: number }

/** Kinds that change nothing on an incident's page but its record. */
const RECORD_ONLY: ReadonlySet<string> = new Set(['note', 'decision', 'pin', 'triage', 'triage-override'])

/** hintRef names an incident in a hint, and what was added to its record where that is all that changed. */
export function hintRef(added: Addition): string {
  return RECORD_ONLY.has(added.kind) ? `${added.id} ${added.kind} ${added.seq}` : added.id
}

/** additionOf reads what a hint's ref says was added; undefined when more than the record may have changed. */
export function additionOf(ref: string): Addition | undefined {
  const [id, kind, place] = ref.split(' ')
  const seq = Number(place)
  if (!id || !kind || !RECORD_ONLY.has(kind) || !Number.isInteger(seq) || seq < 1) return undefined
  return { id, kind, seq }
}
