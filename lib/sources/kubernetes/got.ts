import type { Shape } from '../parse'
import type { SourceFailure } from '../source'

/** Got is one object or list of the API, or why there is none. */
export type Got = { readonly ok: true; readonly body: Shape; readonly latencyMs: number } | SourceFailure
