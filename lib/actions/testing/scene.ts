import { randomUUID } from 'node:crypto'
import { type Steered, smallScenario, startWorld } from '../../../simulator/testing'
import type { Role } from '../../access/permissions'
import type { Console } from '../../console'
import { actionsJob } from '../../jobs/actions'
import { takeLease } from '../../jobs/lease'
import type { Job } from '../../jobs/runner'
import type { Actor } from '../../operation'
import type { SteppedClock } from '../../platform/clock'
import { testConsole } from '../../platform/testing/database'
import { findCommand, findQuery } from '../../registry'
import { runCommand, runQuery } from '../../run'
import type { RunView } from '../view'

/** TestApp is a console whose Kubernetes and Vast.ai are the simulated world. */
export type TestApp = Console & { readonly clock: SteppedClock }

export const DEPLOYMENT = 'vastai-integration'

/** openScene starts a world and a console that is connected to it. */
export async function openScene(
  options: {
    readonly timeline?: readonly Record<string, unknown>[]
    readonly simulated?: boolean
    /** supervised connects the supervisord of the first instance. */
    readonly supervised?: boolean
  } = {},
) {
  const world: Steered = await startWorld(smallScenario({ timeline: options.timeline ?? [] }))
  const instances = world.simulator.running().world.fleet.instances
  const supervisor = `${world.url}/supervisor/${instances[0]?.id}/RPC2`
  const app: TestApp = await testConsole({
    ...(options.supervised
      ? {
          SUPERVISOR_URLS: JSON.stringify({ [String(instances[0]?.id)]: supervisor }),
          SUPERVISOR_USER: 'watchfloor',
          SUPERVISOR_PASSWORD: 'simulated',
        }
      : {}),
    WATCHFLOOR_SIMULATED: options.simulated ?? true,
    KUBERNETES_URL: `${world.url}/kubernetes`,
    KUBERNETES_TOKEN: 'simulated-kubernetes-actor',
    KUBERNETES_NAMESPACE: 'production',
    KUBERNETES_DEPLOYMENTS: DEPLOYMENT,
    KUBERNETES_SECRETS: 'vastai-credentials/VASTAI_API_KEY',
    VAST_API_URL: `${world.url}/vast`,
    VAST_API_KEY: 'simulated-key',
  })
  await app.db.instanceRecord.createMany({
    data: instances.map((it) => ({
      id: String(it.id),
      machineId: String(it.machineId),
      hostId: String(it.hostId),
      firstSeenAt: app.clock.now(),
      lastListedAt: app.clock.now(),
      listed: {},
    })),
  })
  const stops: (() => Promise<void>)[] = []
  return {
    app,
    world,
    instance: String(instances[0]?.id),
    someone: (...roles: readonly Role[]) => someone(app, roles),
    /** work starts the worker's job, as the process that holds the lease. */
    work: async (): Promise<() => Promise<void>> => {
      const job: Job = actionsJob(app)
      const epoch = await takeLease(app.hot, job.name, randomUUID())
      if (epoch === undefined) throw new Error('the lease is held')
      const stop = await job.start({ epoch, held: () => true })
      const once = async (): Promise<void> => {
        stops.splice(stops.indexOf(once), 1)
        await stop()
        await app.hot.query("UPDATE lease SET expires_at = now() - interval '1 second' WHERE name = $1", [
          job.name,
        ])
      }
      stops.push(once)
      return once
    },
    close: async () => {
      for (const stop of [...stops]) await stop()
      await app.close()
      await world.simulator.close()
    },
  }
}

/** Scene is an opened scene. */
export type Scene = Awaited<ReturnType<typeof openScene>>

async function someone(app: TestApp, roles: readonly Role[]) {
  const handle = `p${randomUUID().slice(0, 8)}`
  const { id } = await app.db.person.create({
    data: { handle, name: handle, email: `${handle}@northlight.example`, roles: [...roles] },
  })
  const actor = (): Actor => ({
    kind: 'person',
    id,
    handle,
    name: handle,
    roles,
    sessionId: 's',
    authAt: app.clock.now(),
  })
  const scope = (changes: Partial<Extract<Actor, { kind: 'person' }>> = {}) => ({
    console: app,
    actor: { ...(actor() as Extract<Actor, { kind: 'person' }>), ...changes },
    now: app.clock.now(),
    requestId: randomUUID(),
  })
  return {
    id,
    handle,
    scope,
    does: async <Result = RunView>(name: string, input: unknown, key?: string): Promise<Result> =>
      (await runCommand(findCommand(`actions.${name}`), scope(), input, key ?? randomUUID())) as Result,
    asks: async <Result>(name: string, input: unknown): Promise<Result> =>
      (await runQuery(findQuery(`actions.${name}`), scope(), input)) as Result,
    declare: async (changes: Readonly<Record<string, unknown>> = {}): Promise<string> => {
      const input = { title: 'Inference fails', severity: 'P2', ...changes }
      const declared = await runCommand(findCommand('incidents.declare'), scope(), input, randomUUID())
      return (declared as { id: string }).id
    },
  }
}

/** Somebody is a person of a scene who can do and ask things. */
export type Somebody = Awaited<ReturnType<Scene['someone']>>

/** settled waits until a run has one of these states. */
export async function settled(
  who: Somebody,
  id: string,
  states: readonly RunView['state'][],
  tick?: (run: RunView) => void,
): Promise<RunView> {
  for (;;) {
    const run = await who.asks<RunView>('run', { id })
    if (states.includes(run.state)) return run
    tick?.(run)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
