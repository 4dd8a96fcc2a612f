import { createHash } from 'node:crypto'
import { imageDigest } from '../world/images'
import type { Condition, KubeObject, ReplicaSet } from './model'
import { stampOf } from './names'
import type { PodRun, Run } from './pod-run'

type RenderInput = {
  readonly pod: PodRun
  readonly replicaSet: ReplicaSet
  readonly namespace: string
  readonly startMs: number
  readonly hostIp: (node: string) => string
}

export function podObject({ pod, replicaSet, namespace, startMs, hostIp }: RenderInput): KubeObject {
  const stamp = (offsetMs: number): string => stampOf(startMs + offsetMs)
  const { template } = pod
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: pod.name,
      generateName: `${pod.replicaSet}-`,
      namespace,
      uid: pod.uid,
      resourceVersion: '',
      creationTimestamp: stamp(pod.createdMs),
      ...(pod.deletedMs === undefined
        ? {}
        : { deletionTimestamp: stamp(pod.deletedMs), deletionGracePeriodSeconds: 2 }),
      labels: { ...template.metadata?.labels },
      ...(template.metadata?.annotations === undefined ? {} : { annotations: template.metadata.annotations }),
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: pod.replicaSet,
          uid: replicaSet.metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      ...template.spec,
      ...(pod.node === undefined ? {} : { nodeName: pod.node }),
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
      priority: 0,
    },
    status: statusOf(pod, stamp, hostIp),
  }
}

function statusOf(pod: PodRun, stamp: (offsetMs: number) => string, hostIp: (node: string) => string) {
  const conditions = conditionsOf(pod, stamp)
  if (pod.node === undefined) return { phase: 'Pending', conditions, qosClass: 'Burstable' }
  return {
    phase: pod.current === undefined && pod.last === undefined ? 'Pending' : 'Running',
    conditions,
    hostIP: hostIp(pod.node),
    ...(pod.current || pod.last ? { podIP: pod.ip, podIPs: [{ ip: pod.ip }] } : {}),
    startTime: stamp(pod.createdMs),
    containerStatuses: pod.template.spec.containers.map(({ name, image }) => ({
      name,
      image,
      imageID: pod.current || pod.last ? imageId(image) : '',
      ready: pod.ready,
      started: pod.current !== undefined,
      restartCount: pod.restarts,
      state: stateOf(pod, stamp),
      lastState:
        pod.last !== undefined && pod.phase !== 'stopped' ? { terminated: terminated(pod.last, stamp) } : {},
      ...(pod.current || pod.last
        ? { containerID: `containerd://${digestOf(`${pod.uid}/${pod.restarts}`)}` }
        : {}),
    })),
    qosClass: 'Burstable',
  }
}

function stateOf(pod: PodRun, stamp: (offsetMs: number) => string) {
  if (pod.current !== undefined) return { running: { startedAt: stamp(pod.current.startedMs) } }
  if (pod.phase === 'stopped' && pod.last !== undefined) return { terminated: terminated(pod.last, stamp) }
  const { reason, message } = pod.waiting ?? { reason: 'ContainerCreating', message: '' }
  return { waiting: { reason, ...(message === '' ? {} : { message }) } }
}

function terminated(run: Run, stamp: (offsetMs: number) => string) {
  return {
    exitCode: run.exitCode ?? 0,
    reason: run.reason ?? 'Completed',
    startedAt: stamp(run.startedMs),
    finishedAt: stamp(run.endedMs ?? run.startedMs),
  }
}

function conditionsOf(pod: PodRun, stamp: (offsetMs: number) => string): readonly Partial<Condition>[] {
  const scheduled = pod.node !== undefined
  const since = pod.readySinceMs > pod.createdMs ? pod.readySinceMs : pod.createdMs
  const at = stamp(since)
  if (!scheduled)
    return [
      {
        type: 'PodScheduled',
        status: 'False',
        lastTransitionTime: stamp(pod.createdMs),
        ...(pod.waiting ? { reason: pod.waiting.reason, message: pod.waiting.message } : {}),
      },
    ]
  const names = pod.template.spec.containers.map(({ name }) => name).join(' ')
  const unready = { reason: 'ContainersNotReady', message: `containers with unready status: [${names}]` }
  const readiness = (type: string): Partial<Condition> => ({
    type,
    status: pod.ready ? 'True' : 'False',
    lastTransitionTime: at,
    ...(pod.ready ? {} : unready),
  })
  return [
    { type: 'Initialized', status: 'True', lastTransitionTime: stamp(pod.createdMs) },
    readiness('Ready'),
    readiness('ContainersReady'),
    { type: 'PodScheduled', status: 'True', lastTransitionTime: stamp(pod.createdMs) },
  ]
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function imageId(image: string): string {
  if (image.includes('@sha256:')) return image
  const slash = image.lastIndexOf('/')
  const colon = image.indexOf(':', slash)
  return `${colon < 0 ? image : image.slice(0, colon)}@${imageDigest(image)}`
}
