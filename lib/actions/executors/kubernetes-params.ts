import { z } from 'zod'
import type { Parsed } from '../executor'

/** RUN_ID is the form of a run's mark. */
export const RUN_ID = /^[a-z0-9][a-z0-9-]{6,62}[a-z0-9]$/

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/
const SECRET_KEY = /^[-._a-zA-Z0-9]{1,253}$/
/** What an API key or token is made of; no space, no line end, nothing invisible. */
const SECRET_VALUE = /^[\x21-\x7e]{8,4096}$/

/** KubernetesBounds is what an installation lets actions touch; everything else is refused before anything is asked. */
export type KubernetesBounds = {
  readonly namespace: string
  readonly deployments: readonly string[]
  /** secrets as `name/key`. */
  readonly secrets: readonly string[]
  /** environment variables with the values that may be set. */
  readonly env: Readonly<Record<string, readonly string[]>>
}

/** SHIPPED_ENV are the variables that the runbooks set, with their values; a variable that loads code is never among them. */
export const SHIPPED_ENV: KubernetesBounds['env'] = {
  RATE_LIMIT_MODE: ['queue', 'reject'],
  VASTAI_FALLBACK: ['true', 'false'],
}

/** EnvParams set one variable of one container; without a name it is the one that has the variable, or the only one. */
export type EnvParams = {
  readonly deployment: string
  readonly container?: string | undefined
  readonly name: string
  readonly value: string
}
/** RestartParams name the deployment whose pods are replaced. */
export type RestartParams = { readonly deployment: string }
/** UndoParams name a recorded revision by its number and the images it had when it was recorded. */
export type UndoParams = {
  readonly deployment: string
  readonly revision: number
  readonly images: readonly string[]
}
/** SecretParams name the key; its value is given apart. */
export type SecretParams = { readonly secret: string; readonly key: string }
/** LogParams bound what is read of the logs. */
export type LogParams = {
  readonly deployment: string
  readonly sinceSeconds: number
  readonly tailLines: number
}

const label = z.string().regex(LABEL, 'must be a name of lower-case letters, digits and hyphens (RFC 1123)')
const subdomain = z
  .string()
  .max(253)
  .regex(SUBDOMAIN, 'must be a name of lower-case letters, digits, hyphens and dots (RFC 1123)')
const image = z
  .string()
  .min(1)
  .max(400)
  .regex(/^[\x21-\x7e]+$/, 'must be an image reference')

/** paramsOf gives the parsers of every Kubernetes action within the bounds of an installation. */
export function paramsOf(bounds: KubernetesBounds) {
  const deployment = subdomain.refine(
    (name) => bounds.deployments.includes(name),
    'is not one of the connected deployments',
  )
  const env = z
    .strictObject({ deployment, container: label.optional(), name: z.string(), value: z.string() })
    .superRefine(({ name, value }, context) => {
      const allowed = Object.hasOwn(bounds.env, name) ? bounds.env[name] : undefined
      if (allowed === undefined)
        context.addIssue({ code: 'custom', path: ['name'], message: 'is not on the list of variables' })
      else if (!allowed.includes(value))
        context.addIssue({ code: 'custom', path: ['value'], message: `must be one of ${allowed.join(', ')}` })
    })
  const restart = z.strictObject({ deployment })
  const undo = z.strictObject({
    deployment,
    revision: z.number().int().min(1).max(1_000_000_000),
    images: z.array(image).min(1).max(20),
  })
  const secret = z
    .strictObject({
      secret: subdomain,
      key: z.string().regex(SECRET_KEY, 'must be a key of letters, digits, hyphens, dots and underscores'),
    })
    .refine(({ secret: name, key }) => bounds.secrets.includes(`${name}/${key}`), {
      path: ['secret'],
      message: 'is not one of the connected secrets',
    })
  const logs = z.strictObject({
    deployment,
    sinceSeconds: z.number().int().min(1).max(86_400).default(300),
    tailLines: z.number().int().min(1).max(2_000).default(200),
  })
  return {
    env: (params: unknown): Parsed<EnvParams> => parsed(env, params),
    restart: (params: unknown): Parsed<RestartParams> => parsed(restart, params),
    undo: (params: unknown): Parsed<UndoParams> => parsed(undo, params),
    secret: (params: unknown): Parsed<SecretParams> => parsed(secret, params),
    logs: (params: unknown): Parsed<LogParams> => parsed(logs, params),
  }
}

function parsed<Params>(schema: z.ZodType<Params>, params: unknown): Parsed<Params> {
  const result = schema.safeParse(params)
  if (result.success) return { ok: true, params: result.data }
  const issues = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  return { ok: false, issues }
}

/** isSecretValue is whether a text may become the value of a secret. */
export function isSecretValue(text: string): boolean {
  return SECRET_VALUE.test(text)
}
