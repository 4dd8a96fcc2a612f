import type { Scenario } from '../scenario'
import { NODES, plantDeployments, plantNamespaces, plantSecret } from './initial'
import { CHANGE_CAUSE, type Deployment, REVISION, type ReplicaSet, type Template } from './model'
import { stampOf } from './names'
import type { PodBook } from './pod-book'
import { replicaSetOf, templateText } from './rollout'
import { plantRoutes } from './routes'
import type { Store } from './store'

type Ground = {
  readonly store: Store
  readonly pods: PodBook
  readonly scenario: Scenario
  readonly startMs: number
  readonly readKey: (template: Template) => string | undefined
}

/** Just before offset 0: everything was rolled out long ago and runs. */
const BEFORE_MS = -1

export function plantCluster(ground: Ground): void {
  const { store, scenario, startMs } = ground
  for (const namespace of plantNamespaces(scenario, startMs)) store.put('namespaces', namespace, BEFORE_MS)
  store.put('secrets', plantSecret(scenario, startMs), BEFORE_MS)
  for (const { resource, object } of plantRoutes(scenario, startMs)) store.put(resource, object, BEFORE_MS)
  for (const { deployment, revisions } of plantDeployments(scenario, startMs)) {
    const kept = store.put('deployments', deployment, BEFORE_MS)
    for (const [index, revision] of revisions.entries()) {
      const past = { ...kept, spec: { ...kept.spec, template: revision.template } }
      const made = replicaSetOf({
        deployment: past,
        seed: scenario.seed,
        text: templateText(revision.template),
        stamp: stampOf(startMs + revision.atMs),
      })
      const isLast = index === revisions.length - 1
      const annotations = { [REVISION]: String(index + 1), [CHANGE_CAUSE]: revision.cause }
      const replicaSet: ReplicaSet = {
        ...made,
        metadata: { ...made.metadata, annotations },
        spec: { ...made.spec, replicas: isLast ? kept.spec.replicas : 0 },
      }
      const planted = store.put('replicasets', replicaSet, BEFORE_MS)
      if (isLast) plantPods(ground, { deployment: kept, replicaSet: planted, atMs: revision.atMs })
    }
  }
}

type Running = { readonly deployment: Deployment; readonly replicaSet: ReplicaSet; readonly atMs: number }

function plantPods({ pods, readKey }: Ground, { deployment, replicaSet, atMs }: Running): void {
  for (let count = 0; count < deployment.spec.replicas; count += 1) {
    const pod = pods.make(deployment, replicaSet, atMs)
    pod.node = NODES[count % NODES.length]
    pod.phase = 'running'
    pod.current = { startedMs: atMs + 3000 }
    pod.ready = true
    pod.readySinceMs = atMs + 7000
    pod.nextMs = Number.POSITIVE_INFINITY
    pod.key = readKey(pod.template)
  }
}
