import type { Instant } from '../reply'
import { dcgmTarget } from '../series/dcgm'
import { INTEGRATION_TARGET } from '../series/integration'
import type { Storage } from '../series/storage'
import type { World } from '../world/world'

type Target = { readonly job: string; readonly instance: string; readonly up: boolean }

export function targetsData(world: World, storage: Storage, at: Instant): Record<string, unknown> {
  const lastScrapeMs = storage.lastSampleMs(at.timeMs)
  const offsetMs = lastScrapeMs - world.startMs
  const targets: Target[] = [
    ...world.fleet.instances.map((instance) => ({
      job: 'dcgm',
      instance: dcgmTarget(instance.id),
      up: storage.targets.dcgmUp(instance.index, offsetMs),
    })),
    { job: 'integration', instance: INTEGRATION_TARGET, up: storage.targets.integrationUp(offsetMs) },
    { job: 'prometheus', instance: 'prometheus:9090', up: true },
  ]
  const interval = `${world.scenario.world.scrapeInterval / 1000}s`
  return {
    activeTargets: targets.map((target) => activeTarget(target, lastScrapeMs, interval)),
    droppedTargets: [],
  }
}

function activeTarget(
  { job, instance, up }: Target,
  lastScrapeMs: number,
  interval: string,
): Record<string, unknown> {
  const url = `http://${instance}/metrics`
  return {
    discoveredLabels: { __address__: instance, __metrics_path__: '/metrics', __scheme__: 'http', job },
    labels: { instance, job },
    scrapePool: job,
    scrapeUrl: url,
    globalUrl: url,
    lastError: up ? '' : `Get "${url}": dial tcp: connect: connection refused`,
    lastScrape: new Date(lastScrapeMs).toISOString(),
    lastScrapeDuration: 0.004,
    health: up ? 'up' : 'down',
    scrapeInterval: interval,
    scrapeTimeout: '10s',
  }
}
