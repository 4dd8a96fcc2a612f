import type { Face } from './panel-face'

type Failed = { readonly error: Error | null; readonly refetch: () => unknown }

/** failedFace is the face of a panel whose query failed: what could not be read, why, and a way to ask again. */
export function failedFace({ error, refetch }: Failed, sentence: string): Face {
  return { kind: 'failed', sentence, detail: error?.message, retry: () => void refetch() }
}
