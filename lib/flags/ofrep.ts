import { evaluate } from './evaluate'
import { FLAG_KEY, type Flag, MAX_BUCKET_KEY, sharePercent } from './model'

/** OfrepAnswer is a status and a body of the OpenFeature Remote Evaluation Protocol. */
export type OfrepAnswer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> }

type Context =
  | { readonly ok: true; readonly key: string | undefined }
  | { readonly ok: false; readonly why: string }

function contextOf(body: unknown): Context {
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    return { ok: false, why: 'The body must be a JSON object.' }
  const context = 'context' in body ? body.context : undefined
  if (context === undefined || context === null) return { ok: true, key: undefined }
  if (typeof context !== 'object' || Array.isArray(context))
    return { ok: false, why: 'context must be an object.' }
  const key = 'targetingKey' in context ? context.targetingKey : undefined
  if (key === undefined || key === null || key === '') return { ok: true, key: undefined }
  if (typeof key !== 'string' || key.length > MAX_BUCKET_KEY)
    return { ok: false, why: `context.targetingKey must be a text of at most ${MAX_BUCKET_KEY} characters.` }
  return { ok: true, key }
}

function told(flag: Flag, key: string | undefined): Readonly<Record<string, unknown>> {
  const found = evaluate(flag, key)
  if (found === undefined)
    return {
      key: flag.key,
      errorCode: 'TARGETING_KEY_MISSING',
      errorDetails: `${flag.key} is on for a share of all keys: context.targetingKey says whose.`,
    }
  const { value, variant, reason } = found
  return {
    key: flag.key,
    value,
    variant,
    reason,
    metadata: { percent: sharePercent(flag.share), version: flag.version },
  }
}

/** ofrepOne answers an evaluation of one flag as OFREP asks: 200, 400 for a context that is none, 404 for a flag that is none. */
export function ofrepOne(flags: ReadonlyMap<string, Flag>, key: string, body: unknown): OfrepAnswer {
  const context = contextOf(body)
  if (!context.ok)
    return { status: 400, body: { key, errorCode: 'INVALID_CONTEXT', errorDetails: context.why } }
  const flag = FLAG_KEY.test(key) ? flags.get(key) : undefined
  if (flag === undefined)
    return {
      status: 404,
      body: { key, errorCode: 'FLAG_NOT_FOUND', errorDetails: `There is no flag ${key}.` },
    }
  const answer = told(flag, context.key)
  return { status: 'errorCode' in answer ? 400 : 200, body: answer }
}

/** ofrepAll answers the evaluation of every flag for one context. */
export function ofrepAll(flags: ReadonlyMap<string, Flag>, body: unknown): OfrepAnswer {
  const context = contextOf(body)
  if (!context.ok) return { status: 400, body: { errorCode: 'INVALID_CONTEXT', errorDetails: context.why } }
  return { status: 200, body: { flags: [...flags.values()].map((flag) => told(flag, context.key)) } }
}
