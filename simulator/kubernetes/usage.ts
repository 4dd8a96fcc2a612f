import { memoryPercentAt } from '../series/integration'
import { unit } from '../world/random'
import type { World } from '../world/world'
import { memoryBytesOf } from './fates'
import type { KubeObject } from './model'
import { stampOf } from './names'
import type { PodRun } from './pod-run'

const WINDOW_MS = 15_000

/** What metrics.k8s.io says of one pod; a pod whose container does not run has no metrics. */
export function podMetrics(world: World, pod: PodRun, offsetMs: number): KubeObject | undefined {
  if (pod.current === undefined) return undefined
  const window = Math.floor(offsetMs / WINDOW_MS)
  const draw = unit(pod.salt, window, 8)
  const told = world.effects
    .active('pod-usage', offsetMs)
    .filter(({ event }) => (event.deployment ?? world.cluster.main) === pod.deployment)
  const memoryPercent = told.findLast(({ event }) => event.memoryPercent !== undefined)?.event.memoryPercent
  const cpuPercent = told.findLast(({ event }) => event.cpuPercent !== undefined)?.event.cpuPercent
  const isMain = pod.deployment === world.cluster.main
  const ordinary = isMain ? memoryPercentAt(world, offsetMs) : 42
  const memory = Math.min(99.5, (memoryPercent ?? ordinary) + draw - 0.5)
  const cpu = (cpuPercent ?? ownCpu(world, pod, offsetMs) ?? 21) + draw * 2 - 1
  return {
    apiVersion: 'metrics.k8s.io/v1beta1',
    kind: 'PodMetrics',
    metadata: {
      name: pod.name,
      namespace: world.cluster.namespace,
      uid: pod.uid,
      resourceVersion: '',
      creationTimestamp: stampOf(world.startMs + offsetMs),
      labels: { ...pod.template.metadata?.labels },
    },
    timestamp: stampOf(world.startMs + window * WINDOW_MS),
    window: '15s',
    containers: [
      {
        name: pod.template.spec.containers[0]?.name ?? 'app',
        usage: {
          cpu: `${Math.round(cpu * 10_000_000)}n`,
          memory: `${Math.round((memory / 100) * (memoryBytesOf(pod) / 1024))}Ki`,
        },
      },
    ],
  }
}

function ownCpu(world: World, pod: PodRun, offsetMs: number): number | undefined {
  if (pod.deployment !== world.cluster.main) return undefined
  return world.effects.active('own-health', offsetMs).findLast(({ event }) => event.cpuPercent !== undefined)
    ?.event.cpuPercent
}
