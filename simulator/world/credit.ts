import { boundariesOf, segmentIndex } from './piecewise'
import type { World } from './world'

type CreditSegment = { readonly fromMs: number; readonly dollars: number; readonly dollarsPerHour: number }

const HOUR_MS = 3_600_000

export class Credit {
  private segments: readonly CreditSegment[] = []
  private version = -1

  constructor(private readonly world: World) {}

  at(offsetMs: number): { readonly dollars: number; readonly dollarsPerHour: number } {
    const segments = this.current()
    const segment = segments[segmentIndex(segments, offsetMs)]
    if (segment === undefined) return { dollars: 0, dollarsPerHour: 0 }
    const spent = (segment.dollarsPerHour * (offsetMs - segment.fromMs)) / HOUR_MS
    return { dollars: segment.dollars - spent, dollarsPerHour: segment.dollarsPerHour }
  }

  exhaustedAt(offsetMs: number): boolean {
    return this.at(offsetMs).dollars <= 0
  }

  /** Instants at which the credit reaches zero. */
  zeroCrossings(): readonly number[] {
    return this.current().flatMap((segment, index, all) => {
      if (segment.dollars <= 0 || segment.dollarsPerHour <= 0) return []
      const atMs = segment.fromMs + (segment.dollars / segment.dollarsPerHour) * HOUR_MS
      const nextMs = all[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY
      return atMs < nextMs ? [Math.ceil(atMs)] : []
    })
  }

  private current(): readonly CreditSegment[] {
    if (this.version === this.world.effects.version) return this.segments
    this.version = this.world.effects.version
    this.segments = build(this.world)
    return this.segments
  }
}

function build(world: World): readonly CreditSegment[] {
  const burn = world.fleet.dollarsPerHour
  const levels = world.effects.ofKind('credit')
  const burns = world.effects.ofKind('credit-burn')
  const boundaries = boundariesOf([...levels, ...burns])
  const burnAt = (offsetMs: number): number =>
    burns.reduce(
      (rate, effect) =>
        offsetMs >= effect.fromMs && offsetMs < effect.untilMs ? rate * effect.event.factor : rate,
      burn,
    )
  const first = boundaries[0] ?? 0
  let dollars = world.scenario.world.runwayHours * burn - (first * burn) / HOUR_MS
  let previousMs = first
  let dollarsPerHour = burn
  const segments: CreditSegment[] = []
  for (const fromMs of boundaries) {
    dollars -= (dollarsPerHour * (fromMs - previousMs)) / HOUR_MS
    dollarsPerHour = burnAt(fromMs)
    const level = levels.find((effect) => effect.fromMs === fromMs)?.event
    if (level?.usd !== undefined) dollars = level.usd
    else if (level?.runwayHours !== undefined) dollars = level.runwayHours * dollarsPerHour
    segments.push({ fromMs, dollars, dollarsPerHour })
    previousMs = fromMs
  }
  return segments
}
