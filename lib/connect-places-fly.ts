import { type LookingAround, type Standing, seen, unseen } from './connect-places-around'
import { type Machine, openFly } from './deployers/fly/machines'
import type { PlaceLook, Seen } from './deployments/looks'
import type { Environment, ServiceDefinition, Target } from './deployments/model'

type FlyApp = Extract<Target, { provider: 'fly' }>
type Read<Value> = Value | { readonly kind: string; readonly detail: string }
type Found = {
  readonly target: FlyApp
  readonly machines: Read<readonly Machine[]>
  readonly secrets: Read<readonly string[]>
}

const SOURCE = 'fly'
/** A machine that sleeps starts with the image it has as soon as somebody calls. */
const ASLEEP: ReadonlySet<string> = new Set(['stopped', 'suspended'])
const DIGEST = /sha256:[0-9a-f]{64}/

/** flyLook looks at the apps of one environment: their machines, what they run and of which size, and the names of their secrets. */
export async function flyLook(
  service: ServiceDefinition,
  environment: Environment,
  { console: app, http, now }: LookingAround,
): Promise<Standing> {
  const { FLY_API_TOKEN: token, FLY_API_URL: baseUrl } = app.env
  if (token === undefined) {
    const nothing = unseen('Fly is not connected: FLY_API_TOKEN is not set', SOURCE, now)
    return { place: nothing, secrets: nothing }
  }
  const apps = service.environments[environment].targets.filter((it): it is FlyApp => it.provider === 'fly')
  const found = await Promise.all(
    apps.map(async (target): Promise<Found> => {
      const fly = openFly({ baseUrl, token, app: target.app, http })
      const [machines, secrets] = await Promise.all([fly.list(), fly.secrets()])
      return { target, machines, secrets }
    }),
  )
  return { place: placeOf(found, now), secrets: secretsOf(found, now) }
}

function placeOf(found: readonly Found[], now: Date): Seen<PlaceLook> {
  const all: { readonly name: string; readonly machines: readonly Machine[] }[] = []
  for (const { target, machines } of found) {
    if ('kind' in machines) return unseen(machines.detail, SOURCE, now)
    const doubted = machines.filter(({ isTrusted }) => !isTrusted).map(({ id }) => id)
    if (doubted.length > 0)
      return unseen(`the platform does not reach the host of ${doubted.join(', ')}`, SOURCE, now)
    all.push({ name: target.name, machines })
  }
  const machines = all.flatMap((it) => it.machines)
  return seen(
    {
      names: found.map(({ target }) => target.app),
      units: machines.length,
      unitsByTarget: Object.fromEntries(all.map((it) => [it.name, it.machines.length])),
      ...sizesOf(machines),
      digests: digestsOf(machines),
    },
    SOURCE,
    now,
  )
}

function sizesOf(machines: readonly Machine[]): Pick<PlaceLook, 'size' | 'differing'> {
  const words = new Map(
    machines.flatMap(({ size }) => (size ? [[`${size.cpus} CPU, ${size.memoryMb} MB`, size] as const] : [])),
  )
  const [size] = [...words.values()].sort((a, b) => a.memoryMb - b.memoryMb || a.cpus - b.cpus)
  if (machines.some((it) => it.size === undefined)) return {}
  return words.size > 1 ? { size, differing: [...words.keys()].join(' and ') } : { size }
}

/** Nothing is seen running while no machine serves; once one does, those asleep count too, for they may wake with theirs. */
function digestsOf(machines: readonly Machine[]): readonly string[] {
  const serving = machines.filter(({ state, isPassing }) => state === 'started' && isPassing !== false)
  if (serving.length === 0) return []
  const counted = [...serving, ...machines.filter(({ state }) => ASLEEP.has(state))]
  return [...new Set(counted.map(({ image }) => DIGEST.exec(image)?.[0] ?? image.trim()))]
}

function secretsOf(found: readonly Found[], now: Date): Seen<readonly string[]> {
  const lists: (readonly string[])[] = []
  for (const { secrets } of found) {
    if ('kind' in secrets) return unseen(secrets.detail, SOURCE, now)
    lists.push(secrets)
  }
  const [first = [], ...others] = lists
  return seen(
    first.filter((name) => others.every((names) => names.includes(name))),
    SOURCE,
    now,
  )
}
