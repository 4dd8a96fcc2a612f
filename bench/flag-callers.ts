import { OFREPProvider } from '@openfeature/ofrep-provider'
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider'
import { OpenFeature as ServerSdk } from '@openfeature/server-sdk'
import { OpenFeature as WebSdk } from '@openfeature/web-sdk'
import { Agent, request } from 'undici'
import { keptFetch } from '../migrator/ofrep-fetch'

/** LANES is how many evaluations are in flight at a time: the caller's choice. */
export const LANES = 32

/** Caller evaluates one flag for a targeting key, somehow. */
export type Caller = {
  readonly ask: (targetingKey: string) => Promise<boolean>
  readonly close: () => Promise<void>
}

type At = { readonly base: string; readonly key: string; readonly authorization: string }

/** serverSdk is @openfeature/server-sdk with its OFREP provider, unmodified: with its own fetch, or with the one of migrator/ofrep-fetch.ts given to its constructor. */
export async function serverSdk({ base, key, authorization }: At, fetching: 'own' | 'kept'): Promise<Caller> {
  const kept = fetching === 'kept' ? keptFetch(base, { connections: LANES, deadlineMs: 10_000 }) : undefined
  const domain = `${fetching} ${base}`
  const provider = new OFREPProvider({
    baseUrl: base,
    headers: [['authorization', authorization]],
    ...(kept ? { fetchImplementation: kept.fetch } : {}),
  })
  await ServerSdk.setProviderAndWait(domain, provider)
  const client = ServerSdk.getClient(domain)
  return {
    ask: (targetingKey) => client.getBooleanValue(key, false, { targetingKey }),
    close: async () => kept?.close(),
  }
}

/** WebCaller is the SDK for one context: it asks once for a context, and evaluates from what it was told. */
export type WebCaller = {
  readonly become: (targetingKey: string) => Promise<void>
  readonly ask: () => boolean
  readonly close: () => Promise<void>
}

/** webSdk is @openfeature/web-sdk with its OFREP provider, unmodified. */
export async function webSdk({ base, key, authorization }: At, targetingKey: string): Promise<WebCaller> {
  await WebSdk.setContext({ targetingKey })
  await WebSdk.setProviderAndWait(
    new OFREPWebProvider({
      baseUrl: base,
      headers: [['authorization', authorization]],
      pollInterval: 0,
      cacheMode: 'disabled',
    }),
  )
  const client = WebSdk.getClient()
  return {
    become: (next) => WebSdk.setContext({ targetingKey: next }),
    ask: () => client.getBooleanValue(key, false),
    close: () => WebSdk.close(),
  }
}

/** Plain is what the plain address says of several keys. */
export type Plain = { readonly percent: number; readonly results: readonly { readonly value: boolean }[] }

/** plainAddress asks our own address without an SDK. */
export function plainAddress({ base, key, authorization }: At): {
  readonly ask: (query: string) => Promise<Plain>
  readonly close: () => Promise<void>
} {
  const dispatcher = new Agent({ connections: LANES })
  return {
    ask: async (query) => {
      const url = `${base}/api/flags/${key}/evaluate?${query}`
      const { body } = await request(url, { dispatcher, headers: { authorization } })
      return (await body.json()) as Plain
    },
    close: () => dispatcher.close(),
  }
}

/** inLanes does so many pieces of work, LANES at a time. */
export async function inLanes<Value>(count: number, work: (at: number) => Promise<Value>): Promise<Value[]> {
  const values: Value[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    for (let at = next++; at < count; at = next++) values[at] = await work(at)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return values
}
