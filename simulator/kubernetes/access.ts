import { isFields } from './model'
import type { Resource } from './resources'

export type User = { readonly name: string; readonly role: 'admin' | 'reader' | 'actor' }

/** The tokens that the cluster knows; the reader is what a watching console needs, the actor what actions need. */
const TOKENS: Readonly<Record<string, User>> = {
  'simulated-kubernetes': { name: 'admin', role: 'admin' },
  'simulated-kubernetes-reader': { name: 'system:serviceaccount:watchfloor:reader', role: 'reader' },
  'simulated-kubernetes-actor': { name: 'system:serviceaccount:watchfloor:actor', role: 'actor' },
}

export function userOf(authorization: string | undefined): User | undefined {
  const token = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1]
  return token === undefined || !Object.hasOwn(TOKENS, token) ? undefined : TOKENS[token]
}

export function verbOf(method: string, named: boolean, watching: boolean): string {
  switch (method) {
    case 'GET':
      return watching ? 'watch' : named ? 'get' : 'list'
    case 'POST':
      return 'create'
    case 'PUT':
      return 'update'
    case 'PATCH':
      return 'patch'
    case 'DELETE':
      return named ? 'delete' : 'deletecollection'
    default:
      return method.toLowerCase()
  }
}

/** What the actor may change beside the one secret. */
const PATCHED: ReadonlySet<string> = new Set(['deployments', 'httproutes', 'ingresses'])
const READS: ReadonlySet<string> = new Set(['get', 'list', 'watch'])

export function mayDo(user: User, verb: string, { group, name }: Pick<Resource, 'group' | 'name'>): boolean {
  if (user.role === 'admin' || group === 'authorization.k8s.io') return true
  // Nobody but the administrator may list secrets: a list would show every value.
  if (name === 'secrets') return verb === 'get' || (user.role === 'actor' && verb === 'patch')
  if (READS.has(verb)) return true
  return user.role === 'actor' && verb === 'patch' && PATCHED.has(name)
}

/** The answer to "may I?". */
export function accessReview(user: User, body: unknown): Record<string, unknown> {
  const spec = isFields(body) && isFields(body.spec) ? body.spec : {}
  const asked = isFields(spec.resourceAttributes) ? spec.resourceAttributes : {}
  const allowed = mayDo(user, String(asked.verb ?? ''), {
    group: String(asked.group ?? ''),
    name: String(asked.resource ?? ''),
  })
  return {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec,
    status: { allowed, ...(allowed ? {} : { reason: 'no rule allows it' }) },
  }
}
