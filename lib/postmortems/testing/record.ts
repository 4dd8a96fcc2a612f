import type { Correction, Figure, Milestone, PostmortemRecord, TimelineRow } from '../model'

const MINUTE_MS = 60_000

/** beganAtMs is when the incident of `recordWith` began: Wed 18 Nov 2026, 02:06Z. */
export const beganAtMs = Date.UTC(2026, 10, 18, 2, 6)

/** rowWith is one entry of a timeline, ten minutes after the beginning. */
export function rowWith(changes: Partial<TimelineRow> = {}): TimelineRow {
  return {
    id: 'record:1',
    kind: 'entry',
    eventAtMs: beganAtMs + 10 * MINUTE_MS,
    toMs: null,
    receivedAtMs: beganAtMs + 10 * MINUTE_MS,
    source: 'record',
    sourceName: 'Record',
    by: 'ana',
    text: 'Declared P1',
    isKey: true,
    doubt: '',
    link: { label: 'record 1', href: '/incidents/INC-0142?entry=1' },
    ...changes,
  }
}

/** milestoneWith is the declaration as a milestone. */
export function milestoneWith(changes: Partial<Milestone> = {}): Milestone {
  return {
    key: 'declared',
    atMs: beganAtMs + 10 * MINUTE_MS,
    why: 'Declared by ana',
    rows: ['record:1'],
    ...changes,
  }
}

/** figureWith is a count of failed requests. */
export function figureWith(changes: Partial<Figure> = {}): Figure {
  return {
    key: 'requests-failed',
    label: 'requests failed',
    value: 20_402,
    unit: 'count',
    method: '5xx per minute, summed over 106 minutes.',
    unknown: '',
    ...changes,
  }
}

/** correctionWith puts 21,000 in the place of the counted requests. */
export function correctionWith(changes: Partial<Correction> = {}): Correction {
  return {
    of: 'figure',
    key: 'requests-failed',
    value: 21_000,
    reason: 'The gateway counts those that never reached us.',
    by: 'mei',
    atMs: beganAtMs + 600 * MINUTE_MS,
    ...changes,
  }
}

/** recordWith is the record of an incident of 1h 46m that everybody could see. */
export function recordWith(changes: Partial<PostmortemRecord> = {}): PostmortemRecord {
  return {
    meta: {
      incident: 'INC-0142',
      title: 'Inference 503s, EU pool',
      errorType: 'Provider outage',
      severity: 'P1',
      severityChanges: [
        { atMs: beganAtMs + 10 * MINUTE_MS, from: null, to: 'P1', by: 'ana', reason: 'declared' },
      ],
      isDrill: false,
      visibility: 'public',
      declaredBy: 'ana',
      startedAtMs: beganAtMs,
      endedAtMs: beganAtMs + 106 * MINUTE_MS,
      durationMs: 106 * MINUTE_MS,
      draftedAtMs: beganAtMs + 130 * MINUTE_MS,
      roles: [{ role: 'commander', handle: 'ana', fromMs: beganAtMs + 10 * MINUTE_MS, toMs: null }],
      responders: ['ana'],
      hosts: [],
      components: [],
    },
    milestones: [milestoneWith()],
    timeline: [rowWith()],
    leftOut: 0,
    triage: { path: [], causes: [], unanswered: [], note: '' },
    actions: [],
    messages: [],
    charts: [],
    impact: [figureWith()],
    ...changes,
  }
}
