import { simulatorUrl } from './people'

type Instance = {
  readonly id: number
  readonly hostId: number
  readonly machineId: number
  readonly model: string
  readonly gpus: readonly string[]
}

async function ask(path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${simulatorUrl()}/control/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`the simulated world refused ${path}: ${text}`)
  return JSON.parse(text)
}

/** inject lets things happen in the simulated world from now on; `for` ends each of them. */
export async function inject(...timeline: readonly object[]): Promise<void> {
  await ask('inject', { timeline: timeline.map((event) => ({ at: '0s', ...event })) })
}

/** instancesOf lists the simulated instances as they really are. */
export async function instancesOf(): Promise<readonly Instance[]> {
  return (await ask('instances')) as readonly Instance[]
}

type Released = {
  readonly id: string
  readonly versions: readonly { readonly version: string; readonly digest: string }[]
}

/** releasesOf names the versions of a simulated service with their digests, the stable one first. */
export async function releasesOf(service: string): Promise<Released> {
  const all = (await ask('releases')) as readonly Released[]
  const found = all.find(({ id }) => id === service)
  if (!found) throw new Error(`the simulated world releases no ${service}`)
  return found
}

/** behave makes a version misbehave from so many minutes among people on. */
export async function behave(script: {
  readonly service: string
  readonly version: string
  readonly behaviour: string
  readonly fromMinute: number
}): Promise<void> {
  await ask('release', script)
}
