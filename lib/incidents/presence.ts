/** PRESENCE_BEAT_MS is how often a browser says that somebody looks, and the least time between two of its beats. */
export const PRESENCE_BEAT_MS = 20_000
export const PRESENCE_LEAST_MS = 15_000

/** PRESENCE_ENDS_MS is how long after the last beat somebody still counts as being there. */
export const PRESENCE_ENDS_MS = 45_000

/** Present is somebody who looks at an incident or a postmortem; `editing` names the form, field or section they type in, empty for none. */
export type Present = {
  readonly personId: string
  readonly handle: string
  readonly editing: string
  readonly seenAtMs: number
}

/** nextBeatMs is in how many milliseconds the next beat is due; a change goes early, but never earlier than the least time. */
export function nextBeatMs(beat: {
  readonly nowMs: number
  readonly lastMs: number | undefined
  readonly isChanged: boolean
}): number {
  if (beat.lastMs === undefined) return 0
  const wait = beat.isChanged ? PRESENCE_LEAST_MS : PRESENCE_BEAT_MS
  return Math.max(0, beat.lastMs + wait - beat.nowMs)
}

/** EDITING is how a form, field or section is named while somebody types in it; empty for none. */
export const EDITING = /^[a-z-]{0,40}$/
