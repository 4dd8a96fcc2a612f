import { z } from 'zod'
import { json, type Reply, type SimRequest } from '../reply'
import { OUTSIDE_FAULTS, type Outside, TARGETS } from './outside'

const body = z.union([
  z.strictObject({ clear: z.literal(true) }),
  z.strictObject({
    target: z.enum(TARGETS),
    fault: z.enum(OUTSIDE_FAULTS).nullable(),
    times: z.int().min(1).optional(),
    every: z.int().min(1).optional(),
    retryAfterSeconds: z.number().min(0).max(300).optional(),
    error: z.string().max(80).optional(),
  }),
])

/** GET /outside lists what was received; POST /outside sets how a target misbehaves, or forgets everything. */
export function outsideControl(outside: Outside, request: SimRequest): Reply | undefined {
  if (request.path !== '/outside') return undefined
  if (request.method === 'GET') return json({ received: outside.received(), faults: outside.rulesNow() })
  if (request.method !== 'POST') return undefined
  const parsed = body.safeParse(parse(request.body))
  if (!parsed.success)
    return json(
      { error: 'the body is not valid', issues: parsed.error.issues.map(({ message }) => message) },
      400,
    )
  if ('clear' in parsed.data) {
    outside.clear()
    return json({ cleared: true })
  }
  const { target, fault, times, every, retryAfterSeconds, error } = parsed.data
  outside.set(
    target,
    fault === null
      ? undefined
      : {
          fault,
          ...(times === undefined ? {} : { times }),
          ...(every === undefined ? {} : { every }),
          ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
          ...(error === undefined ? {} : { error }),
        },
  )
  return json({ faults: outside.rulesNow() })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
