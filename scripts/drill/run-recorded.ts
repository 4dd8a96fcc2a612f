import { readFileSync } from 'node:fs'
import { parseRecorded, type Recorded } from '@/lib/drills/recorded'
import { diagnosisText, pathOf, type Replayed, replay } from '@/lib/drills/replay'
import { sha256Hex } from '@/lib/platform/crypto'
import type { Forest } from '@/lib/triage/forest'
import { storedForest } from '@/lib/triage/load-forest'
import { isFirm } from '@/lib/triage/view'
import { ScenarioError } from '@/simulator/scenario'
import { type DrillResult, resultOf } from './run-drill'

/** loadRecorded reads a recorded scenario; throws a ScenarioError with file, line and column of every fault. */
export function loadRecorded(file: string): Recorded {
  const parsed = parseRecorded(readFileSync(file, 'utf8'), file)
  if (parsed.ok) return parsed.value
  throw new ScenarioError(parsed.problems)
}

/** runRecorded replays a real incident, under the trees of that time unless others are given. */
export function runRecorded(recorded: Recorded, file: string, forest?: Forest): DrillResult {
  const trees = forest ?? storedForest(recorded.trees.forest, recorded.trees.hash)
  if (!trees)
    throw new ScenarioError([{ file, line: 1, column: 1, reason: 'trees: this version cannot walk them' }])
  const replayed = replay(recorded, trees)
  const stored = recorded.outcome.sha256
  const again = sha256Hex(diagnosisText(replayed.diagnosis))
  const result = resultOf({
    scenario: recorded,
    forest: trees,
    diagnosis: replayed.diagnosis,
    nowMs: replayed.nowMs,
    verdict: {
      problems: again === stored ? [] : differences(recorded, replayed),
      ...timesOf(recorded, replayed),
    },
  })
  return { ...result, recorded: { stored, replayed: again } }
}

function timesOf(recorded: Recorded, replayed: Replayed) {
  const symptomMs = replayed.diagnosis.firstSymptomAtMs
  const startMs = Date.parse(recorded.start)
  const wanted = recorded.outcome.leaves.map(({ leaf }) => leaf)
  const first = replayed.moments.find(({ causes }) =>
    wanted.every((leaf) => causes.some((cause) => cause.leaf === leaf)),
  )
  return {
    firstSymptomMs: symptomMs === null ? null : symptomMs - startMs,
    secondsToDiagnosis:
      symptomMs === null || !first || wanted.length === 0
        ? null
        : (startMs + first.afterMs - symptomMs) / 1000,
    found: [],
  }
}

function differences({ outcome }: Recorded, { diagnosis }: Replayed): readonly string[] {
  const words = (leaves: Recorded['outcome']['leaves']): string =>
    leaves.map((it) => `${it.leaf} ${it.state}`).join(', ') || 'nothing'
  const now = diagnosis.causes
    .filter(isFirm)
    .map(({ leaf, state, explainedBy }) => ({ leaf, state, explainedBy }))
  const way = (path: Readonly<Recorded['outcome']['path']>): string =>
    path.map(({ question, answer }) => `${question} ${answer}`).join(' → ')
  return [
    'the replay differs from what the run stored',
    ...(JSON.stringify(now) === JSON.stringify(outcome.leaves)
      ? []
      : [`it came to ${words(now)}, and was ${words(outcome.leaves)}`]),
    ...(way(pathOf(diagnosis)) === way(outcome.path)
      ? []
      : [`its path was ${way(pathOf(diagnosis))}, and was ${way(outcome.path)}`]),
  ]
}
