import { hash32 } from '../world/random'
import { type Deployment, HASH_LABEL, type ReplicaSet } from './model'
import { hashText, suffix, uidOf } from './names'
import { newPod, type PodRun } from './pod-run'

/** Every pod of the cluster, in the order in which they were made. */
export class PodBook {
  private readonly pods = new Map<string, PodRun>()
  private count = 0

  constructor(private readonly seed: number) {}

  make(deployment: Deployment, replicaSet: ReplicaSet, atMs: number): PodRun {
    this.count += 1
    const { name, labels } = replicaSet.metadata
    const salt = hash32(hashText(name), this.count, 5)
    const pod = newPod({
      name: `${name}-${suffix(this.seed, salt, 5)}`,
      uid: uidOf(this.seed, salt),
      salt,
      deployment: deployment.metadata.name,
      replicaSet: name,
      hash: labels?.[HASH_LABEL] ?? '',
      template: replicaSet.spec.template,
      createdMs: atMs,
      ip: `10.42.${salt % 3}.${10 + (this.count % 200)}`,
    })
    this.pods.set(pod.name, pod)
    return pod
  }

  all(): readonly PodRun[] {
    return [...this.pods.values()]
  }

  get(name: string): PodRun | undefined {
    return this.pods.get(name)
  }

  ofDeployment(name: string): readonly PodRun[] {
    return this.all().filter((pod) => pod.deployment === name)
  }

  ofReplicaSet(name: string): readonly PodRun[] {
    return this.all().filter((pod) => pod.replicaSet === name)
  }

  forget(name: string): void {
    this.pods.delete(name)
  }
}
