import { GATES, type Gate, PHASES, type Phase, type Slot, type State } from './model'
import type { MigrationsPolicy } from './policy'
import type { Inventory, Rollback } from './shapes'
import type { GateVerdict } from './traffic-gate'

/** Tally is how many of something there were, and how many of them were wrong. */
export type Tally = { readonly requests: number; readonly wrong: number }

/** PartFact is one kind of record on its way. */
export type PartFact = { readonly name: string; readonly state: string }

/** Facts is everything that guards ask about; what nobody reported is null. */
export type Facts = {
  readonly inventory: Inventory | null
  /** open holds how many items of a phase's checklist are not done. */
  readonly open: Readonly<Record<Phase, number>>
  readonly approved: Readonly<Record<Gate, readonly Slot[]>>
  readonly flag: { readonly isOn: boolean; readonly percent: number }
  readonly contract: { readonly passed: number; readonly failed: number } | null
  /** writes since the state began: how many, how many differed, when the first came and when the last differed. */
  readonly writes: (Tally & { readonly firstAtMs: number; readonly wrongAtMs: number | null }) | null
  readonly parts: readonly PartFact[]
  readonly quarantined: number
  readonly report: { readonly verdict: string; readonly atMs: number } | null
  /** dataChangedAtMs is when a part or a row of quarantine last changed: an older report is of other data. */
  readonly dataChangedAtMs: number
  readonly noise: Tally | null
  readonly compared: Tally | null
  readonly gate: GateVerdict | null
  readonly reverseLagSeconds: number | null
  /** restoredAtMs is when a restore of the backup was rehearsed. */
  readonly restoredAtMs: number | null
  /** oldSeenAtMs is when the old side was last asked for anything. */
  readonly oldSeenAtMs: number | null
  readonly rollback: Rollback | null
  readonly stateSinceMs: number
}

/** Guard is one condition with how it stands, in words. */
export type Guard = { readonly id: string; readonly isMet: boolean; readonly words: string }

/** Step is where a migration goes next and what that asks for. */
export type Step = {
  readonly to: State
  /** percent is the flag's percentage after the step. */
  readonly percent: number
  readonly label: string
  readonly guards: readonly Guard[]
}

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

function guard(id: string, isMet: boolean, words: string): Guard {
  return { id, isMet, words }
}

function phaseDone(facts: Facts, policy: MigrationsPolicy, phase: Phase): Guard {
  const total = policy.phases[phase].items.length
  const left = facts.open[phase]
  return guard(
    `checklist-${phase}`,
    left === 0,
    `${policy.phases[phase].title}: ${total - left} of ${total} items of the checklist are done`,
  )
}

const GATE_WORDS: Readonly<Record<Gate, string>> = {
  assessment: 'The assessment',
  validation: 'The validation report',
  cutover: 'The point of no return',
}

function approvedBy(facts: Facts, gate: Gate): Guard {
  const missing = GATES[gate].filter((slot) => !facts.approved[gate].includes(slot))
  return guard(
    `approved-${gate}`,
    missing.length === 0,
    missing.length === 0
      ? `${GATE_WORDS[gate]} is approved`
      : `${GATE_WORDS[gate]} waits for ${missing.map((slot) => (slot === 'manager' ? 'a manager' : 'an engineer')).join(' and ')}`,
  )
}

function percentOf({ requests, wrong }: Tally): number {
  return requests === 0 ? 0 : (wrong / requests) * 100
}

/** noisePercent is how often the old side differs from itself; 0 while it was not measured. */
export function noisePercent(noise: Tally | null): number {
  return noise === null ? 0 : percentOf(noise)
}

function figure(percent: number): string {
  return `${percent.toLocaleString('en-US', { maximumFractionDigits: 2 })} %`
}

function ofAssessing(facts: Facts): readonly Guard[] {
  const { inventory } = facts
  const uncounted = inventory?.dataTypes.filter(({ records }) => records === null).length ?? 0
  return [
    guard(
      'inventory',
      inventory !== null,
      inventory ? 'The inventory is saved' : 'The inventory is missing: run the scanner or write it down',
    ),
    guard(
      'inventory-providers',
      (inventory?.providers.length ?? 0) > 0,
      'The inventory names what uses the provider',
    ),
    guard(
      'inventory-counted',
      inventory !== null && inventory.dataTypes.length > 0 && uncounted === 0,
      inventory === null || inventory.dataTypes.length === 0
        ? 'No data type is named'
        : `${inventory.dataTypes.length - uncounted} of ${inventory.dataTypes.length} data types have a record count`,
    ),
    approvedBy(facts, 'assessment'),
  ]
}

function ofAdapting(facts: Facts, policy: MigrationsPolicy): readonly Guard[] {
  const { contract, flag } = facts
  return [
    phaseDone(facts, policy, 'setup'),
    phaseDone(facts, policy, 'adapter'),
    guard('flag-at-zero', flag.percent === 0, 'The facade sends 100 % to the old side'),
    guard(
      'contract',
      contract !== null && contract.failed === 0 && contract.passed > 0,
      contract === null
        ? 'No run of the contract tests was reported'
        : `${contract.passed} contract tests pass, ${contract.failed} fail`,
    ),
  ]
}

function ofDualWriting(facts: Facts, policy: MigrationsPolicy, nowMs: number): readonly Guard[] {
  const { writes } = facts
  const quietSinceMs = writes === null ? null : Math.max(writes.firstAtMs, writes.wrongAtMs ?? 0)
  const quietMs = quietSinceMs === null ? 0 : Math.max(0, nowMs - quietSinceMs)
  return [
    guard(
      'writes-seen',
      (writes?.requests ?? 0) > 0,
      `${writes?.requests ?? 0} writes to both sides were compared`,
    ),
    guard(
      'writes-quiet',
      writes !== null &&
        writes.requests > 0 &&
        quietMs >= policy.quietHours * HOUR_MS &&
        (writes.wrongAtMs === null || quietMs > 0),
      `Both sides agreed for ${Math.floor(quietMs / HOUR_MS)} of ${policy.quietHours} h`,
    ),
  ]
}

function ofBackfilling(facts: Facts, policy: MigrationsPolicy): readonly Guard[] {
  const done = facts.parts.filter(({ state }) => state === 'done').length
  return [
    phaseDone(facts, policy, 'data'),
    guard(
      'parts-done',
      facts.parts.length > 0 && done === facts.parts.length,
      `${done} of ${facts.parts.length} parts are moved`,
    ),
    guard(
      'quarantine-settled',
      facts.quarantined === 0,
      facts.quarantined === 0
        ? 'No row waits in quarantine'
        : `${facts.quarantined} rows wait in quarantine: retry or waive them`,
    ),
  ]
}

function ofValidating(facts: Facts): readonly Guard[] {
  const { report } = facts
  return [
    guard(
      'report-passed',
      report?.verdict === 'passed',
      report === null
        ? 'There is no validation report'
        : `The last validation report says: ${report.verdict}`,
    ),
    guard(
      'report-current',
      report !== null && report.atMs >= facts.dataChangedAtMs,
      'The report is of the data as it is now',
    ),
    guard('quarantine-settled', facts.quarantined === 0, `${facts.quarantined} rows wait in quarantine`),
    approvedBy(facts, 'validation'),
  ]
}

function ofParallel(facts: Facts, policy: MigrationsPolicy): readonly Guard[] {
  const { noiseRequests, requests, agreedPercent } = policy.parallel
  const { noise, compared } = facts
  const allowed = noisePercent(noise) + agreedPercent
  const seen = compared === null ? 0 : percentOf(compared)
  return [
    guard(
      'noise-measured',
      (noise?.requests ?? 0) >= noiseRequests,
      `The old side was compared with itself ${noise?.requests ?? 0} of ${noiseRequests} times: ${figure(noisePercent(noise))} differ`,
    ),
    guard(
      'compared',
      (compared?.requests ?? 0) >= requests,
      `Old and new were compared ${compared?.requests ?? 0} of ${requests} times`,
    ),
    guard(
      'mismatches',
      compared !== null && compared.requests > 0 && seen <= allowed,
      `${figure(seen)} of answers differ; ${figure(allowed)} are noise and agreed`,
    ),
    phaseDone(facts, policy, 'traffic'),
  ]
}

function ofShift(facts: Facts): readonly Guard[] {
  const { gate } = facts
  return [
    guard('gate', gate?.kind === 'pass', gate?.words ?? 'The gate was not asked'),
    guard('flag-on', facts.flag.isOn, 'The flag is on'),
  ]
}

function ofBake(facts: Facts, policy: MigrationsPolicy, nowMs: number): readonly Guard[] {
  const days = (nowMs - facts.stateSinceMs) / DAY_MS
  const lag = facts.reverseLagSeconds
  return [
    ...ofShift(facts),
    guard('baked', days >= policy.bakeDays, `${Math.floor(days)} of ${policy.bakeDays} days at 100 %`),
    guard(
      'reverse-sync',
      lag !== null && lag <= policy.reverseLagSeconds,
      lag === null
        ? 'Reverse sync was not reported'
        : `Reverse sync is ${Math.round(lag)} s behind; at most ${policy.reverseLagSeconds} s`,
    ),
  ]
}

function ofRollback(facts: Facts): readonly Guard[] {
  const done = new Set(facts.rollback?.steps.map(({ step }) => step))
  return [
    guard('back-flag', done.has('flag'), 'The flag is off'),
    guard('back-restart', done.has('restart'), 'The service was restarted'),
    guard('back-restore', done.has('restore'), 'The dated backup was restored, or it was not needed'),
    guard('back-health', done.has('health'), 'Health is verified'),
  ]
}

/**
 * nextStep gives where a migration goes from here with every guard, met or not; undefined where the way ends.
 */
export function nextStep(
  state: State,
  {
    facts,
    policy,
    nowMs,
  }: { readonly facts: Facts; readonly policy: MigrationsPolicy; readonly nowMs: number },
): Step | undefined {
  const first = policy.shift.steps[0] ?? 100
  switch (state) {
    case 'assessing':
      return { to: 'adapting', percent: 0, label: 'Begin the adapter layer', guards: ofAssessing(facts) }
    case 'adapting':
      return {
        to: 'dual-writing',
        percent: 0,
        label: 'Write to both sides',
        guards: ofAdapting(facts, policy),
      }
    case 'dual-writing':
      return {
        to: 'backfilling',
        percent: 0,
        label: 'Move the data',
        guards: ofDualWriting(facts, policy, nowMs),
      }
    case 'backfilling':
      return { to: 'validating', percent: 0, label: 'Validate', guards: ofBackfilling(facts, policy) }
    case 'validating':
      return { to: 'parallel-running', percent: 0, label: 'Run side by side', guards: ofValidating(facts) }
    case 'parallel-running':
      return { to: 'shifting', percent: first, label: `Shift ${first} %`, guards: ofParallel(facts, policy) }
    case 'shifting': {
      const next = policy.shift.steps.find((step) => step > facts.flag.percent)
      return next === undefined
        ? {
            to: 'awaiting-cutover',
            percent: 100,
            label: 'End the bake',
            guards: ofBake(facts, policy, nowMs),
          }
        : { to: 'shifting', percent: next, label: `Shift ${next} %`, guards: ofShift(facts) }
    }
    case 'awaiting-cutover':
      return {
        to: 'cut-over',
        percent: 100,
        label: 'Cut over: there is no way back',
        guards: [
          guard('restored', facts.restoredAtMs !== null, 'The backup was restored in a rehearsal'),
          approvedBy(facts, 'cutover'),
        ],
      }
    case 'cut-over': {
      const idleMs = nowMs - Math.max(facts.stateSinceMs, facts.oldSeenAtMs ?? 0)
      const days = Math.floor(idleMs / DAY_MS)
      return {
        to: 'decommissioning',
        percent: 100,
        label: 'Take the old one down',
        guards: [
          guard(
            'old-idle',
            idleMs >= policy.idleDays * DAY_MS,
            `The old side was idle for ${days} of ${policy.idleDays} days`,
          ),
        ],
      }
    }
    case 'decommissioning':
      return { to: 'completed', percent: 100, label: 'Complete', guards: [] }
    case 'traffic-rolled-back':
      return {
        to: 'parallel-running',
        percent: 0,
        label: 'Run side by side again',
        guards: ofRollback(facts),
      }
    case 'forward-fix':
      return { to: 'cut-over', percent: 100, label: 'The fix is out', guards: [] }
    case 'rolled-back':
    case 'completed':
      return undefined
  }
}

/** phaseOf tells to which phase of the plan a state belongs; undefined before, after and beside them. */
export function phaseOf(state: State): Phase | undefined {
  const phases: Partial<Record<State, Phase>> = {
    assessing: 'setup',
    adapting: 'adapter',
    'dual-writing': 'adapter',
    backfilling: 'data',
    validating: 'data',
    'parallel-running': 'traffic',
    shifting: 'traffic',
    'traffic-rolled-back': 'traffic',
    'awaiting-cutover': 'traffic',
  }
  return phases[state]
}

/** openItems counts what is left of each phase's checklist. */
export function openItems(
  policy: MigrationsPolicy,
  done: ReadonlySet<string>,
): Readonly<Record<Phase, number>> {
  const left = (phase: Phase): number => policy.phases[phase].items.filter(({ id }) => !done.has(id)).length
  const [setup, adapter, data, traffic] = PHASES
  return {
    [setup]: left(setup),
    [adapter]: left(adapter),
    [data]: left(data),
    [traffic]: left(traffic),
  } as Readonly<Record<Phase, number>>
}
