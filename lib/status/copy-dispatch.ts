import { z } from 'zod'
import { sha256Hex } from '../platform/crypto'
import type { PublicFile } from './bundle'

/** CopyTarget is a place for copies of the page: a folder or a bucket. Every call gives an error’s text, or throws. */
export type CopyTarget = {
  readonly id: string
  readonly name: string
  readonly put: (file: {
    readonly path: string
    readonly type: string
    readonly body: string
    readonly cacheControl: string
  }) => Promise<void>
  /** get gives a file’s text; undefined when it is not there. */
  readonly get: (path: string) => Promise<string | undefined>
  readonly remove: (path: string) => Promise<void>
}

/** Copied is how one copy went. */
export type Copied = { readonly files: number; readonly bytes: number; readonly written: number }

const SHORT = 'public, max-age=30, stale-while-revalidate=60, stale-if-error=86400'
const FOREVER = 'public, max-age=31536000, immutable'
const KEEP_MS = 60 * 60_000

const manifestShape = z.object({
  generated_at: z.string(),
  sequence: z.number(),
  files: z.record(z.string(), z.string()),
  immutable: z.record(z.string(), z.string()),
  retired: z.record(z.string(), z.string()),
})

type Manifest = z.infer<typeof manifestShape>

/**
 * copyTo brings a copy up to date: what never changes under its content’s hash first, then the pages that others link to,
 * then what changes each minute, `manifest.json` last. A reader never finds half; a failure leaves the last whole copy.
 */
export async function copyTo(
  target: CopyTarget,
  bundle: {
    readonly files: readonly PublicFile[]
    readonly sequence: number
    readonly confirmedAt: Date | null
    readonly now: Date
  },
): Promise<Copied> {
  const { files, now } = bundle
  const before = await lastManifest(target)
  const hashed = files.map((file) => ({ ...file, hash: sha256Hex(file.body) }))
  const lasting = hashed.filter(({ stage }) => stage === 1)
  const immutable = Object.fromEntries(lasting.map((file) => [frozenName(file), file.path]))
  let written = 0
  const put = async (path: string, file: PublicFile, cacheControl: string): Promise<void> => {
    await target.put({ path, type: file.type, body: file.body, cacheControl })
    written += 1
  }
  for (const file of lasting)
    if (!(frozenName(file) in (before?.immutable ?? {}))) await put(frozenName(file), file, FOREVER)
  for (const stage of [1, 2, 3])
    for (const file of hashed)
      if (file.stage === stage && before?.files[file.path] !== file.hash) await put(file.path, file, SHORT)
  const gone = Object.keys(before?.immutable ?? {}).filter((path) => !(path in immutable))
  const retired = { ...before?.retired, ...Object.fromEntries(gone.map((path) => [path, now.toISOString()])) }
  const over = Object.entries(retired).filter(
    ([path, at]) => path in immutable || now.getTime() - Date.parse(at) > KEEP_MS,
  )
  for (const [path] of over) delete retired[path]
  const manifest: Manifest & { readonly confirmed_at: string | null } = {
    generated_at: now.toISOString(),
    confirmed_at: bundle.confirmedAt?.toISOString() ?? null,
    sequence: bundle.sequence,
    files: Object.fromEntries(hashed.map(({ path, hash }) => [path, hash])),
    immutable,
    retired,
  }
  const body = `${JSON.stringify(manifest, null, 1)}\n`
  await target.put({
    path: 'manifest.json',
    type: 'application/json; charset=utf-8',
    body,
    cacheControl: SHORT,
  })
  for (const [path] of over) if (!(path in immutable)) await target.remove(path)
  const bytes = hashed.reduce((total, file) => total + Buffer.byteLength(file.body), Buffer.byteLength(body))
  return { files: hashed.length + lasting.length + 1, bytes, written: written + 1 }
}

function frozenName({ path, hash }: PublicFile & { readonly hash: string }): string {
  return `files/${hash.slice(0, 32)}.${path.split('.').at(-1)}`
}

async function lastManifest(target: CopyTarget): Promise<Manifest | undefined> {
  const text = await target.get('manifest.json')
  if (text === undefined) return undefined
  try {
    return manifestShape.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
