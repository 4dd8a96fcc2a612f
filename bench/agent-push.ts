import { request } from 'undici'
import { monotonicMs } from './clock'
import type { Rig } from './rig'
import { fetchSnapshot, firstGpuRow } from './snapshot'
import { type Twin, twinOf } from './world'

/** RATING_CLEAR and RATING_WARNING are the wire codes between which a pushed report moves its first GPU. */
export const RATING_CLEAR = 0
export const RATING_WARNING = 1

/** Pusher sends reports of spare instances; each push turns an instance's first GPU warm or well again. */
export type Pusher = {
  /** next prepares the coming push: which GPU row will get which rating, and how to send it. */
  readonly next: () => { readonly row: number; readonly rating: number; readonly send: () => Promise<Sent> }
}

/** Sent is when the request's first byte was written and when its answer was there (monotonic and epoch ms). */
export type Sent = { readonly atMs: number; readonly epochMs: number; readonly answeredMs: number }

/** createPusher looks up the spare instances in the fleet; they must be listed and read by now. */
export async function createPusher(rig: Rig): Promise<Pusher> {
  const clock = await request(`${rig.simulatorBase}/control/clock`)
  const { start } = (await clock.body.json()) as { start: string }
  const twin = twinOf(rig.scenario, Date.parse(start))
  const fetched = await fetchSnapshot(rig.base, rig.cookie)
  if (!fetched) throw new Error('there is no snapshot yet')
  const spares = rig.spareIds.map((id) => ({
    id,
    row: firstGpuRow(fetched.state, id),
    hot: false,
    sequence: 0,
  }))
  let count = 0
  return {
    next: () => {
      const spare = spares[count % spares.length]
      count += 1
      if (!spare) throw new Error('the rig has no spare instance')
      spare.hot = !spare.hot
      spare.sequence += 1
      const { id, hot, sequence, row } = spare
      return {
        row,
        rating: hot ? RATING_WARNING : RATING_CLEAR,
        send: () => push(rig, twin, { id, hot, sequence }),
      }
    },
  }
}

async function push(
  rig: Rig,
  twin: Twin,
  given: { readonly id: string; readonly hot: boolean; readonly sequence: number },
): Promise<Sent> {
  const instance = twin.instances.find((one) => String(one.id) === given.id)
  if (!instance) throw new Error(`the world has no instance ${given.id}`)
  const body = JSON.stringify(twin.report(instance, given))
  const epochMs = performance.timeOrigin + performance.now()
  const atMs = monotonicMs()
  const answer = await request(`${rig.base}/api/agent/report`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${rig.tokens.get(given.id)}` },
    body,
  })
  const text = await answer.body.text()
  if (answer.statusCode !== 202)
    throw new Error(`the agent door answered ${answer.statusCode}: ${text.slice(0, 200)}`)
  return { atMs, epochMs, answeredMs: monotonicMs() }
}
