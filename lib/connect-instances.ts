import { type Actuators, type AnyExecutor, anyExecutor } from './actions/executor'
import { agentExecutors } from './actions/executors/agent'
import { createOrderBook } from './actions/executors/order-book'
import { supervisorExecutors } from './actions/executors/supervisor'
import { supervisorLooks } from './actions/executors/supervisor-looks'
import { supervisorUrls } from './connect-supervisors'
import type { Console } from './console'
import type { Http } from './platform/http-types'

/** InstanceHands are executors that reach into instances, with the instances that they reach. */
export type InstanceHands = {
  readonly prefix: string
  readonly executors: readonly AnyExecutor[]
  readonly missing: ReturnType<Actuators['missing']>
  readonly listed: Actuators['listed']
}

/** PROGRAMS are the supervised programs that actions may name. */
const PROGRAMS: readonly string[] = ['worker-gpu', 'worker-cpu', 'llama']

/** supervisorHands start, restart and read what supervisord runs on the instances of SUPERVISOR_URLS. */
export function supervisorHands({ env, clock }: Console, http: Http): InstanceHands {
  const { SUPERVISOR_USER: user, SUPERVISOR_PASSWORD: password } = env
  const targets = Object.fromEntries(
    Object.entries(supervisorUrls(env)).map(([id, url]) => [id, { url, user, password }]),
  )
  const kit = { targets, programs: PROGRAMS, http, clock }
  const acts = supervisorExecutors(kit)
  const looks = supervisorLooks(kit)
  const ids = Object.keys(targets)
  return {
    prefix: 'supervisor',
    missing: {
      why: 'No supervisord is connected.',
      wayRound: 'Run the command on the instance, or allow orders to its agent in the settings.',
    },
    executors:
      ids.length === 0
        ? []
        : [
            anyExecutor(acts.start),
            anyExecutor(acts.restart),
            anyExecutor(looks.status),
            anyExecutor(looks.tail),
          ],
    listed: instancesFor(ids),
  }
}

/** agentHands ask the agents of the instances to which orders are allowed. */
export function agentHands({ hot, clock }: Console, ids: readonly string[]): InstanceHands {
  const acts = agentExecutors({
    orders: createOrderBook(hot),
    clock,
    bounds: { programs: PROGRAMS },
    pause: async (ms) => {
      await new Promise((resolve) => setTimeout(resolve, ms))
      return true
    },
  })
  return {
    prefix: 'agent',
    missing: {
      why: 'Orders are allowed to no agent.',
      wayRound: 'Run the command on the instance. An administrator allows orders in Settings, Agents.',
    },
    executors:
      ids.length === 0
        ? []
        : [
            anyExecutor(acts.status),
            anyExecutor(acts.restart),
            anyExecutor(acts.start),
            anyExecutor(acts.evidence),
          ],
    listed: instancesFor(ids),
  }
}

function instancesFor(ids: readonly string[]): Actuators['listed'] {
  return (_executor, param) => (param === 'instance' ? ids.map((id) => ({ value: id, label: id })) : [])
}
