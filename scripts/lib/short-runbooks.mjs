import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { root, statePath } from './checkout.mjs'

const TICK_SECONDS = 15
const QUEUE_READING_SECONDS = 30

/**
 * shortRunbooks copies the runbooks with a policy of rollouts in which one tick is long, and one of health in which a queue's
 * reading is soon old: a journey sees in half a minute what takes longer. It returns the folder of the copy.
 */
export function shortRunbooks() {
  const folder = statePath('test', 'runbooks')
  rmSync(folder, { recursive: true, force: true })
  cpSync(join(root, 'runbooks'), folder, { recursive: true })
  change(join(folder, 'policy', 'rollouts.yaml'), shortRollouts)
  change(join(folder, 'policy', 'health.yaml'), (policy) => ({
    ...policy,
    freshness: { ...policy.freshness, temporalMaxAgeSeconds: QUEUE_READING_SECONDS },
  }))
  return folder
}

function change(path, changed) {
  writeFileSync(path, stringify(changed(parse(readFileSync(path, 'utf8')))))
}

function shortRollouts(policy) {
  return {
    ...policy,
    triggers: policy.triggers.map((trigger) => ({
      ...trigger,
      holdSeconds: Math.min(trigger.holdSeconds, TICK_SECONDS),
      minSamples: Math.min(trigger.minSamples ?? 1, 1),
    })),
    gate: { ...policy.gate, windowSeconds: TICK_SECONDS, minSamples: 0 },
    lagSeconds: 1,
    back: { ...policy.back, confirmSeconds: 1 },
  }
}
