import type { Scenario } from '../scenario'
import { deploymentNames } from '../scenario'
import { managed } from './managed-fields'
import { CHANGE_CAUSE, type Deployment, type KubeObject, type Secret, type Template } from './model'
import { hashText, stampOf, uidOf } from './names'
import { KEY_VARIABLE } from './pod-run'

export const NODES = ['worker-1', 'worker-2', 'worker-3'] as const
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const ALIVE_SINCE_MS = -30 * DAY_MS

/** What the integration's environment must say for it to work. */
export const RIGHT_ENV = {
  VASTAI_API_URL: 'https://console.vast.ai',
  TEMPORAL_ADDRESS: 'temporal.example.com:7233',
} as const

export type Planted = {
  readonly deployment: Deployment
  /** Earlier templates with the offsets at which they were rolled out; the last is the present one. */
  readonly revisions: readonly {
    readonly template: Template
    readonly cause: string
    readonly atMs: number
  }[]
}

export function plantDeployments(scenario: Scenario, startMs: number): readonly Planted[] {
  const all = deploymentNames(scenario.world).map((name, index) =>
    index === 0 ? plantIntegration(scenario, startMs) : plantService(scenario, startMs, name),
  )
  const [integration] = all
  const canary = integration ? [plantCanary(scenario, startMs, integration)] : []
  const { staging } = scenario.world.kubernetes
  return [...all, ...canary, ...(staging === undefined ? [] : [plantStaging(scenario, startMs, staging)])]
}

/** The integration's staging runs the version that is to come, on the same size of machine. */
function plantStaging(scenario: Scenario, startMs: number, version: string): Planted {
  const { deployment, memoryMib } = scenario.world.kubernetes
  const name = `${deployment}-staging`
  const image = `ghcr.io/example-team/${deployment}:${version}`
  const template = templateOf({ name, image, memoryMib, env: [] })
  const revisions = [{ template, cause: `candidate ${version}`, atMs: -40 * MINUTE_MS }]
  return planted({ scenario, startMs, name, replicas: 1, revisions })
}

/** The second Deployment of the integration stands empty until a rollout gives it its share. */
function plantCanary(scenario: Scenario, startMs: number, { deployment }: Planted): Planted {
  const name = `${deployment.metadata.name}-canary`
  const { template } = deployment.spec
  const own = { ...template, metadata: { ...template.metadata, labels: { app: name, track: 'canary' } } }
  const revisions = [{ template: own, cause: 'made for rollouts', atMs: -30 * DAY_MS }]
  return planted({ scenario, startMs, name, replicas: 0, revisions })
}

function plantIntegration(scenario: Scenario, startMs: number): Planted {
  const { kubernetes } = scenario.world
  const name = kubernetes.deployment
  const revisions = Array.from({ length: kubernetes.revisions }, (_, index) => {
    const back = kubernetes.revisions - 1 - index
    const version = `4.${12 - back}.0`
    const atMs = -(3 + back * 9) * DAY_MS - 47 * MINUTE_MS
    const env = [
      { name: 'VASTAI_API_URL', value: RIGHT_ENV.VASTAI_API_URL },
      {
        name: KEY_VARIABLE,
        valueFrom: { secretKeyRef: { name: kubernetes.secret, key: KEY_VARIABLE } },
      },
      { name: 'TEMPORAL_ADDRESS', value: RIGHT_ENV.TEMPORAL_ADDRESS },
      { name: 'RATE_LIMIT_MODE', value: 'reject' },
      { name: 'VASTAI_FALLBACK', value: 'false' },
      { name: 'LOG_LEVEL', value: 'info' },
    ]
    const image = `ghcr.io/example-team/vastai-integration:${version}`
    return {
      template: templateOf({ name, image, memoryMib: kubernetes.memoryMib, env }),
      cause: `release ${version}`,
      atMs,
    }
  })
  return planted({ scenario, startMs, name, replicas: kubernetes.replicas, revisions })
}

function plantService(scenario: Scenario, startMs: number, name: string): Planted {
  const template = templateOf({ name, image: `ghcr.io/example-team/${name}:1.8.2`, memoryMib: 256, env: [] })
  const revisions = [{ template, cause: 'release 1.8.2', atMs: -12 * DAY_MS }]
  return planted({ scenario, startMs, name, replicas: 2, revisions })
}

type PlantInput = {
  readonly scenario: Scenario
  readonly startMs: number
  readonly name: string
  readonly replicas: number
  readonly revisions: Planted['revisions']
}

function planted({ scenario, startMs, name, replicas, revisions }: PlantInput): Planted {
  const last = revisions.at(-1)
  if (last === undefined) throw new Error('a deployment needs a revision')
  const deployment: Deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      namespace: scenario.world.kubernetes.namespace,
      uid: uidOf(scenario.seed, hashText(name)),
      resourceVersion: '',
      generation: revisions.length,
      creationTimestamp: stampOf(startMs + (revisions[0]?.atMs ?? 0)),
      labels: { app: name },
      annotations: { [CHANGE_CAUSE]: last.cause },
    },
    spec: {
      replicas,
      progressDeadlineSeconds: 600,
      revisionHistoryLimit: 10,
      selector: { matchLabels: { app: name } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      template: last.template,
    },
    status: { conditions: settledConditions(stampOf(startMs + last.atMs + 30_000)) },
  }
  return { deployment, revisions }
}

function settledConditions(at: string): Deployment['status']['conditions'] {
  return ['Available', 'Progressing'].map((type) => ({
    type,
    status: 'True',
    reason: '',
    message: '',
    lastTransitionTime: at,
    lastUpdateTime: at,
  }))
}

type TemplateInput = {
  readonly name: string
  readonly image: string
  readonly memoryMib: number
  readonly env: Template['spec']['containers'][number]['env']
}

function templateOf({ name, image, memoryMib, env }: TemplateInput): Template {
  return {
    metadata: { labels: { app: name } },
    spec: {
      containers: [
        {
          name: 'app',
          image,
          ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
          ...(env !== undefined && env.length > 0 ? { env } : {}),
          resources: {
            limits: { cpu: '1', memory: `${memoryMib}Mi` },
            requests: { cpu: '250m', memory: `${Math.round(memoryMib / 2)}Mi` },
          },
          readinessProbe: {
            httpGet: { path: '/health', port: 'http', scheme: 'HTTP' },
            timeoutSeconds: 2,
            periodSeconds: 5,
            successThreshold: 1,
            failureThreshold: 3,
          },
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          imagePullPolicy: 'IfNotPresent',
        },
      ],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      securityContext: {},
      schedulerName: 'default-scheduler',
    },
  }
}

export function plantSecret({ seed, world }: Scenario, startMs: number): Secret {
  const { namespace, secret } = world.kubernetes
  const creationTimestamp = stampOf(startMs + ALIVE_SINCE_MS)
  const made: Secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: secret,
      namespace,
      uid: uidOf(seed, hashText(secret)),
      resourceVersion: '',
      creationTimestamp,
    },
    type: 'Opaque',
    data: { [KEY_VARIABLE]: base64(world.keys[0]?.token ?? 'simulated-key') },
  }
  return managed(made, 'kubectl-create', creationTimestamp)
}

export function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}

export function plantNamespaces({ seed, world }: Scenario, startMs: number): readonly KubeObject[] {
  return [...new Set(['default', 'kube-system', world.kubernetes.namespace])].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      uid: uidOf(seed, hashText(`namespace/${name}`)),
      resourceVersion: '',
      creationTimestamp: stampOf(startMs + ALIVE_SINCE_MS),
      labels: { 'kubernetes.io/metadata.name': name },
    },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  }))
}

export function hostIp(node: string): string {
  const names: readonly string[] = NODES
  return `10.0.0.${10 + Math.max(0, names.indexOf(node))}`
}

type NodeTrouble = 'NotReady' | 'MemoryPressure' | 'DiskPressure'

type NodeInput = {
  readonly seed: number
  readonly startMs: number
  readonly name: string
  readonly trouble: readonly NodeTrouble[]
  readonly sinceMs: number
}

export function nodeObject({ seed, startMs, name, trouble, sinceMs }: NodeInput): KubeObject {
  const isLost = trouble.includes('NotReady')
  const condition = (type: string, holds: boolean, reason: string) => ({
    type,
    status: isLost ? 'Unknown' : holds ? 'True' : 'False',
    reason: isLost ? 'NodeStatusUnknown' : reason,
    message: isLost ? 'Kubelet stopped posting node status.' : reason,
    lastTransitionTime: stampOf(startMs + sinceMs),
  })
  const memory = trouble.includes('MemoryPressure')
  const disk = trouble.includes('DiskPressure')
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid: uidOf(seed, hashText(`node/${name}`)),
      resourceVersion: '',
      creationTimestamp: stampOf(startMs + ALIVE_SINCE_MS),
      labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' },
    },
    spec: isLost ? { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }] } : {},
    status: {
      capacity: { cpu: '8', memory: '16Gi', pods: '110' },
      allocatable: { cpu: '7800m', memory: '15Gi', pods: '110' },
      conditions: [
        condition(
          'MemoryPressure',
          memory,
          memory ? 'KubeletHasInsufficientMemory' : 'KubeletHasSufficientMemory',
        ),
        condition('DiskPressure', disk, disk ? 'KubeletHasDiskPressure' : 'KubeletHasNoDiskPressure'),
        condition('Ready', true, 'KubeletReady'),
      ],
      addresses: [
        { type: 'InternalIP', address: hostIp(name) },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: {
        kubeletVersion: 'v1.32.4',
        osImage: 'Debian GNU/Linux 12 (bookworm)',
        kernelVersion: '6.1.0',
        containerRuntimeVersion: 'containerd://1.7.27',
        operatingSystem: 'linux',
        architecture: 'amd64',
      },
    },
  }
}
