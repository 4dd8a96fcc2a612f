import http from 'node:http'
import { statesOf } from '../lib/alerts/hint-states'
import { pause } from './clock'
import { type Caller, runQuery } from './commands'
import { frameReader } from './frames'

/** IncidentViewers hold streams like open incident pages and ask what such a page asks when a hint comes. */
export type IncidentViewers = {
  readonly asked: () => number
  readonly failed: () => number
  readonly close: () => void
}

const SPREAD_MS = 2_000

type Hint = { readonly topic: string; readonly ref: string }

/** openIncidentViewers opens a stream for each caller: one more browser with the incident on its screen. */
export async function openIncidentViewers(
  callers: readonly Caller[],
  options: { readonly incident: string; readonly newest: number },
): Promise<IncidentViewers> {
  const requests: http.ClientRequest[] = []
  let asked = 0
  let failed = 0
  const ask = async (caller: Caller, name: string, input: object): Promise<unknown> => {
    asked += 1
    const answer = await runQuery(caller, name, input).catch(() => undefined)
    if (answer?.status !== 200) failed += 1
    return answer?.body
  }
  const one = (caller: Caller): Promise<void> => {
    let newest = options.newest
    const act = async ({ topic, ref }: Hint): Promise<void> => {
      if (topic === 'alerts') {
        if (statesOf(ref).length > 0) await pause(Math.random() * SPREAD_MS)
        await ask(caller, 'incidents.alerts', { id: options.incident, page: 0 })
      }
      if (topic !== 'incidents' || !ref.startsWith(options.incident)) return
      if (ref === options.incident) await ask(caller, 'incidents.byId', { ref: options.incident })
      const tail = { id: options.incident, filter: 'all', after: newest, limit: 100 }
      const body = (await ask(caller, 'incidents.timeline', tail)) as
        | { entries?: { seq: number }[] }
        | undefined
      newest = Math.max(newest, body?.entries?.[0]?.seq ?? 0)
    }
    const read = frameReader({ keepData: true }, (frame) => {
      if (frame.event === 'hint') void act(JSON.parse(frame.data ?? '{}') as Hint)
    })
    return new Promise((resolve, reject) => {
      const request = http.get(
        `${caller.base}/api/live`,
        { headers: { cookie: caller.cookie }, agent: false },
        (answer) => {
          if (answer.statusCode !== 200) return reject(new Error(`the stream answered ${answer.statusCode}`))
          answer.on('data', (chunk: Buffer) => read.push(chunk))
          answer.once('data', () => resolve())
        },
      )
      request.on('error', reject)
      requests.push(request)
    })
  }
  await Promise.all(callers.map(one))
  return {
    asked: () => asked,
    failed: () => failed,
    close: () => {
      for (const request of requests) request.on('error', () => undefined).destroy()
    },
  }
}
