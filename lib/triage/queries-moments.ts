import type { Tx } from '../platform/db'
import { readSteps } from './moment-store'
import { readForest } from './run-store'
import { findRun } from './store'

/** readRecording gives an incident's run with everything it rested on and the trees it pinned; undefined without a run that was answered. */
export async function readRecording(tx: Tx, incidentId: string) {
  const run = await findRun(tx, { incidentId })
  if (!run?.diagnosis) return undefined
  const [steps, forest] = [await readSteps(tx, run.id), await readForest(tx, run.forestHash)]
  return forest && steps.length > 0 ? { run, diagnosis: run.diagnosis, steps, forest } : undefined
}
