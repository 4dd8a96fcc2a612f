import type { Look, Looks, Memory, Override } from './model'

/** Moment is what one answering of a run rested on: everything that `diagnose` was given, beside the trees. */
export type Moment = {
  readonly atMs: number
  readonly looks: Looks
  readonly overrides: Readonly<Record<string, Override>>
  /** memory is what the run remembered before it; the later moments follow from the first one's. */
  readonly memory: Memory
}

/** MomentStep is a moment told by what differs from the one before; the first one is whole. */
export type MomentStep = {
  readonly looks: Readonly<Record<string, Look>>
  readonly gone: readonly string[]
  readonly overrides: Readonly<Record<string, Override>>
  readonly memory?: Memory | undefined
}

/** stepTo tells a moment by what differs from earlier looks; without them it is told whole, with its memory. */
export function stepTo(moment: Moment, before: Looks | undefined): MomentStep {
  const looks: Record<string, Look> = {}
  for (const [name, look] of Object.entries(moment.looks)) {
    if (look && !isSame(look, before?.[name])) looks[name] = look
  }
  const gone = Object.keys(before ?? {}).filter((name) => before?.[name] && !moment.looks[name])
  const { overrides, memory } = moment
  return before ? { looks, gone, overrides } : { looks, gone, overrides, memory }
}

function isSame(a: Look, b: Look | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

/** looksAfter gives the looks after a step. */
export function looksAfter(before: Looks, step: Pick<MomentStep, 'looks' | 'gone'>): Looks {
  const looks: Record<string, Look | undefined> = { ...before, ...step.looks }
  for (const name of step.gone) delete looks[name]
  return looks
}
