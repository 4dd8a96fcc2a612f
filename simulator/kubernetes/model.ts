/** A JSON object as it came in or as it is kept. */
export type Fields = { readonly [key: string]: unknown }

export type OwnerReference = {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
  readonly controller?: boolean
  readonly blockOwnerDeletion?: boolean
}

export type Texts = Readonly<Record<string, string>>

export type Meta = {
  readonly name: string
  readonly namespace?: string
  readonly uid: string
  readonly resourceVersion: string
  readonly generation?: number
  readonly creationTimestamp: string
  readonly deletionTimestamp?: string
  readonly labels?: Texts
  readonly annotations?: Texts
  readonly ownerReferences?: readonly OwnerReference[]
  readonly [key: string]: unknown
}

export type KubeObject = {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: Meta
  readonly [key: string]: unknown
}

export type EnvVar = { readonly name: string; readonly value?: string; readonly [key: string]: unknown }

export type Container = {
  readonly name: string
  readonly image: string
  readonly env?: readonly EnvVar[]
  readonly resources?: { readonly limits?: Texts; readonly requests?: Texts; readonly [key: string]: unknown }
  readonly [key: string]: unknown
}

export type Template = {
  readonly metadata?: {
    readonly labels?: Texts
    readonly annotations?: Texts
    readonly [key: string]: unknown
  }
  readonly spec: { readonly containers: readonly Container[]; readonly [key: string]: unknown }
}

export type Selector = { readonly matchLabels?: Texts; readonly [key: string]: unknown }

export type Deployment = KubeObject & {
  readonly spec: {
    readonly replicas: number
    readonly paused?: boolean
    readonly progressDeadlineSeconds: number
    readonly revisionHistoryLimit: number
    readonly minReadySeconds?: number
    readonly selector: Selector
    readonly strategy: {
      readonly type: 'RollingUpdate' | 'Recreate'
      readonly rollingUpdate?: {
        readonly maxSurge: string | number
        readonly maxUnavailable: string | number
      }
    }
    readonly template: Template
    readonly [key: string]: unknown
  }
  readonly status: DeploymentStatus
}

export type Condition = {
  readonly type: string
  readonly status: 'True' | 'False' | 'Unknown'
  readonly reason: string
  readonly message: string
  readonly lastTransitionTime: string
  readonly lastUpdateTime?: string
}

export type DeploymentStatus = {
  readonly observedGeneration?: number
  readonly replicas?: number
  readonly updatedReplicas?: number
  readonly readyReplicas?: number
  readonly availableReplicas?: number
  readonly unavailableReplicas?: number
  readonly conditions?: readonly Condition[]
}

export type ReplicaSet = KubeObject & {
  readonly spec: {
    readonly replicas: number
    readonly selector: Selector
    readonly template: Template
    readonly [key: string]: unknown
  }
  readonly status: Fields
}

export type Secret = KubeObject & { readonly type: string; readonly data: Texts }

export type ResourceName =
  | 'deployments'
  | 'replicasets'
  | 'pods'
  | 'events'
  | 'secrets'
  | 'namespaces'
  | 'nodes'
  | 'httproutes'
  | 'ingresses'

export const REVISION = 'deployment.kubernetes.io/revision'
export const HASH_LABEL = 'pod-template-hash'
export const CHANGE_CAUSE = 'kubernetes.io/change-cause'

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The store keeps under `deployments` only what was checked to be one. */
export function asDeployment(object: KubeObject): Deployment {
  return object as Deployment
}

export function asReplicaSet(object: KubeObject): ReplicaSet {
  return object as ReplicaSet
}
