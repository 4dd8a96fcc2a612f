import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { sha256Hex } from '../platform/crypto'
import { FORMAT } from './model'
import { untar } from './tar'

const MAX_BYTES = 256 * 1024 * 1024

const manifestSchema = z.looseObject({
  format: z.literal(FORMAT, `is not ${FORMAT}`),
  incident: z.looseObject({ name: z.string(), title: z.string() }),
  builtAt: z.string(),
  files: z.array(z.looseObject({ path: z.string(), sizeBytes: z.int(), sha256: z.string() })),
  missing: z.array(z.looseObject({ what: z.string(), why: z.string() })),
})

/** Verdict is what checking a bundle came to: its manifest and digest, and every way in which it does not fit. */
export type Verdict = {
  readonly manifest: z.infer<typeof manifestSchema> | undefined
  readonly manifestSha256: string
  readonly problems: readonly string[]
}

function unreadable(problem: string): Verdict {
  return { manifest: undefined, manifestSha256: '', problems: [problem] }
}

/** verifyArchive checks a bundle against its own manifest: every file there, whole, and no other one. */
export function verifyArchive(bytes: Uint8Array): Verdict {
  const files = unpacked(bytes)
  if (files === undefined) return unreadable('it is not a gzipped tar archive, or it is cut off')
  const told = files.find(({ path }) => path === 'manifest.json')
  if (told === undefined) return unreadable('it holds no manifest.json')
  const parsed = manifestSchema.safeParse(jsonOf(told.bytes))
  if (!parsed.success)
    return unreadable(
      `manifest.json ${parsed.error.issues.map((it) => `${it.path.join('.')} ${it.message}`).join('; ')}`,
    )
  const manifest = parsed.data
  const there = new Map(files.map((file) => [file.path, file.bytes]))
  const named = new Set(manifest.files.map(({ path }) => path))
  const problems = manifest.files.flatMap(({ path, sizeBytes, sha256 }) => {
    const found = there.get(path)
    if (found === undefined) return [`${path} is missing`]
    if (found.length !== sizeBytes) return [`${path} has ${found.length} bytes, not ${sizeBytes}`]
    return sha256Hex(found) === sha256 ? [] : [`${path} is not what it was: its SHA-256 differs`]
  })
  const others = files.flatMap(({ path }) =>
    named.has(path) || path === 'manifest.json' || path === 'README.md'
      ? []
      : [`${path} is not in the manifest`],
  )
  if (there.size !== files.length) problems.push('a path stands in it twice')
  return { manifest, manifestSha256: sha256Hex(told.bytes), problems: [...problems, ...others] }
}

function unpacked(bytes: Uint8Array): ReturnType<typeof untar> {
  try {
    return untar(gunzipSync(bytes, { maxOutputLength: MAX_BYTES }))
  } catch {
    return undefined
  }
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
