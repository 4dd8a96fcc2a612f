import type { Applied, Deployer, Desired, Look } from '../deployer'
import { copiesOf, sharePercent } from '../share'
import { type Fly, type FlyCall, type FlyTarget, type Machine, openFly } from './machines'

/** FlyRollout is an app between two images, both by digest. */
export type FlyRollout = FlyTarget & { readonly fresh: FlyVersion; readonly stable: FlyVersion }

/** FlyVersion is an image as the platform takes it, and its digest. */
export type FlyVersion = { readonly image: string; readonly digest: string }

const SETTLE_MS = 5_000
const RUNNING = 'started'
const BROKEN: ReadonlySet<string> = new Set(['failed', 'launch_failed'])

/** openFlyDeployer steers an app by the number of its machines: the platform’s own canary is a smoke check and no share. */
export function openFlyDeployer(rollout: FlyRollout): Deployer {
  const fly = openFly(rollout)
  /** Machines that were restarted on the way back; one more restart of the same would help nobody. */
  const restarted = new Set<string>()
  return {
    reach: 'machines',
    rungs: ['route', 'redeploy', 'restart', 'zero'],
    settleMs: SETTLE_MS,
    look: async (desired) => {
      const machines = await fly.list()
      if ('kind' in machines) return { kind: 'unknown', detail: machines.detail }
      return judged(rollout, machines, desired, restarted)
    },
    apply: async (desired) => {
      const machines = await fly.list()
      if ('kind' in machines)
        return machines.kind === 'refused'
          ? machines
          : { kind: 'refused', why: 'unreachable', detail: machines.detail }
      return apply(fly, rollout, machines, { desired, restarted })
    },
  }
}

function isOn(machine: Machine, { digest }: FlyVersion): boolean {
  return machine.image.includes(digest)
}

function isServing(machine: Machine): boolean {
  return machine.state === RUNNING && !machine.isCordoned && machine.isPassing !== false
}

function judged(
  { fresh, stable, app }: FlyRollout,
  machines: readonly Machine[],
  desired: Desired,
  restarted: ReadonlySet<string>,
): Look {
  const doubted = machines.filter(({ isTrusted }) => !isTrusted)
  if (machines.length === 0) return { kind: 'unknown', detail: `${app} has no machine` }
  if (doubted.length > 0)
    return {
      kind: 'unknown',
      detail: `the platform does not reach the host of ${doubted.map(({ id }) => id).join(', ')}`,
    }
  const ofFresh = machines.filter((it) => isOn(it, fresh))
  const serving = machines.filter(isServing)
  const broken = machines.find(({ state }) => BROKEN.has(state))
  const others = machines.filter((it) => !isOn(it, fresh) && !isOn(it, stable))
  const wanted = desired.do === 'expose' ? copiesOf(machines.length, desired.percent) : 0
  return {
    kind: 'seen',
    reached: isReached({ fresh, stable }, machines, { desired, wanted, restarted }),
    exposurePercent: sharePercent(serving.filter((it) => isOn(it, fresh)).length, serving.length),
    achievablePercent: desired.do === 'finish' ? 100 : sharePercent(wanted, machines.length),
    isOldEverywhere: machines.every((it) => isOn(it, stable) && isServing(it)),
    ready: { fresh: ofFresh.length, freshReady: ofFresh.filter(isServing).length, all: machines.length },
    foreign:
      others.length > 0 && (desired.do === 'expose' || desired.do === 'finish')
        ? `${others.map(({ id, image }) => `${id} runs ${image.trim()}`).join(', ')}`
        : null,
    failed: broken ? `machine ${broken.id} is ${broken.state}` : null,
    detail: `${ofFresh.length} of ${machines.length} machines have the new image, ${serving.length} serve`,
  }
}

type Wanted = { readonly desired: Desired; readonly wanted: number; readonly restarted: ReadonlySet<string> }

function isReached(
  { fresh, stable }: Pick<FlyRollout, 'fresh' | 'stable'>,
  machines: readonly Machine[],
  { desired, wanted, restarted }: Wanted,
): boolean {
  const ofFresh = machines.filter((it) => isOn(it, fresh))
  switch (desired.do) {
    case 'expose':
      return ofFresh.length === wanted && ofFresh.every(isServing)
    case 'finish':
      return machines.every((it) => isOn(it, fresh) && isServing(it))
    case 'route':
    case 'isolate':
      // Where nothing old is left there is no other machine to send anybody to.
      return ofFresh.length === machines.length || ofFresh.every(({ isCordoned }) => isCordoned)
    case 'redeploy':
      return machines.every((it) => isOn(it, stable) && isServing(it))
    case 'restart':
      return machines.every((it) => restarted.has(it.id) && it.state === RUNNING)
    case 'zero':
      return machines.every(({ state }) => state === 'stopped')
  }
}

type Applying = { readonly desired: Desired; readonly restarted: Set<string> }

/** apply changes one machine after the other, each under its lease; the first that does not go ends it. */
async function apply(
  fly: Fly,
  { fresh, stable }: FlyRollout,
  machines: readonly Machine[],
  { desired, restarted }: Applying,
): Promise<Applied> {
  const todo = tasksFor(fly, { fresh, stable }, machines, { desired, restarted })
  let done = 0
  for (const task of todo) {
    const outcome = await task()
    if (outcome.kind !== 'done') {
      const detail = `${done} of ${todo.length} changes were made; ${outcome.detail}`
      return done > 0 ? { kind: 'unknown', detail } : { ...outcome, detail }
    }
    done += 1
  }
  return { kind: 'sent', detail: todo.length === 0 ? 'nothing was missing' : `${done} changes` }
}

function tasksFor(
  fly: Fly,
  { fresh, stable }: Pick<FlyRollout, 'fresh' | 'stable'>,
  machines: readonly Machine[],
  { desired, restarted }: Applying,
): readonly (() => Promise<FlyCall>)[] {
  const ofFresh = machines.filter((it) => isOn(it, fresh))
  const opened = (machine: Machine): (() => Promise<FlyCall>)[] =>
    machine.isCordoned ? [() => fly.uncordon(machine.id)] : []
  switch (desired.do) {
    case 'expose': {
      const missing = copiesOf(machines.length, desired.percent) - ofFresh.length
      const next = machines.filter((it) => !isOn(it, fresh)).slice(0, Math.max(0, missing))
      return [
        ...next.map((machine) => () => fly.setImage(machine, fresh.image)),
        ...[...ofFresh, ...next].flatMap(opened),
      ]
    }
    case 'finish':
      return machines.flatMap(opened)
    case 'route':
    case 'isolate':
      return ofFresh
        .filter(({ isCordoned }) => !isCordoned)
        .map(
          ({ id }) =>
            () =>
              fly.cordon(id),
        )
    case 'redeploy':
      return [
        ...machines
          .filter((it) => !isOn(it, stable))
          .map((machine) => () => fly.setImage(machine, stable.image)),
        ...machines.flatMap(opened),
      ]
    case 'restart':
      return machines
        .filter(({ id }) => !restarted.has(id))
        .map(({ id }) => async () => {
          const outcome = await fly.restart(id)
          if (outcome.kind === 'done') restarted.add(id)
          return outcome
        })
    case 'zero':
      return machines
        .filter(({ state }) => state !== 'stopped')
        .map(
          ({ id }) =>
            () =>
              fly.stop(id),
        )
  }
}
