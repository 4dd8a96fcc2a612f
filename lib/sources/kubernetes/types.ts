import type { Reading } from '../reading'
import type { Answer, CallOptions, TestVerdict } from '../source'

/** KubernetesConfig names one namespace of one cluster and what to look at in it. */
export type KubernetesConfig = {
  /** baseUrl is the API server's address, with a path where a proxy stands before it. */
  readonly baseUrl: string
  readonly token: string
  readonly namespace: string
  readonly deployments: readonly string[]
  /** secrets are watched for presence and for the time of their last change; their values are never asked for. */
  readonly secrets: readonly { readonly name: string; readonly key: string }[]
  readonly sourceId?: string
}

/** KubernetesLook is one look at the cluster: the deployments with everything below them. */
export type KubernetesLook = {
  readonly source: string
  readonly observedAt: Date
  readonly deployments: Reading<readonly KubernetesDeployment[]>
  readonly pods: Reading<readonly KubernetesPod[]>
  readonly secrets: Reading<readonly KubernetesSecret[]>
  /** changes of the last two hours, newest first. */
  readonly changes: Reading<readonly KubernetesChange[]>
  /** events are the warnings of the last hour about the watched deployments and their pods, newest first, at most 50. */
  readonly events: Reading<readonly KubernetesEvent[]>
  /** errorLines are the newest error lines of the first deployment within five minutes, redacted, at most 20. */
  readonly errorLines: Reading<readonly string[]>
}

/** KubernetesDeployment is a watched deployment: counts, how far its rollout is, and the revisions it could go back to. */
export type KubernetesDeployment = {
  readonly name: string
  readonly desired: number
  readonly ready: number
  readonly updated: number
  readonly available: number
  readonly revision: number
  readonly image: string
  readonly rollout: RolloutState
  /** revisions that the cluster still keeps, newest first; the first is the present one unless the rollout is paused. */
  readonly revisions: readonly KubernetesRevision[]
  readonly resourceVersion: string
  /** editedAt is the last write of a person or tool, with its field manager. */
  readonly editedAt?: Date
  readonly editedBy?: string
}

/** RolloutState says how far a rollout has come, as `kubectl rollout status` judges it; `not-seen` is a change that the controller has not taken up. */
export type RolloutState = 'complete' | 'progressing' | 'paused' | 'deadline-exceeded' | 'not-seen'

/** KubernetesRevision is one ReplicaSet of a deployment; a revision's number changes when it is rolled back to, its images do not. */
export type KubernetesRevision = {
  readonly revision: number
  readonly replicaSet: string
  readonly images: readonly string[]
  readonly createdAt: Date
  readonly cause: string
  readonly replicas: number
}

/** KubernetesPod is one pod of the watched deployments. */
export type KubernetesPod = {
  readonly name: string
  readonly deployment: string
  readonly phase: string
  readonly node: string
  readonly ready: boolean
  readonly restarts: number
  readonly createdAt: Date
  /** waiting is the reason of a waiting or unscheduled container, e.g. `CrashLoopBackOff`; empty when none waits. */
  readonly waiting: string
  readonly waitingMessage: string
  /** ended is the container's last end. */
  readonly ended?: { readonly reason: string; readonly exitCode?: number; readonly at?: Date }
  readonly image: string
  /** digest is what really runs, `sha256:…`; empty until the image was pulled. */
  readonly digest: string
  readonly isDeleting: boolean
  /** memoryPercent of the limit and cpuCores, from metrics.k8s.io; unknown where that API is not there. */
  readonly memoryPercent: Reading<number>
  readonly cpuCores: Reading<number>
}

/** KubernetesSecret is a watched key: whether it is there, as far as can be told without reading a value. `isSure` is false where only the Secret around it was seen. */
export type KubernetesSecret = {
  readonly name: string
  readonly key: string
  readonly present: boolean
  readonly isSure: boolean
  readonly changedAt?: Date
}

/** KubernetesChange is something that the cluster shows to have changed. */
export type KubernetesChange = {
  readonly at: Date
  readonly kind: 'rollout' | 'rotation' | 'configuration'
  readonly subject: string
  readonly version?: string
  readonly by?: string
}

/** KubernetesEvent is a warning of the cluster about one of the watched objects. */
export type KubernetesEvent = {
  readonly at: Date
  readonly reason: string
  readonly object: string
  readonly message: string
  readonly count: number
}

/** KubernetesPodLog is the log of one pod, each line with its time, or why it could not be read. */
export type KubernetesPodLog = { readonly pod: string; readonly text: string; readonly problem: string }

/** Kubernetes reads one namespace; it has no method that changes anything. */
export type Kubernetes = {
  readonly look: (options?: CallOptions) => Promise<Answer<KubernetesLook>>
  /** logs gives what each pod of the watched deployments wrote since an instant, redacted, at most 20 pods of 1 MiB. */
  readonly logs: (since: Date, options?: CallOptions) => Promise<Answer<readonly KubernetesPodLog[]>>
  readonly test: () => Promise<TestVerdict>
}
