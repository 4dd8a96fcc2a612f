import { type LookingAround, type Standing, unseen } from './connect-places-around'
import type { Console } from './console'
import type { PlaceLook, Seen } from './deployments/looks'
import type { Environment, ServiceDefinition, Target } from './deployments/model'
import type { VastInstance } from './sources/vast/types'

type VastTarget = Extract<Target, { provider: 'vast' }>

/** Listed is an instance as the newest sweep of the provider's list holds it, and when that was. */
type Listed = { readonly instance: Partial<VastInstance>; readonly atMs: number }
type Found = { readonly target: VastTarget; readonly listed: readonly Listed[] }

const SOURCE = 'vast'
const STALE_MS = 15 * 60_000
const AT_MOST = 200
const DIGEST = /sha256:[0-9a-f]{64}/

/** instancesOf gives the instances of a target as the newest sweep holds them: asking for them again would cost the collector its turn. */
export async function instancesOf(
  { hot }: Pick<Console, 'hot'>,
  { instances, label }: Pick<VastTarget, 'instances' | 'label'>,
): Promise<readonly (Listed & { readonly id: string })[]> {
  const { rows } = await hot.query<{ id: string; listed: Partial<VastInstance>; at: Date }>(
    `SELECT id, listed, last_listed_at AS at FROM instance_record
     WHERE gone_at IS NULL
       AND CASE WHEN cardinality($1::text[]) > 0 THEN id = ANY($1)
                ELSE listed->>'label' = $2 OR listed->'label'->>'value' = $2 END
     ORDER BY id LIMIT ${AT_MOST}`,
    [[...instances], label ?? null],
  )
  return rows.map(({ id, listed, at }) => ({ id, instance: listed, atMs: at.getTime() }))
}

/** vastLook looks at the rented instances of one environment as they were listed last: what they run, how large they are, and the names of their variables. */
export async function vastLook(
  service: ServiceDefinition,
  environment: Environment,
  { console: app, configs, now }: LookingAround,
): Promise<Standing> {
  const targets = service.environments[environment].targets.filter(
    (it): it is VastTarget => it.provider === 'vast',
  )
  const found: Found[] = []
  for (const target of targets) found.push({ target, listed: await instancesOf(app, target) })
  const why = configs.vast ? missingIn(found, now) : 'Vast.ai is not connected'
  if (why !== undefined) {
    const nothing = unseen(why, SOURCE, now)
    return { place: nothing, secrets: nothing }
  }
  const all = found.flatMap(({ listed }) => listed)
  const atMs = Math.min(...all.map((it) => it.atMs))
  const known = <Value>(value: Value): Seen<Value> => ({ kind: 'known', value, source: SOURCE, atMs })
  const secrets = secretsOf(all)
  return {
    place: known(placeOf(found, all)),
    secrets: secrets ? known(secrets) : unseen('the list tells no names of variables', SOURCE, now),
  }
}

function missingIn(found: readonly Found[], now: Date): string | undefined {
  for (const { target, listed } of found) {
    const named =
      target.label === undefined ? `is ${target.instances.join(', ')}` : `carries the label ${target.label}`
    const isShort = target.instances.length > listed.length
    if (listed.length === 0 || isShort) return `the newest list holds no instance that ${named}`
    const oldest = Math.min(...listed.map(({ atMs }) => atMs))
    if (now.getTime() - oldest > STALE_MS)
      return `its instances were listed last ${Math.round((now.getTime() - oldest) / 60_000)} minutes ago`
  }
  return undefined
}

function placeOf(found: readonly Found[], all: readonly Listed[]): PlaceLook {
  return {
    names: [...new Set(all.map(({ instance }) => instance.label ?? ''))],
    units: all.length,
    unitsByTarget: Object.fromEntries(found.map(({ target, listed }) => [target.name, listed.length])),
    ...sizeOf(all),
    digests: digestsOf(all),
  }
}

function sizeOf(all: readonly Listed[]): Pick<PlaceLook, 'size'> {
  const sizes = all.flatMap(({ instance: { cpuCores, memoryLimitGib, gpuCount, gpuModel } }) =>
    cpuCores === undefined || memoryLimitGib?.kind !== 'known'
      ? []
      : [
          {
            cpus: cpuCores,
            memoryMb: Math.round(memoryLimitGib.value * 1_024),
            gpus: `${gpuCount} × ${gpuModel}`,
          },
        ],
  )
  if (sizes.length < all.length) return {}
  return {
    size: {
      cpus: Math.min(...sizes.map(({ cpus }) => cpus)),
      memoryMb: Math.min(...sizes.map(({ memoryMb }) => memoryMb)),
      gpus: [...new Set(sizes.map(({ gpus }) => gpus))].sort(),
    },
  }
}

function isUp({ instance: { actual, intended } }: Listed): boolean {
  return (
    actual?.kind === 'known' &&
    actual.value === 'running' &&
    intended?.kind === 'known' &&
    intended.value === 'running'
  )
}

/** An instance that follows a tag tells no digest: what it pulled is not known, and stands as its tag. */
function digestsOf(all: readonly Listed[]): readonly string[] {
  return [
    ...new Set(all.filter(isUp).map(({ instance: { image = '' } }) => DIGEST.exec(image)?.[0] ?? image)),
  ]
}

function secretsOf(all: readonly Listed[]): readonly string[] | undefined {
  const lists = all.flatMap(({ instance: { envNames } }) => (envNames ? [envNames] : []))
  if (lists.length < all.length) return undefined
  const [first = [], ...others] = lists
  return first.filter((name) => others.every((names) => names.includes(name)))
}
