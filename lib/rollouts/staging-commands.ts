import { z } from 'zod'
import { loadDeployRules } from '../deployments/load-rules'
import { type DeploymentState, nameOf, STATE_WORDS } from '../deployments/model'
import { moveDeployment, startGate } from '../deployments/start-store'
import { defineCommand } from '../operation'
import { AppError } from '../platform/errors'
import { loadRolloutPolicy } from './load-policy'
import { RUNGS } from './model'
import { missingForStaging } from './staging'
import { beginRollout, readPlanned, rungsAt } from './start-advance'

const WAY: readonly DeploymentState[] = ['awaiting_approval', 'scheduled', 'announced', 'progressing']

/** startStaging begins the rollout of a staging plan now: everything but approvals and the hour is asked as at any start. */
export const startStaging = defineCommand({
  name: 'rollouts.start-staging',
  summary: 'Starts a plan for staging now; all that a start asks for is asked, but approvals and the hour.',
  permission: 'rollouts.steer',
  input: z.strictObject({ number: z.number().int().positive() }),
  before: async ({ console, now }, input) => {
    const [rules, policy, planned, { targets }] = await Promise.all([
      loadDeployRules(console, now),
      loadRolloutPolicy(console, now),
      readPlanned(console.db, input.number),
      console.deployers(),
    ])
    const rungs = planned ? await rungsAt(targets, planned, policy) : RUNGS
    return { rules, policy, rungs, planHash: planned?.planHash }
  },
  run: async ({ tx, actor, now, before: { rules, policy, rungs, planHash } }, input) => {
    if (actor.kind !== 'person') throw new AppError('forbidden', 'Staging is started by people.')
    const found = await tx.deployment.findUnique({ where: { number: input.number }, select: { id: true } })
    const gate = found ? await startGate({ tx, deploymentId: found.id, rules, now }) : undefined
    if (!gate || gate.kind === 'gone')
      throw new AppError('not_found', gate?.why ?? 'There is no such deployment.')
    const { row, readiness } = gate
    if (row.environment !== 'staging')
      throw new AppError('invalid', `${nameOf(row.number)} is for ${row.environment}: it starts by itself.`)
    if (row.planHash !== planHash)
      throw new AppError('conflict', `${nameOf(row.number)} was changed meanwhile. Look again.`)
    const at = WAY.indexOf(row.state)
    if (at < 0 || row.state === 'progressing')
      throw new AppError('conflict', `${nameOf(row.number)} is ${STATE_WORDS[row.state]}: it can’t start.`)
    const missing = missingForStaging(readiness.unmet)
    if (missing.length > 0)
      throw new AppError(
        'conflict',
        `It can’t start: ${missing.map(({ title, detail }) => `${title} ${detail}`.trim()).join(' ')}`,
        { current: { unmet: missing.map(({ id }) => id) } },
      )
    const by = { id: actor.id, name: actor.handle }
    for (const to of WAY.slice(at + 1))
      await moveDeployment({ tx, deploymentId: row.id, to, why: 'started by hand', by, now })
    const service = rules.services.get(row.service)
    if (!service) throw new AppError('conflict', `No definition of ${row.service} is left.`)
    await beginRollout(tx, { row, service, policy, rungs, now })
    await tx.$queryRaw`SELECT pg_notify('watchfloor_rollouts', ${row.id})::text AS told`
    return {
      result: { number: row.number, name: nameOf(row.number) },
      audit: { subject: `deployment:${row.number}`, detail: { service: row.service, started: 'staging' } },
      touched: [
        { topic: 'rollouts', ref: String(row.number) },
        { topic: 'deployments', ref: String(row.number) },
      ],
    }
  },
})
