import { progressOf } from '../checklists/progress'
import { clockEventOf } from '../incidents/clock-event'
import { clocksOf } from '../incidents/clocks'
import { loadPinnedPolicies } from '../incidents/load-policy'
import type { ClockEvent } from '../incidents/model'
import type { IncidentsPolicy } from '../incidents/policy'
import type { Tx } from '../platform/db'
import type { Forest } from '../triage/forest'
import { readRecording } from '../triage/queries-moments'
import type { DrillRow } from './drill-store'
import { type Entry, namedActions, namedLeaves, sinceBegun } from './named'
import { replay } from './replay'
import type { Played } from './score'
import { type Story, truthAt } from './story'

/** loadPlayed gathers what a drill's score is made of: the incident's record, its triage, its lists and its clocks. */
export async function loadPlayed(tx: Tx, drill: DrillRow, story: Story, endedAtMs: number): Promise<Played> {
  const truth = truthAt(story, drill.pace, drill.begun)
  const base = {
    speed: drill.pace.speed,
    endedAtMs,
    truth,
    declaredBy: drill.declaredBy,
    dangerousActions: story.dangerous,
  }
  const incident =
    drill.incidentId === null ? null : await tx.incident.findUnique({ where: { id: drill.incidentId } })
  if (!incident)
    return {
      ...base,
      declaredAtMs: null,
      answered: { atMs: null, dueAtMs: null },
      claims: [],
      updates: [],
      actions: [],
      rightActions: [],
      checklists: { settled: 0, total: 0 },
      roles: [],
    }
  const rows = await tx.timelineEvent.findMany({
    where: { incidentId: incident.id },
    orderBy: { seq: 'asc' },
  })
  const entries: readonly Entry[] = rows.map(({ kind, source, receivedAt, body }) => ({
    kind,
    source,
    atMs: receivedAt.getTime(),
    body: body as Record<string, unknown>,
  }))
  const events = entries.flatMap(
    ({ kind, atMs, body }) => clockEventOf({ kind, receivedAtMs: atMs, body }) ?? [],
  )
  const policy = (await loadPinnedPolicies(tx, [incident.policyHash]))(incident.policyHash)
  const recording = await readRecording(tx, incident.id)
  const forest = recording?.forest
  const roles = await tx.roleAssignment.findMany({ where: { incidentId: incident.id } })
  const response = clocksOf(events, policy, endedAtMs).find((clock) => clock.kind === 'response')
  return {
    ...base,
    declaredAtMs: incident.declaredAt.getTime(),
    answered: { atMs: incident.acknowledgedAt?.getTime() ?? null, dueAtMs: response?.dueAtMs ?? null },
    claims: [
      ...(recording
        ? claimsOfTree(recording, new Set(truth.filter((one) => !one.may).map((one) => one.leaf)))
        : []),
      ...(forest ? namedLeaves(entries, forest) : []),
    ],
    updates: updatesOf(events, policy, endedAtMs),
    actions: forest ? namedActions(entries, forest) : [],
    rightActions: forest ? rightActions(story, forest) : [],
    checklists: await checklistsOf(tx, incident.id),
    roles: [...new Set(roles.map(({ role }) => role))],
  }
}

function claimsOfTree(
  recording: NonNullable<Awaited<ReturnType<typeof readRecording>>>,
  truthful: ReadonlySet<string>,
): readonly Played['claims'][number][] {
  const startMs = recording.steps[0]?.atMs ?? 0
  const moments = recording.steps.map(({ atMs, memory, ...step }) => ({
    ...step,
    memory: memory as Record<string, { answer: 'yes' | 'no'; sinceMs: number }> | undefined,
    afterMs: atMs - startMs,
  }))
  const replayed = replay(
    { start: new Date(startMs).toISOString(), moments } as Parameters<typeof replay>[0],
    recording.forest,
  )
  return sinceBegun(replayed.moments, truthful).map(({ afterMs, leaf, state }) => ({
    leaf,
    state,
    atMs: startMs + afterMs,
    by: 'tree' as const,
  }))
}

function rightActions({ truth }: Story, forest: Forest): readonly string[] {
  const roots = truth.filter((one) => !one.may && one.explainedBy === null)
  return [...new Set(roots.flatMap(({ leaf }) => forest.leaves.get(leaf)?.actions.map(({ id }) => id) ?? []))]
}

// A promise counts when it is fulfilled or when the drill ends: late is not kept.
function updatesOf(events: readonly ClockEvent[], policy: IncidentsPolicy, endMs: number): Played['updates'] {
  const isTelling = (kind: string): boolean =>
    kind === 'update' || kind === 'first-public' || kind === 'executive'
  const kept = events.flatMap((event, index) => {
    if (event.kind !== 'update') return []
    const due = clocksOf(events.slice(0, index), policy, event.atMs).filter(
      (clock) =>
        isTelling(clock.kind) &&
        clock.state !== 'met' &&
        (clock.id.endsWith(event.audience) || clock.kind === 'first-public'),
    )
    return due.map((clock) => ({ isKept: clock.state !== 'breached' }))
  })
  const open = clocksOf(events, policy, endMs).filter(
    (clock) => isTelling(clock.kind) && clock.state === 'breached',
  )
  return [...kept, ...open.map(() => ({ isKept: false }))]
}

async function checklistsOf(tx: Tx, incidentId: string): Promise<Played['checklists']> {
  const lists = await tx.incidentChecklist.findMany({ where: { incidentId } })
  const deeds = await tx.checklistEvent.findMany({ where: { incidentId } })
  const each = lists.map(({ list, items }) =>
    progressOf(
      items as { readonly id: string }[] as Parameters<typeof progressOf>[0],
      deeds
        .filter((deed) => deed.list === list)
        .map((deed) => ({
          ...deed,
          kind: deed.kind as 'tick' | 'skip' | 'untick',
          atMs: deed.at.getTime(),
        })),
    ),
  )
  return {
    settled: each.reduce((sum, one) => sum + one.settled, 0),
    total: each.reduce((sum, one) => sum + one.total, 0),
  }
}
