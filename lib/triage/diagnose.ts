import { type AskInput, askAll } from './ask'
import type { Forest } from './forest'
import { type Weighed, weigh } from './leaf-state'
import type { Asked, Cause, Diagnosis, Memory, SeverityWord, Subject } from './model'
import type { Leaf } from './policy'
import { type Walked, walk, wayTo } from './walk'

/** diagnose answers every question, walks the trees, weighs every leaf and puts the causes in order; a pure function of its input. */
export function diagnose(input: AskInput): { readonly diagnosis: Diagnosis; readonly memory: Memory } {
  const { forest } = input
  const { asked, memory } = askAll(input)
  const walked = walk(forest, asked)
  const words = (id: string): string => forest.questions.get(id)?.ask ?? id
  const weighed = new Map<string, Weighed>()
  for (const leaf of forest.leaves.values()) {
    weighed.set(leaf.id, weigh({ leaf, asked, reach: walked.reach.get(leaf.id), words }))
  }
  const causes = causesOf({ forest, asked, walked, weighed })
  return {
    memory,
    diagnosis: {
      asked: [...asked.values()],
      reach: Object.fromEntries(walked.reach),
      causes,
      excluded: [...weighed]
        .filter(([, it]) => it.state === 'excluded')
        .map(([leaf, it]) => ({ leaf, why: it.why })),
      unexplained: unexplained(forest, asked, causes),
      severity: suggestion(forest, causes),
      firstSymptomAtMs: firstSymptom(forest, asked),
    },
  }
}

type Scene = {
  readonly forest: Forest
  readonly asked: ReadonlyMap<string, Asked>
  readonly walked: Walked
  readonly weighed: ReadonlyMap<string, Weighed>
}

/** SEVERITIES from the gravest on. */
export const SEVERITIES: readonly SeverityWord[] = ['P1', 'P2', 'P3', 'P4']

function causesOf(scene: Scene): readonly Cause[] {
  const { forest, weighed } = scene
  const held = [...forest.leaves.values()].filter((leaf) => isFirm(weighed.get(leaf.id)))
  const possible = [...forest.leaves.values()].filter((leaf) => weighed.get(leaf.id)?.state === 'possible')
  const subjects = new Map(held.map((leaf) => [leaf.id, subjectsOf(leaf, scene)]))
  const parent = new Map<string, string>()
  for (const effect of held) {
    const found = held.find(
      (cause) =>
        cause.explains.includes(effect.id) &&
        covers(subjects.get(cause.id) ?? [], subjects.get(effect.id) ?? []) &&
        !descends(cause.id, effect.id, parent),
    )
    if (found) parent.set(effect.id, found.id)
  }
  const made = held.map((leaf) => causeOf(leaf, scene, { parent, subjects }))
  const firm = inOrder(made, scene)
  const open = possible
    .map((leaf) => causeOf(leaf, scene, { parent, subjects: new Map([[leaf.id, subjectsOf(leaf, scene)]]) }))
    .sort((a, b) => b.for.length - a.for.length || rank(a) - rank(b) || byName(a, b))
  return [...firm, ...open]
}

function isFirm(weighed: Weighed | undefined): boolean {
  return weighed?.state === 'certain' || weighed?.state === 'likely'
}

function descends(id: string, of: string, parent: ReadonlyMap<string, string>): boolean {
  for (let at: string | undefined = id; at !== undefined; at = parent.get(at)) if (at === of) return true
  return false
}

function causeOf(
  leaf: Leaf,
  scene: Scene,
  around: {
    readonly parent: ReadonlyMap<string, string>
    readonly subjects: ReadonlyMap<string, readonly Subject[]>
  },
): Cause {
  const { forest, asked, walked, weighed } = scene
  const it = weighed.get(leaf.id)
  return {
    leaf: leaf.id,
    state: it?.state ?? 'possible',
    severity: severityOf(leaf, forest, asked, weighed),
    for: it?.for ?? [],
    against: it?.against ?? [],
    open: it?.open ?? [],
    explainedBy: around.parent.get(leaf.id) ?? null,
    explains: [...around.parent].filter(([, cause]) => cause === leaf.id).map(([effect]) => effect),
    subjects: around.subjects.get(leaf.id) ?? [],
    via: wayTo(leaf.id, walked),
    why: it?.why ?? '',
  }
}

function subjectsOf(leaf: Leaf, { asked }: Scene): readonly Subject[] {
  return [...new Set(leaf.requires.flatMap((id) => asked.get(id)?.evidence.subjects ?? []))]
}

// A cause that names machines explains only what happens on those machines.
function covers(cause: readonly Subject[], effect: readonly Subject[]): boolean {
  const machines = instancesIn(cause)
  const touched = instancesIn(effect)
  if (machines.size === 0 || touched.size === 0) return true
  return [...touched].every((id) => machines.has(id))
}

function instancesIn(subjects: readonly Subject[]): ReadonlySet<string> {
  const found = new Set<string>()
  for (const subject of subjects) {
    const id = /^(?:instance|gpu):([^/]+)/.exec(subject)?.[1]
    if (id !== undefined) found.add(id)
  }
  return found
}

function severityOf(
  leaf: Leaf,
  forest: Forest,
  asked: ReadonlyMap<string, Asked>,
  weighed: ReadonlyMap<string, Weighed>,
): SeverityWord {
  const raised = leaf.raises.filter((it) => asked.get(it.when)?.answer === 'yes').map((it) => it.to)
  const base = leaf.severity === 'hidden' ? gravestHidden(forest, weighed) : leaf.severity
  return gravest([base, ...raised])
}

function gravestHidden(forest: Forest, weighed: ReadonlyMap<string, Weighed>): SeverityWord {
  const hidden = [...forest.leaves.values()].filter((leaf) => weighed.get(leaf.id)?.state === 'possible')
  const known = hidden.map((leaf) => leaf.severity).filter((it) => it !== 'hidden')
  // What a blind eye may hide is no reason to wake somebody for an outage: it counts one step less, P2 at most.
  return gravest(known) === 'P1' ? 'P2' : gravest([...known, 'P4'])
}

function gravest(severities: readonly SeverityWord[]): SeverityWord {
  return SEVERITIES.find((it) => severities.includes(it)) ?? 'P4'
}

function rank(cause: Cause): number {
  return SEVERITIES.indexOf(cause.severity)
}

function byName(a: Cause, b: Cause): number {
  return a.leaf < b.leaf ? -1 : 1
}

// First what nothing explains, by severity, sureness and how much it explains; each followed by its consequences.
function inOrder(causes: readonly Cause[], { forest }: Scene): readonly Cause[] {
  const reachOf = (cause: Cause): number => {
    const symptoms = forest.leaves.get(cause.leaf)?.explains.length ?? 0
    return cause.explains.length * 100 + symptoms
  }
  const sorted = [...causes].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      Number(a.state === 'likely') - Number(b.state === 'likely') ||
      reachOf(b) - reachOf(a) ||
      byName(a, b),
  )
  const placed: Cause[] = []
  function place(cause: Cause): void {
    placed.push(cause)
    for (const effect of sorted) if (effect.explainedBy === cause.leaf) place(effect)
  }
  for (const cause of sorted) if (cause.explainedBy === null) place(cause)
  return placed
}

function unexplained(
  forest: Forest,
  asked: ReadonlyMap<string, Asked>,
  causes: readonly Cause[],
): readonly string[] {
  const covered = new Set<string>()
  for (const cause of causes) {
    if (cause.state !== 'certain' && cause.state !== 'likely') continue
    const leaf = forest.leaves.get(cause.leaf)
    for (const id of [...(leaf?.requires ?? []), ...(leaf?.supports ?? []), ...(leaf?.explains ?? [])])
      covered.add(id)
  }
  return symptoms(forest, asked)
    .map((it) => it.id)
    .filter((id) => !covered.has(id))
}

function symptoms(forest: Forest, asked: ReadonlyMap<string, Asked>): readonly Asked[] {
  return [...asked.values()].filter(
    (it) => it.answer === 'yes' && forest.questions.get(it.id)?.symptom === true,
  )
}

function firstSymptom(forest: Forest, asked: ReadonlyMap<string, Asked>): number | null {
  const times = symptoms(forest, asked).flatMap((it) => (it.sinceMs === null ? [] : [it.sinceMs]))
  return times.length === 0 ? null : Math.min(...times)
}

function suggestion(forest: Forest, causes: readonly Cause[]): Diagnosis['severity'] {
  const top = causes.find(
    (cause) => cause.explainedBy === null && (cause.state === 'certain' || cause.state === 'likely'),
  )
  if (!top) return null
  const title = forest.leaves.get(top.leaf)?.title ?? top.leaf
  return { severity: top.severity, leaf: top.leaf, reason: `${title} is ${top.state}` }
}
