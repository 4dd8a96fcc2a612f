import type { Looks, Seen } from '../looks'
import type { LookAsk, Prober } from '../ports'

/** OLD and NEW are the images of the tests: the one that runs, and the one to come. */
export const OLD = `sha256:${'a'.repeat(64)}`
export const NEW = `sha256:${'b'.repeat(64)}`
export const NEWER = `sha256:${'c'.repeat(64)}`

/** TestWorld is a small outside that a test changes as it likes. */
export type TestWorld = {
  digests: Map<string, number | undefined>
  tags: Map<string, string>
  units: number
  healthParts: { name: string; status: string }[]
  secrets: string[]
  rules: string[]
  memoryMb: number
  stagingMemoryMb: number
  stagingName: string
  freePercent: number
  isRegistryUp: boolean
}

/** newTestWorld is a world in which every automatic item is met for the integration. */
export function newTestWorld(): TestWorld {
  return {
    digests: new Map([
      [OLD, 900],
      [NEW, 910],
      [NEWER, 920],
    ]),
    tags: new Map([
      ['4.12.0', OLD],
      ['4.13.0', NEW],
      ['4.14.0', NEWER],
    ]),
    units: 9,
    healthParts: [
      { name: 'vastai', status: 'healthy' },
      { name: 'database', status: 'healthy' },
    ],
    secrets: ['VASTAI_API_KEY'],
    rules: ['VastaiServerErrors', 'VastaiAuthFailures', 'VastaiRateLimited', 'VastaiHighLatency'],
    memoryMb: 512,
    stagingMemoryMb: 512,
    stagingName: 'vastai-integration-staging',
    freePercent: 60,
    isRegistryUp: true,
  }
}

/** proberOf looks at a test's world as the connected one looks at the real. */
export function proberOf(world: TestWorld): Prober {
  const seen = <Value>(value: Value, now: Date, source: string): Seen<Value> => ({
    kind: 'known',
    value,
    source,
    atMs: now.getTime(),
  })
  const image = (digest: string, now: Date) =>
    world.isRegistryUp
      ? seen(
          {
            isThere: world.digests.has(digest),
            detail: world.digests.has(digest) ? '' : 'the registry has no such manifest',
            sizeMb: world.digests.get(digest),
          },
          now,
          'registry',
        )
      : ({
          kind: 'unknown',
          why: 'the registry does not answer',
          source: 'registry',
          atMs: now.getTime(),
        } as const)
  const tagged = (tag: string, now: Date): Seen<string | undefined> =>
    world.isRegistryUp
      ? seen(world.tags.get(tag), now, 'registry')
      : { kind: 'unknown', why: 'the registry does not answer', source: 'registry', atMs: now.getTime() }
  const look = async (ask: LookAsk, now: Date): Promise<Looks> => ({
    images: ask.images.map(({ digest, tag }) => ({
      digest,
      look: image(digest, now),
      ...(tag === undefined ? {} : { named: tagged(tag, now) }),
    })),
    rollback: ask.rollback
      ? image(ask.rollback.digest, now)
      : { kind: 'unknown', why: 'none is named', source: 'registry', atMs: now.getTime() },
    health: seen({ status: 'healthy', parts: world.healthParts }, now, 'health'),
    stagingHealth: seen({ status: 'healthy', parts: world.healthParts }, now, 'health'),
    secrets: seen(world.secrets, now, 'cluster'),
    place: seen(
      {
        names: ['vastai-integration'],
        units: world.units,
        size: { cpus: 1, memoryMb: world.memoryMb },
        digests: [OLD],
      },
      now,
      'cluster',
    ),
    staging: seen(
      {
        names: [world.stagingName],
        units: 1,
        size: { cpus: 1, memoryMb: world.stagingMemoryMb },
        digests: [NEW],
      },
      now,
      'cluster',
    ),
    rules: seen(world.rules, now, 'prometheus'),
    limits: seen({ freePercent: world.freePercent, endpoint: 'the provider’s API' }, now, 'provider'),
    signals: seen({ requestsPerMinute: 180 }, now, 'prometheus'),
    stagingSignals: seen({}, now, 'prometheus'),
  })
  return {
    look,
    digestOf: async (_image, tag, now) => tagged(tag, now),
    signals: async (_service, now) => seen({ requestsPerMinute: 180 }, now, 'prometheus'),
    close: async () => undefined,
  }
}
