import { createHash } from 'node:crypto'
import type { Reply, SimRequest } from './reply'
import type { SourceName } from './scenario-events'

/** What somebody changed in the world, as the world itself counted it. */
export type LedgerEntry = {
  readonly at: number
  readonly source: SourceName
  readonly what: string
  readonly bodySha256: string
}

const WRITES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])
const PROGRAM_CALL = /<methodName>supervisor\.(startProcess|stopProcess)<\/methodName>/
const KEPT = 20_000

/** Counts every change that was really made: dry runs, refusals and looks are none. */
export class Ledger {
  private readonly entries: LedgerEntry[] = []

  note(source: SourceName, request: SimRequest, reply: Reply, offsetMs: number): void {
    const what = changeOf(source, request, reply)
    if (what === undefined || this.entries.length >= KEPT) return
    const bodySha256 = createHash('sha256').update(request.body).digest('hex')
    this.entries.push({ at: offsetMs, source, what, bodySha256 })
  }

  list(): readonly LedgerEntry[] {
    return this.entries
  }
}

function changeOf(source: SourceName, request: SimRequest, reply: Reply): string | undefined {
  const { method, path, query, body } = request
  if (!WRITES.has(method) || reply.status < 200 || reply.status > 299) return undefined
  switch (source) {
    case 'kubernetes':
      return query.has('dryRun') || path.startsWith('/apis/authorization.k8s.io/')
        ? undefined
        : `${method} ${path}`
    case 'vast':
      return path.includes('/request_logs/') || !reply.body.includes('"success":true')
        ? undefined
        : `${method} ${path}`
    case 'fly':
      // A lease is held and given back around each change, and changes nothing.
      return path.endsWith('/lease') ? undefined : `${method} ${path}`
    case 'registry':
      return `${method} ${path}`
    case 'supervisor': {
      const call = PROGRAM_CALL.exec(body)?.[1]
      return call === undefined || reply.body.includes('<fault>') ? undefined : `${call} ${path}`
    }
    default:
      return undefined
  }
}
