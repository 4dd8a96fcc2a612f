import { type EffectLog, isActive } from '../world/effects'
import { hostIp, NODES, nodeObject } from './initial'
import { asReplicaSet } from './model'
import type { PodBook } from './pod-book'
import { podObject } from './render-pod'
import type { Store } from './store'

type PodGround = {
  readonly store: Store
  readonly pods: PodBook
  readonly namespace: string
  readonly startMs: number
}

/** Writes what every pod looks like at an instant. */
export function showPods({ store, pods, namespace, startMs }: PodGround, atMs: number): void {
  for (const pod of pods.all()) {
    const replicaSet = store.get('replicasets', namespace, pod.replicaSet)
    if (replicaSet === undefined) continue
    const object = podObject({ pod, replicaSet: asReplicaSet(replicaSet), namespace, startMs, hostIp })
    store.put('pods', object, atMs)
  }
}

type NodeGround = {
  readonly store: Store
  readonly effects: EffectLog
  readonly seed: number
  readonly startMs: number
}

const LONG_AGO_MS = -86_400_000

export function showNodes({ store, effects, seed, startMs }: NodeGround, atMs: number): void {
  for (const [index, name] of NODES.entries()) {
    const told = effects.ofKind('node').filter(({ event }) => event.node === index + 1)
    const past = told.flatMap(({ fromMs, untilMs }) => [fromMs, untilMs]).filter((one) => one <= atMs)
    const trouble = told.filter((effect) => isActive(effect, atMs)).map(({ event }) => event.state)
    const sinceMs = Math.max(LONG_AGO_MS, ...past)
    store.put('nodes', nodeObject({ seed, startMs, name, trouble, sinceMs }), atMs)
  }
}
