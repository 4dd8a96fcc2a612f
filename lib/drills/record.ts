import { Document, isCollection, visit } from 'yaml'
import type { Forest } from '../triage/forest'
import type { Diagnosis } from '../triage/model'
import type { MomentStep } from '../triage/moments'
import { isFirm } from '../triage/view'
import type { Recorded } from './recorded'
import { diagnosisText, pathOf } from './replay'

/** RecordedIncident is all that a recording is made of. */
export type RecordedIncident = {
  readonly name: string
  readonly title: string
  readonly severity: string
  readonly status: string
  readonly isDrill: boolean
  readonly declaredAtMs: number
  readonly events: readonly {
    readonly atMs: number
    readonly kind: string
    readonly source: string
    readonly by: string
    readonly body: Readonly<Record<string, unknown>>
  }[]
  readonly startMs: number
  readonly steps: readonly (MomentStep & { readonly atMs: number })[]
  readonly diagnosis: Diagnosis
  readonly forest: Forest
}

/** Cleaning masks secrets: in one text, and in a value whose keys may tell of secrets too. */
export type Cleaning = {
  readonly text: (text: string) => string
  readonly value: (value: Readonly<Record<string, unknown>>) => Record<string, unknown>
  readonly sha256: (text: string) => string
}

/** recordedOf makes the scenario of a real incident; no text leaves uncleaned. */
export function recordedOf(incident: RecordedIncident, clean: Cleaning): Recorded {
  const { startMs } = incident
  const diagnosis = cleanTexts(incident.diagnosis, clean.text)
  return {
    kind: 'recorded',
    id: incident.name.toLowerCase(),
    title: clean.text(incident.title),
    description: `${incident.name} as triage saw it. Its path is replayed from what was seen, under the trees of that time.`,
    start: new Date(startMs).toISOString(),
    incident: {
      name: incident.name,
      severity: incident.severity,
      status: incident.status,
      isDrill: incident.isDrill,
      declaredAt: new Date(incident.declaredAtMs).toISOString(),
    },
    outcome: {
      sha256: clean.sha256(diagnosisText(diagnosis)),
      path: [...pathOf(diagnosis)],
      leaves: diagnosis.causes
        .filter(isFirm)
        .map(({ leaf, state, explainedBy }) => ({ leaf, state, explainedBy })),
    },
    events: incident.events.map(({ atMs, kind, source, by, body }) => ({
      afterMs: atMs - startMs,
      kind,
      source,
      by,
      body: clean.value(body),
    })),
    moments: incident.steps.map(({ atMs, ...step }) => ({
      afterMs: atMs - startMs,
      ...cleanTexts(step, clean.text),
    })) as Recorded['moments'],
    trees: {
      hash: incident.forest.hash,
      forest: incident.forest.trees.map(({ name, tree }) => ({ name, tree })),
    },
  }
}

/** cleanTexts copies a JSON-like value with every text cleaned; keys stay. */
function cleanTexts<T>(value: T, clean: (text: string) => string): T {
  const copy = (it: unknown): unknown => {
    if (typeof it === 'string') return clean(it)
    if (Array.isArray(it)) return it.map(copy)
    if (it === null || typeof it !== 'object') return it
    return Object.fromEntries(Object.entries(it).map(([key, item]) => [key, copy(item)]))
  }
  return copy(value) as T
}

const HEADING = ` A real incident, recorded. Replay it with
   npm run drill -- --headless --scenario FILE
 which must come to the same path, diagnosis and evidence, byte for byte.`

/** recordedYaml writes a recording as a file; the same recording gives the same bytes. */
export function recordedYaml(recorded: Recorded): string {
  const document = new Document(JSON.parse(JSON.stringify(recorded)))
  document.commentBefore = HEADING
  // One look a line: long enough to be complete, short enough to be found.
  visit(document, (_key, node, path) => {
    if (isCollection(node) && path.length >= 8) node.flow = true
  })
  return document.toString({ lineWidth: 0 })
}
