import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { atLeast, atMost, type Bar } from '@/bench/report'
import { ROLLOUT_POLICY } from '@/lib/rollouts/policy'
import { type Played, play } from './play'
import { STORIES } from './stories'

/** DeploymentDrill is what all scripted deployments came to. */
export type DeploymentDrill = {
  readonly ok: boolean
  readonly deployments: readonly Played[]
  readonly bars: readonly Bar[]
}

/** drillDeployments plays every scripted deployment under the shipped policy in simulated time (bar E1). */
export function drillDeployments(): DeploymentDrill {
  const policy = ROLLOUT_POLICY.parse(parse(readFileSync('runbooks/policy/rollouts.yaml', 'utf8')))
  const deployments = STORIES.map((story) => play(story, policy))
  const backs = deployments.flatMap(({ rollbackSeconds }) => rollbackSeconds ?? [])
  const bars = [
    atLeast({
      id: 'E1.a',
      figure: 'scripted deployments',
      value: deployments.length,
      limit: 20,
      unit: 'deployments',
    }),
    atMost({
      id: 'E1.b',
      figure: 'decided otherwise than the truth says',
      value: deployments.filter(({ problems }) => problems.length > 0).length,
      limit: 0,
      unit: 'deployments',
    }),
    atMost({
      id: 'E1.c',
      figure: 'went on while a trigger was pending',
      value: deployments.filter(({ problems }) => problems.some((it) => it.startsWith('went on'))).length,
      limit: 0,
      unit: 'deployments',
    }),
    atMost({
      id: 'E1.d',
      figure: 'slowest way back, from the decision to stable',
      value: Math.max(...backs),
      limit: 300,
      unit: 'simulated s',
    }),
    atLeast({
      id: 'E1.e',
      figure: 'processes killed around a request',
      value: deployments.reduce((sum, { kills }) => sum + kills, 0),
      limit: 20,
      unit: 'kills',
    }),
  ]
  return { ok: bars.every(({ ok }) => ok), deployments, bars }
}
