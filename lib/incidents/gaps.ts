/** SourceChange is one change of a source's liveness, as the health room noted it (epoch milliseconds). */
export type SourceChange = {
  readonly atMs: number
  readonly source: string
  readonly after: string
  readonly reason: string
}

/** Gap is a time in which a source told nothing; `toMs` undefined means that it is silent still. */
export type Gap = {
  readonly source: string
  readonly fromMs: number
  readonly toMs: number | undefined
  readonly reason: string
}

/** A source that is silent, refused or limited tells nothing; the health room rates all of these unknown. */
function isSilent(change: SourceChange): boolean {
  return change.after === 'unknown'
}

/**
 * gapsOf gives the times without evidence within a window, one per source and silence, oldest first. Changes before the
 * window count: a source that went silent before it is silent from its beginning.
 */
export function gapsOf(options: {
  readonly changes: readonly SourceChange[]
  readonly fromMs: number
  readonly toMs: number
}): readonly Gap[] {
  const { fromMs, toMs } = options
  const gaps: Gap[] = []
  const open = new Map<string, SourceChange>()
  const close = (source: string, atMs: number | undefined): void => {
    const start = open.get(source)
    open.delete(source)
    if (start === undefined || (atMs !== undefined && atMs <= fromMs)) return
    gaps.push({ source, fromMs: Math.max(start.atMs, fromMs), toMs: atMs, reason: start.reason })
  }
  for (const change of [...options.changes].sort((a, b) => a.atMs - b.atMs)) {
    if (change.atMs >= toMs) break
    if (!isSilent(change)) close(change.source, change.atMs)
    else if (!open.has(change.source)) open.set(change.source, change)
  }
  for (const source of [...open.keys()]) close(source, undefined)
  return gaps.sort((a, b) => a.fromMs - b.fromMs || a.source.localeCompare(b.source))
}
