/** StoredEntry is one line of the record as the database holds it. */
export type StoredEntry = {
  readonly seq: number
  readonly id: string
  readonly kind: string
  /** actor is who wrote it; the console's own machinery writes as `machine:<part>`. */
  readonly actor: string
  readonly body: Readonly<Record<string, unknown>>
}

/** Written is an addition that was acknowledged: which entry, and the place that the answer named. */
export type Written = { readonly id: string; readonly seq: number }

/** Overwritten is a change that was acknowledged: made on what was seen at `base`, and at which version it came to stand. */
export type Overwritten = {
  readonly field: string
  readonly seen: string
  readonly base: number
  readonly version: number
  readonly value: string
}

/** Observed is everything that the clients know. */
export type Observed = {
  readonly written: readonly Written[]
  readonly overwritten: readonly Overwritten[]
  /** tried are the ids and values of all additions and changes that were ever sent. */
  readonly tried: ReadonlySet<string>
}

/** Verdict counts what the record and the clients disagree about; all zero is a sound history. */
export type Verdict = {
  readonly gaps: number
  readonly missing: number
  readonly repeated: number
  readonly misplaced: number
  readonly foreign: number
  readonly lostChanges: number
  readonly unseenOverwrites: number
}

const OVERWRITES = new Set(['title', 'impact', 'severity', 'status', 'visibility'])

function newValueOf(entry: StoredEntry): string {
  return String(entry.body.to)
}

/** markOf is what an entry is known by on both sides: an addition by its id, a change by the value it set. */
function markOf(entry: StoredEntry): string {
  return OVERWRITES.has(entry.kind) ? newValueOf(entry) : entry.id
}

/** isMachine tells an entry that the console wrote by itself, as its triage does, and no client. */
export function isMachine({ actor }: StoredEntry): boolean {
  return actor.startsWith('machine:')
}

/** judgeHistory compares a record, sorted by place, with what its writers were told; `first` is where they began. */
export function judgeHistory(entries: readonly StoredEntry[], observed: Observed, first: number): Verdict {
  const own = entries.filter((entry) => entry.seq >= first)
  const marks = own.map(markOf)
  const places = new Map(own.map((entry) => [entry.id, entry.seq]))
  const missing = observed.written.filter(({ id }) => !places.has(id)).length
  const changes = judgeChanges(entries, observed.overwritten)
  return {
    gaps: entries.filter((entry, index) => entry.seq !== index + 1).length,
    missing,
    repeated: marks.length - new Set(marks).size,
    misplaced: observed.written.filter(({ id, seq }) => places.has(id) && places.get(id) !== seq).length,
    foreign: own.filter((entry) => !isMachine(entry) && !observed.tried.has(markOf(entry))).length,
    ...changes,
  }
}

/** Versions count overwrites from 1, so the nth overwrite of a record made version n + 1. */
function judgeChanges(
  entries: readonly StoredEntry[],
  overwritten: readonly Overwritten[],
): Pick<Verdict, 'lostChanges' | 'unseenOverwrites'> {
  const changes = entries.filter((entry) => OVERWRITES.has(entry.kind))
  let lostChanges = 0
  let unseenOverwrites = 0
  for (const change of overwritten) {
    const entry = changes[change.version - 2]
    if (entry === undefined || entry.kind !== change.field || newValueOf(entry) !== change.value) {
      lostChanges += 1
      continue
    }
    const between = changes.slice(change.base - 1, change.version - 2)
    const isUnseen = between.some(({ kind }) => kind === change.field)
    if (isUnseen || String(entry.body.from) !== change.seen) unseenOverwrites += 1
  }
  return { lostChanges, unseenOverwrites }
}
