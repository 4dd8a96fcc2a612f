import type { Applied, Deployer, Look } from './deployer'

const ORDER: Deployer['rungs'] = ['route', 'isolate', 'redeploy', 'restart', 'zero']

/** together makes one hand of several targets: it is where all of them are, and what one does not know nobody knows. */
export function together(deployers: readonly Deployer[]): Deployer | undefined {
  const [first, ...others] = deployers
  if (!first || others.length === 0) return first
  return {
    reach: deployers.every(({ reach }) => reach === first.reach) ? first.reach : 'replicas',
    rungs: ORDER.filter((rung) => deployers.some(({ rungs }) => rungs.includes(rung))),
    settleMs: Math.max(...deployers.map(({ settleMs }) => settleMs)),
    look: async (desired) => joined(await Promise.all(deployers.map((one) => one.look(desired)))),
    apply: async (desired) => {
      const applied: Applied[] = []
      for (const one of deployers) {
        const outcome = await one.apply(desired)
        applied.push(outcome)
        if (outcome.kind !== 'sent') return applied.length > 1 ? { ...outcome, kind: 'unknown' } : outcome
      }
      return { kind: 'sent', detail: applied.map(({ detail }) => detail).join('; ') }
    },
  }
}

type Seen = Extract<Look, { kind: 'seen' }>

function joined(looks: readonly Look[]): Look {
  const blind = looks.find((look) => look.kind === 'unknown')
  if (blind) return blind
  const seen = looks.filter((look): look is Seen => look.kind === 'seen')
  const sum = (read: (look: Seen) => number): number => seen.reduce((total, look) => total + read(look), 0)
  const copies = sum((look) => look.ready.all)
  const weighted = (read: (look: Seen) => number): number =>
    copies === 0 ? 0 : Math.round((sum((look) => read(look) * look.ready.all) / copies) * 10) / 10
  const next = seen.find((look) => look.next !== undefined)?.next
  return {
    kind: 'seen',
    ...(next === undefined ? {} : { next }),
    reached: seen.every(({ reached }) => reached),
    exposurePercent: weighted((look) => look.exposurePercent),
    achievablePercent: weighted((look) => look.achievablePercent),
    isOldEverywhere: seen.every(({ isOldEverywhere }) => isOldEverywhere),
    ready: {
      fresh: sum((look) => look.ready.fresh),
      freshReady: sum((look) => look.ready.freshReady),
      all: copies,
    },
    foreign: seen.find(({ foreign }) => foreign !== null)?.foreign ?? null,
    failed: seen.find(({ failed }) => failed !== null)?.failed ?? null,
    detail: seen.map(({ detail }) => detail).join('; '),
  }
}
