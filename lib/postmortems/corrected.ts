import {
  type Correction,
  durationWords,
  type Figure,
  MILESTONE_WORDS,
  type Milestone,
  type PostmortemRecord,
} from './model'

/** CorrectedFigure is a figure as it counts now, with the person's word beside what was counted. */
export type CorrectedFigure = Figure & {
  readonly counted: number | null
  readonly correction: Correction | null
}

/** CorrectedMilestone is a turn as it counts now; accepted when a person said so or set another instant. */
export type CorrectedMilestone = Milestone & {
  readonly proposedMs: number | null
  readonly correction: Correction | null
}

/** Span is a time between two turns; `ms` null while one of them is not known. */
export type Span = { readonly label: string; readonly ms: number | null; readonly words: string }

function lastOf(corrections: readonly Correction[], of: Correction['of'], key: string): Correction | null {
  return corrections.findLast((one) => one.of === of && one.key === key) ?? null
}

/** figuresOf gives the figures of impact with the last correction of each in force. */
export function figuresOf(
  record: PostmortemRecord,
  corrections: readonly Correction[],
): readonly CorrectedFigure[] {
  return record.impact.map((figure) => {
    const correction = lastOf(corrections, 'figure', figure.key)
    if (correction === null) return { ...figure, counted: figure.value, correction }
    return { ...figure, value: correction.value, unknown: '', counted: figure.value, correction }
  })
}

/** turnsOf gives the milestones with the last correction of each in force. */
export function turnsOf(
  record: PostmortemRecord,
  corrections: readonly Correction[],
): readonly CorrectedMilestone[] {
  return record.milestones.map((milestone) => {
    const correction = lastOf(corrections, 'milestone', milestone.key)
    const atMs = correction === null ? milestone.atMs : correction.value
    return { ...milestone, atMs, proposedMs: milestone.atMs, correction }
  })
}

const SPANS = [
  ['Time to detect', 'impact', 'detected'],
  ['Time to acknowledge', 'detected', 'acknowledged'],
  ['Time to mitigate', 'impact', 'mitigated'],
  ['Time to resolve', 'impact', 'resolved'],
] as const

/** spansOf counts the times between the turns; one that would be negative is not known. */
export function spansOf(turns: readonly CorrectedMilestone[]): readonly Span[] {
  const at = (key: Milestone['key']): number | null => turns.find((turn) => turn.key === key)?.atMs ?? null
  return SPANS.map(([label, from, to]) => {
    const [fromMs, toMs] = [at(from), at(to)]
    const ms = fromMs === null || toMs === null || toMs < fromMs ? null : toMs - fromMs
    const words = `${MILESTONE_WORDS[from]} to ${MILESTONE_WORDS[to].toLowerCase()}`
    return { label, ms, words }
  })
}

/** lengthOf is how long the incident lasted by its turns, as `Xh YYm`; undefined while it goes on. */
export function lengthOf(turns: readonly CorrectedMilestone[]): string | undefined {
  const ms = spansOf(turns).find((span) => span.label === 'Time to resolve')?.ms
  return ms == null ? undefined : durationWords(ms)
}
