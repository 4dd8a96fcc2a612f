import type { Matcher, RangeSeries, Sample, SeriesStorage } from '../promql/types'
import { releaseFamilies } from '../releases/figures'
import type { World } from '../world/world'
import { dcgmFamilies, dcgmTarget } from './dcgm'
import type { Family, Labels } from './family'
import { INTEGRATION_TARGET, integrationFamilies } from './integration'
import { TargetHealth } from './targets'

export const LOOKBACK_MS = 300_000

/** The simulated Prometheus's database: values follow from the world, sample times from the scrape grid. */
export class Storage implements SeriesStorage {
  readonly targets: TargetHealth
  readonly families: readonly Family[]
  private readonly intervalMs: number

  constructor(private readonly world: World) {
    this.targets = new TargetHealth(world)
    this.intervalMs = world.scenario.world.scrapeInterval
    this.families = [
      upFamily(world, this.targets),
      ...dcgmFamilies(world, this.targets),
      ...integrationFamilies(world, this.targets),
      ...releaseFamilies(world.releases.traffic),
    ]
  }

  /** Sample instants in a closed range of absolute milliseconds. */
  sampleTimes(fromMs: number, toMs: number): number[] {
    const { startMs, extraScrapesMs } = this.world
    const times: number[] = []
    for (
      let at = Math.ceil((fromMs - startMs) / this.intervalMs) * this.intervalMs;
      at + startMs <= toMs;
      at += this.intervalMs
    )
      times.push(at + startMs)
    const extra = extraScrapesMs.map((at) => at + startMs).filter((at) => at >= fromMs && at <= toMs)
    return extra.length === 0 ? times : [...new Set([...times, ...extra])].sort((left, right) => left - right)
  }

  lastSampleMs(atMs: number): number {
    const { startMs, extraScrapesMs } = this.world
    const grid = Math.floor((atMs - startMs) / this.intervalMs) * this.intervalMs + startMs
    for (let index = extraScrapesMs.length - 1; index >= 0; index -= 1) {
      const extra = (extraScrapesMs[index] ?? 0) + startMs
      if (extra <= atMs) return Math.max(grid, extra)
    }
    return grid
  }

  instant(matchers: readonly Matcher[], atMs: number): Sample[] {
    const sampleMs = this.lastSampleMs(atMs)
    if (sampleMs <= atMs - LOOKBACK_MS) return []
    const samples: Sample[] = []
    const offsetMs = sampleMs - this.world.startMs
    this.each(matchers, (family, index, labels) => {
      const value = family.valueAt(index, offsetMs)
      if (value !== undefined) samples.push({ name: family.name, labels, timeMs: sampleMs, value })
    })
    return samples
  }

  range(matchers: readonly Matcher[], fromMs: number, toMs: number): RangeSeries[] {
    const times = this.sampleTimes(fromMs, toMs)
    const found: { readonly family: Family; readonly index: number; readonly series: RangeSeries }[] = []
    this.each(matchers, (family, index, labels) => {
      found.push({ family, index, series: { name: family.name, labels, times: [], values: [] } })
    })
    // Instant outside, series inside: a frame of a card is computed once per instant.
    for (const timeMs of times) {
      for (const { family, index, series } of found) {
        const value = family.valueAt(index, timeMs - this.world.startMs)
        if (value === undefined) continue
        series.times.push(timeMs)
        series.values.push(value)
      }
    }
    return found.map((entry) => entry.series).filter((series) => series.times.length > 0)
  }

  private each(
    matchers: readonly Matcher[],
    visit: (family: Family, index: number, labels: Labels) => void,
  ): void {
    const onName = matchers.filter((matcher) => matcher.label === '__name__')
    const onLabels = matchers.filter((matcher) => matcher.label !== '__name__')
    for (const family of this.families) {
      if (!onName.every((matcher) => matcher.meets(family.name))) continue
      for (let index = 0; index < family.size; index += 1) {
        const labels = family.labels(index)
        if (onLabels.every((matcher) => matcher.meets(labels[matcher.label] ?? '')))
          visit(family, index, labels)
      }
    }
  }
}

function upFamily(world: World, targets: TargetHealth): Family {
  const { instances } = world.fleet
  const labels: readonly Labels[] = [
    ...instances.map((instance) => ({ instance: dcgmTarget(instance.id), job: 'dcgm' })),
    { instance: INTEGRATION_TARGET, job: 'integration' },
    { instance: 'prometheus:9090', job: 'prometheus' },
  ]
  return {
    name: 'up',
    type: 'gauge',
    help: 'Whether the last scrape succeeded.',
    size: labels.length,
    labels: (index) => labels[index] ?? {},
    valueAt(index, offsetMs) {
      if (index < instances.length) return targets.dcgmUp(index, offsetMs) ? 1 : 0
      return index === instances.length && !targets.integrationUp(offsetMs) ? 0 : 1
    },
  }
}
