/** FORMAT names the layout of a bundle; a reader refuses one that it does not know. */
export const FORMAT = 'watchfloor-evidence/1'

/** LIMITS bound a bundle, in bytes before packing; what is over is cut or left out, and the manifest says so. */
export const LIMITS = { fileBytes: 8 * 1024 * 1024, totalBytes: 48 * 1024 * 1024, files: 2_000 } as const

/** LOG_MS and METRICS_MS are how far back a bundle looks. */
export const LOG_MS = 3_600_000
export const METRICS_MS = 2 * 3_600_000

/** Window is the time that a bundle is about: it ends now, or when the incident was resolved. */
export type Window = {
  readonly toMs: number
  readonly logsFromMs: number
  readonly metricsFromMs: number
}

/** windowOf gives the window of an incident. */
export function windowOf(resolvedAtMs: number | null, nowMs: number): Window {
  const toMs = resolvedAtMs ?? nowMs
  return { toMs, logsFromMs: toMs - LOG_MS, metricsFromMs: toMs - METRICS_MS }
}

/** Part is one file before it is redacted and packed: a value written as JSON, one value a line, or text. */
export type Part =
  | { readonly path: string; readonly kind: 'json'; readonly value: unknown }
  | { readonly path: string; readonly kind: 'lines'; readonly values: readonly unknown[] }
  /** keeps says which end of a text stays when it is too long: the newest lines of a log stand at its end. */
  | { readonly path: string; readonly kind: 'text'; readonly text: string; readonly keeps: 'start' | 'end' }

/** Missing is what a bundle should hold and does not, why, and the way round. */
export type Missing = { readonly what: string; readonly why: string; readonly wayRound?: string }

/** Gathered is what one step of the collection came to. */
export type Gathered = { readonly parts: readonly Part[]; readonly missing: readonly Missing[] }

/** NOTHING is a step that came to nothing. */
export const NOTHING: Gathered = { parts: [], missing: [] }

/** ManifestFile is one file of a bundle as it lies there. */
export type ManifestFile = {
  readonly path: string
  readonly sizeBytes: number
  readonly sha256: string
  /** redacted counts what was masked in it. */
  readonly redacted: number
  /** cutFromBytes is how long it was where it was cut. */
  readonly cutFromBytes?: number
}

/** Manifest says what a bundle holds, and what is missing and why. */
export type Manifest = {
  readonly format: typeof FORMAT
  readonly incident: { readonly id: string; readonly name: string; readonly title: string }
  readonly builtAt: string
  readonly window: { readonly to: string; readonly logsFrom: string; readonly metricsFrom: string }
  readonly files: readonly ManifestFile[]
  readonly missing: readonly Missing[]
}

/** STEPS are what building a bundle goes through, in order, as the page shows it. */
export const STEPS = [
  'The incident and its record',
  'Triage and what it saw',
  'Health',
  'Metrics',
  'Logs',
  'Configuration',
  'Packing',
] as const

/** bundleName is the name of a bundle's file: the incident and the minute to which it looks. */
export function bundleName(incident: string, toMs: number): string {
  const minute = new Date(toMs).toISOString().slice(0, 16).replace(/[-:]/g, '')
  return `${incident}-evidence-${minute}Z.tar.gz`
}
