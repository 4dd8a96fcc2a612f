import type { Reading } from '../sources/reading'

/** ClusterObservation is one look at the team's own cluster: what a Kubernetes source must give for the questions about pods and changes. */
export type ClusterObservation = {
  readonly source: string
  readonly observedAt: Date
  readonly pods: Reading<readonly ClusterPod[]>
  readonly deployments: Reading<readonly ClusterDeployment[]>
  /** secrets tell presence and times, never a value. */
  readonly secrets: Reading<readonly ClusterSecret[]>
  /** changes of the last two hours that the cluster shows, newest first. */
  readonly changes: Reading<readonly ClusterChange[]>
  /** errorLines are the newest error lines of the integration within five minutes, redacted, at most 20. */
  readonly errorLines: Reading<readonly string[]>
}

/** ClusterPod is one pod of the watched deployments. */
export type ClusterPod = {
  readonly name: string
  readonly deployment: string
  readonly ready: boolean
  readonly restarts: number
  /** waiting is the reason of a waiting container, e.g. `CrashLoopBackOff` or `ImagePullBackOff`; empty when none waits. */
  readonly waiting: string
  /** ended is the reason of the container's last end, e.g. `OOMKilled`, with its time; absent when it never ended. */
  readonly ended?: { readonly reason: string; readonly at?: Date }
}

/** ClusterDeployment is a watched deployment with the revision that it is at. */
export type ClusterDeployment = {
  readonly name: string
  readonly desired: number
  readonly ready: number
  readonly updated: number
  readonly revision: number
  readonly image: string
}

/** ClusterSecret is a key of a secret: whether it is there, and when the secret changed last where that is told. */
export type ClusterSecret = {
  readonly name: string
  readonly key: string
  readonly present: boolean
  readonly changedAt?: Date
}

/** ClusterChange is something that changed: a rollout by its new ReplicaSet, a rotated secret, an edited policy. */
export type ClusterChange = {
  readonly at: Date
  readonly kind: 'rollout' | 'promotion' | 'rotation' | 'policy' | 'configuration'
  readonly subject: string
  readonly version?: string
  readonly by?: string
}
