import { z } from 'zod'
import type { Env } from './platform/env'

const addresses = z.record(z.string().min(1).max(64), z.url({ protocol: /^https?$/ }))

/** supervisorUrls reads SUPERVISOR_URLS, a JSON object from instance to address; what does not fit counts as not connected. */
export function supervisorUrls(env: Pick<Env, 'SUPERVISOR_URLS'>): Readonly<Record<string, string>> {
  if (env.SUPERVISOR_URLS === undefined) return {}
  try {
    return addresses.safeParse(JSON.parse(env.SUPERVISOR_URLS)).data ?? {}
  } catch {
    return {}
  }
}
