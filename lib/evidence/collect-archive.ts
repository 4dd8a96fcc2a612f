import { gzipSync } from 'node:zlib'
import canonicalize from 'canonicalize'
import { sha256Hex } from '../platform/crypto'
import { redact, redactText } from '../platform/redact'
import {
  FORMAT,
  LIMITS,
  type Manifest,
  type ManifestFile,
  type Missing,
  type Part,
  type Window,
} from './model'
import { summaryOf } from './summary'
import { type TarFile, tarOf } from './tar'

const MASKED = /\[redacted\]/g
const GZIP_SYSTEM_AT = 9
const UNKNOWN_SYSTEM = 255

/** Packed is a finished bundle: the archive's bytes, its manifest, and the digests of both (SHA-256, hex). */
export type Packed = {
  readonly archive: Uint8Array
  readonly archiveSha256: string
  readonly manifest: Manifest
  readonly manifestSha256: string
}

type File = TarFile & { readonly entry: ManifestFile }

/** packParts redacts, cuts, orders and packs; the same parts, window and now give the same bytes. */
export function packParts(input: {
  readonly incident: Manifest['incident']
  readonly window: Window
  readonly now: Date
  readonly parts: readonly Part[]
  readonly missing: readonly Missing[]
  readonly limits?: { readonly fileBytes: number; readonly totalBytes: number; readonly files: number }
}): Packed {
  const { window, limits = LIMITS } = input
  const { files, left } = filesOf(input.parts, limits)
  const missing = (redact([...input.missing, ...left]) as Missing[]).sort((a, b) =>
    a.what < b.what ? -1 : 1,
  )
  const iso = (ms: number): string => new Date(ms).toISOString()
  const manifest: Manifest = {
    format: FORMAT,
    incident: redact(input.incident) as Manifest['incident'],
    builtAt: input.now.toISOString(),
    window: {
      to: iso(window.toMs),
      logsFrom: iso(window.logsFromMs),
      metricsFrom: iso(window.metricsFromMs),
    },
    files: files.map(({ entry }) => entry),
    missing,
  }
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
  const manifestBytes = encode(`${JSON.stringify(manifest, null, 2)}\n`)
  const summary = encode(summaryOf(manifest))
  const tar = tarOf(
    [
      { path: 'README.md', bytes: summary },
      { path: 'manifest.json', bytes: manifestBytes },
      ...files.map(({ path, bytes }) => ({ path, bytes })),
    ],
    window.toMs / 1000,
  )
  const archive = gzipSync(tar, { level: 9 })
  // The one byte that names the system on which it was packed.
  archive[GZIP_SYSTEM_AT] = UNKNOWN_SYSTEM
  return {
    archive,
    archiveSha256: sha256Hex(archive),
    manifest,
    manifestSha256: sha256Hex(manifestBytes),
  }
}

function filesOf(
  parts: readonly Part[],
  limits: { readonly fileBytes: number; readonly totalBytes: number; readonly files: number },
): { readonly files: readonly File[]; readonly left: readonly Missing[] } {
  const files: File[] = []
  const left: Missing[] = []
  let total = 0
  for (const part of [...parts].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const file = fileOf(part, limits.fileBytes)
    if (files.length >= limits.files || total + file.bytes.length > limits.totalBytes) {
      left.push({ what: part.path, why: `left out: the bundle would grow over its limit` })
      continue
    }
    total += file.bytes.length
    files.push(file)
  }
  return { files, left }
}

function fileOf(part: Part, limit: number): File {
  const text = textOf(part)
  const whole = new TextEncoder().encode(text)
  const bytes =
    whole.length <= limit ? whole : cut(whole, limit, part.kind === 'text' && part.keeps === 'end')
  return {
    path: part.path,
    bytes,
    entry: {
      path: part.path,
      sizeBytes: bytes.length,
      sha256: sha256Hex(bytes),
      redacted: text.match(MASKED)?.length ?? 0,
      ...(bytes.length < whole.length ? { cutFromBytes: whole.length } : {}),
    },
  }
}

function textOf(part: Part): string {
  switch (part.kind) {
    case 'text':
      return redactText(part.text)
    case 'lines':
      return part.values.map((value) => `${stable(value, 0)}\n`).join('')
    case 'json':
      return `${stable(part.value, 1)}\n`
  }
}

// Sorted keys, so that what comes out of the database in another order is the same file.
function stable(value: unknown, indent: number): string {
  const canonical = canonicalize(plain(redact(value))) ?? 'null'
  return redactText(indent === 0 ? canonical : JSON.stringify(JSON.parse(canonical), null, indent))
}

function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value ?? null, (_key, one) => (typeof one === 'bigint' ? one.toString() : one)),
  )
}

function cut(bytes: Uint8Array, limit: number, keepsEnd: boolean): Uint8Array {
  if (keepsEnd) {
    const tail = bytes.subarray(bytes.length - limit)
    return tail.subarray(tail.indexOf(10) + 1)
  }
  const head = bytes.subarray(0, limit)
  return head.subarray(0, head.lastIndexOf(10) + 1)
}
