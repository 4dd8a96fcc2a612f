import { gunzipSync } from 'node:zlib'
import { request } from 'undici'
import { type HealthState, stateOf } from '../lib/health/state'
import type { Snapshot } from '../lib/health/wire'

/** Fetched is a snapshot as it came over the wire and as decoded. */
export type Fetched = { readonly wireBytes: number; readonly state: HealthState }

/** ACCEPTS is what every browser says that it can unpack. */
export const ACCEPTS = { 'accept-encoding': 'gzip' } as const

/** isPacked tells by the answer's headers whether a snapshot travels packed. */
export function isPacked(headers: Readonly<Record<string, unknown>>): boolean {
  return headers['content-encoding'] === 'gzip'
}

/** fetchSnapshot asks the console for the whole state; undefined while it has none yet. */
export async function fetchSnapshot(base: string, cookie: string): Promise<Fetched | undefined> {
  const answer = await request(`${base}/api/queries/health.snapshot`, {
    headers: { cookie, ...ACCEPTS },
  })
  const body = Buffer.from(await answer.body.arrayBuffer())
  if (answer.statusCode === 503) return undefined
  if (answer.statusCode !== 200)
    throw new Error(`health.snapshot answered ${answer.statusCode}: ${body.toString('utf8').slice(0, 200)}`)
  const text = isPacked(answer.headers) ? gunzipSync(body) : body
  return { wireBytes: body.length, state: stateOf(JSON.parse(text.toString('utf8')) as Snapshot) }
}

/** firstGpuRow finds the row of an instance's first GPU; throws when the instance is not there. */
export function firstGpuRow(state: HealthState, instanceId: string): number {
  const row = state.instances.id.indexOf(instanceId)
  const gpu = state.instances.firstGpu[row]
  if (gpu === undefined) throw new Error(`instance ${instanceId} is not in the snapshot`)
  return gpu
}
