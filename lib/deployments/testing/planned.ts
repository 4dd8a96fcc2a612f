import type { Somebody } from '../../access/testing/somebody'
import { somebodyIn } from '../../access/testing/somebody'
import type { Console } from '../../console'
import type { SteppedClock } from '../../platform/clock'
import { testConsole } from '../../platform/testing/database'
import type { CommandInput } from '../../registry'
import { ITEMS } from '../checklist'
import { noteSoak } from '../start-store'
import { NEW, newTestWorld, OLD, proberOf, type TestWorld } from './looks'

/** Wednesday, 18 November 2026, 11:00 in Chicago: an open window. */
export const OPEN_AT = new Date('2026-11-18T17:00:00Z')

/** PlanRoom is a console with a small outside, and people to plan and approve. */
export type PlanRoom = {
  readonly app: Console & { readonly clock: SteppedClock }
  readonly world: TestWorld
  readonly ana: Somebody
  readonly li: Somebody
  readonly raj: Somebody
}

/** planRoom makes a console at an instant; ana asks, li is an engineer, raj a manager. */
export async function planRoom(at: Date = OPEN_AT): Promise<PlanRoom> {
  const made = await testConsole({ WATCHFLOOR_RUNBOOKS: './runbooks' })
  made.clock.set(at)
  const world = newTestWorld()
  const app = { ...made, prober: async () => proberOf(world) }
  const [ana, li, raj] = [
    await somebodyIn(app, ['responder']),
    await somebodyIn(app, ['responder']),
    await somebodyIn(app, ['manager']),
  ]
  return { app, world, ana, li, raj }
}

/** EVIDENCE is a person's word on every item that no probe finds out. */
export const EVIDENCE: CommandInput<'deployments.plan'>['evidence'] = ITEMS.filter(
  ({ by, providers }) => by === 'person' && providers === undefined,
).map(({ id }) => ({ item: id, words: 'shown', link: 'https://ci.example.com/run/8841' }))

/** WANTED is a plan of the integration with which nothing is wrong. */
export const WANTED: CommandInput<'deployments.plan'> = {
  service: 'vastai-integration',
  tag: '4.13.0',
  baseline: { digest: OLD, tag: '4.12.0' },
  notes: 'Retries with backoff on 429.',
  keepWarm: true,
  evidence: EVIDENCE,
}

/** soaked lets staging be seen with an image for so many minutes, up to now. */
export async function soaked({ app }: PlanRoom, minutes: number, digest: string = NEW): Promise<void> {
  const end = app.clock.now().getTime()
  for (let at = end - minutes * 60_000; at <= end; at += 60_000)
    await app.db.$transaction((tx) =>
      noteSoak({
        tx,
        service: 'vastai-integration',
        digest,
        trouble: '',
        signals: {},
        now: new Date(at),
      }),
    )
}
