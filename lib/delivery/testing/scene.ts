import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { loadScenario } from '../../../simulator/scenario'
import { createSimulator, type Simulator } from '../../../simulator/simulator'
import { CHANNEL_KINDS, type ChannelKind } from '../../channels/channel'
import { type Console, createConsole } from '../../console'
import { deliveryJob } from '../../jobs/delivery'
import { takeLease } from '../../jobs/lease'
import { testDatabase, testEnv } from '../../platform/testing/database'
import { DELIVERY_LEASE } from '../advance-one'
import { enqueueDeliveries } from '../enqueue-store'
import { AUDIENCES_OF, type Publishable } from '../model'
import { channelPlace } from '../settings'
import type { Delivery } from '../store'

/** COMPONENT is our own id of a component that the simulated page knows as Training. */
export const COMPONENT = '11111111-1111-4111-8111-111111111111'

/** Scene is a console with one channel of each kind, all of which lead to a simulated outside. */
export type Scene = {
  readonly app: Console
  readonly world: Simulator
  readonly base: string
  readonly release: (channels: readonly string[], changes?: Partial<Publishable>) => Promise<Publishable>
  /** start runs the worker's job as the only owner of its lease; gives back how to stop it. */
  readonly start: () => Promise<() => Promise<void>>
  readonly rows: () => Promise<readonly Row[]>
  readonly until: (what: (rows: readonly Row[]) => boolean) => Promise<readonly Row[]>
  readonly close: () => Promise<void>
}

/** Row is a delivery as the tables hold it. */
export type Row = Pick<Delivery, 'id' | 'publicationId' | 'channelId' | 'step' | 'state' | 'attempt'> & {
  readonly seq: number
  readonly errorCode: string
  readonly errorText: string
  readonly fixHref: string
  readonly remoteId: string | null
  readonly target: string | null
  readonly seenAt: Date | null
  readonly seenNote: string
}

/** setupsOf gives the settings and secrets of the simulated channels at an address of the simulator. */
export function setupsOf(
  base: string,
): Readonly<Record<ChannelKind, { readonly config: object; readonly secret: string }>> {
  return {
    'slack-bot': {
      config: { apiUrl: `${base}/slack/api`, channel: 'C0INCIDENTS' },
      secret: 'xoxb-simulated',
    },
    'slack-webhook': { config: {}, secret: `${base}/slack/services/T0/B0/simulated` },
    statuspage: {
      config: {
        apiUrl: `${base}/statuspage-manage/v1`,
        pageId: 'simulated',
        publicUrl: `${base}/statuspage-manage`,
      },
      secret: 'simulated-statuspage-key',
    },
    pagerduty: {
      config: { url: `${base}/pagerduty/v2/enqueue` },
      secret: 'simulated0routing0key00000000000',
    },
    webhook: { config: { url: `${base}/receiver/hook` }, secret: 'simulated-webhook-key' },
  }
}

/** openScene brings database, console, simulator and channels; close it. */
export async function openScene(): Promise<Scene> {
  const world = createSimulator({
    scenario: loadScenario('bench/faults.yaml'),
    startMs: Date.now(),
    wallMs: () => performance.now(),
  })
  const { http } = await world.listen({ http: 0, grpc: 0 })
  const base = `http://127.0.0.1:${http}`
  const app = createConsole({ name: 'test', env: testEnv(await testDatabase()), dbConnections: 4 })
  await seedChannels(app, base)
  const incidentId = randomUUID()
  let seq = 0
  const rows = async (): Promise<readonly Row[]> =>
    (await app.db.delivery.findMany({
      orderBy: [{ createdAt: 'asc' }, { seq: 'asc' }],
    })) as unknown as readonly Row[]
  return {
    app,
    world,
    base,
    rows,
    release: async (channels, changes = {}) => {
      seq += 1
      const publication: Publishable = {
        id: randomUUID(),
        incidentId,
        seq,
        kind: 'update',
        audience: 'internal',
        severity: 'P2',
        status: 'investigating',
        title: 'Training jobs stop',
        body: `Update ${seq}: three runs are paused.`,
        nextUpdateAt: null,
        components: [],
        drill: false,
        ...changes,
      }
      const about = { ref: 'INC-0042', href: '', commander: 'ana', startedAt: null }
      await app.db.$transaction((tx) =>
        enqueueDeliveries({ tx, publication, channels, now: new Date(), about }),
      )
      return publication
    },
    start: async () => {
      const epoch = await takeLease(app.hot, DELIVERY_LEASE, randomUUID())
      if (epoch === undefined) throw new Error('the lease is held')
      const stop = await deliveryJob(app).start({ epoch, held: () => true })
      return async () => {
        await stop()
        await app.hot.query("UPDATE lease SET expires_at = now() - interval '1 second' WHERE name = $1", [
          DELIVERY_LEASE,
        ])
      }
    },
    until: async (what) => {
      for (let turn = 0; turn < 1_200; turn += 1) {
        const now = await rows()
        if (what(now)) return now
        await new Promise((resolve) => setTimeout(resolve, 25))
      }
      throw new Error(`it did not come to that: ${JSON.stringify(await rows())}`)
    },
    close: async () => {
      await app.close()
      await world.close()
    },
  }
}

/** seedChannels makes one channel of each kind that leads to the simulator. */
export async function seedChannels(app: Console, base: string): Promise<void> {
  const setups = setupsOf(base)
  const now = new Date()
  for (const kind of CHANNEL_KINDS)
    await app.db.channel.create({
      data: {
        id: kind,
        kind,
        name: kind,
        audiences: [...AUDIENCES_OF[kind]],
        config: setups[kind].config,
        sealed: app.seal.seal(setups[kind].secret, channelPlace(kind)),
        componentMap: { [COMPONENT]: '8kbf7d35c070' },
        createdAt: now,
        updatedAt: now,
      },
    })
}
