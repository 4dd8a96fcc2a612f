import { type Facts, noisePercent, percentOf } from './facts'
import { GATES, type Gate, type Phase, type State } from './model'
import { type MigrationsPolicy, staleAfterMs } from './policy'

/** Guard is one condition with how it stands, in words. */
export type Guard = { readonly id: string; readonly isMet: boolean; readonly words: string }

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

/** Silence shows no agreement: only the time up to the newest write that was compared counts. */
function ofDualWriting({ writes }: Facts, policy: MigrationsPolicy): readonly Guard[] {
  const quietSinceMs = writes === null ? 0 : Math.max(writes.firstAtMs, writes.wrongAtMs ?? 0)
  const quietMs = writes === null ? 0 : Math.max(0, writes.lastAtMs - quietSinceMs)
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
      `Both sides agreed for ${Math.floor(quietMs / HOUR_MS)} of ${policy.quietHours} h, up to the newest write that was compared`,
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

function reverseSync({ reverse }: Facts, policy: MigrationsPolicy, nowMs: number): Guard {
  const isFresh = reverse !== null && nowMs - reverse.atMs <= staleAfterMs(policy)
  return guard(
    'reverse-sync',
    isFresh && reverse.lagSeconds <= policy.reverseLagSeconds,
    reverse === null
      ? 'Reverse sync was not reported'
      : isFresh
        ? `Reverse sync is ${Math.round(reverse.lagSeconds)} s behind; at most ${policy.reverseLagSeconds} s`
        : `Reverse sync was last reported ${Math.floor((nowMs - reverse.atMs) / 60_000)} min ago: how far it is behind is not known`,
  )
}

function ofBake(facts: Facts, policy: MigrationsPolicy, nowMs: number): readonly Guard[] {
  const days = (nowMs - facts.stateSinceMs) / DAY_MS
  return [
    ...ofShift(facts),
    guard('baked', days >= policy.bakeDays, `${Math.floor(days)} of ${policy.bakeDays} days at 100 %`),
    reverseSync(facts, policy, nowMs),
  ]
}

function ofCutover(facts: Facts): readonly Guard[] {
  return [
    guard('restored', facts.restoredAtMs !== null, 'The backup was restored in a rehearsal'),
    guard('gate', facts.gate?.kind === 'pass', facts.gate?.words ?? 'The gate was not asked'),
    approvedBy(facts, 'cutover'),
  ]
}

/** An old side that nobody reports may be busy: it counts as idle only while somebody says that it is. */
function ofCutOver(facts: Facts, policy: MigrationsPolicy, nowMs: number): readonly Guard[] {
  const idleMs = nowMs - Math.max(facts.stateSinceMs, facts.oldSeenAtMs ?? 0)
  const isTold = facts.oldToldAtMs !== null && nowMs - facts.oldToldAtMs <= DAY_MS
  return [
    guard(
      'old-told',
      isTold,
      isTold
        ? 'Requests to the old side are counted'
        : 'Nobody reported the old side in the last day: report its track, also with 0 requests',
    ),
    guard(
      'old-idle',
      idleMs >= policy.idleDays * DAY_MS,
      `The old side was idle for ${Math.floor(idleMs / DAY_MS)} of ${policy.idleDays} days`,
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

/** guardsOf gives what the next step out of a state asks for, each condition met or not; empty where it asks for nothing. */
export function guardsOf(
  state: State,
  {
    facts,
    policy,
    nowMs,
  }: { readonly facts: Facts; readonly policy: MigrationsPolicy; readonly nowMs: number },
): readonly Guard[] {
  switch (state) {
    case 'assessing':
      return ofAssessing(facts)
    case 'adapting':
      return ofAdapting(facts, policy)
    case 'dual-writing':
      return ofDualWriting(facts, policy)
    case 'backfilling':
      return ofBackfilling(facts, policy)
    case 'validating':
      return ofValidating(facts)
    case 'parallel-running':
      return ofParallel(facts, policy)
    case 'shifting':
      return facts.flag.percent >= 100 ? ofBake(facts, policy, nowMs) : ofShift(facts)
    case 'awaiting-cutover':
      return ofCutover(facts)
    case 'cut-over':
      return ofCutOver(facts, policy, nowMs)
    case 'traffic-rolled-back':
      return ofRollback(facts)
    case 'decommissioning':
    case 'forward-fix':
    case 'rolled-back':
    case 'completed':
      return []
  }
}
