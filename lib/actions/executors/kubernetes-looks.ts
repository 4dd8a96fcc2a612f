import { z } from 'zod'
import type { Captured, Doubt, Executor, Refusal } from '../executor'
import { type LogParams, paramsOf, type RestartParams, type SecretParams } from './kubernetes-params'
import { kubernetesReads, type LogsRead, type StatusRead } from './kubernetes-reads'
import { lookExecutor, type Seen } from './look'

type Target = Parameters<typeof kubernetesReads>[0]

const logInput = z.looseObject({})

/** kubernetesLooks are the looks at deployments and secrets as actions of the lightest class. */
export function kubernetesLooks(target: Target): {
  readonly status: Executor<RestartParams>
  readonly logs: Executor<LogParams>
  readonly presence: Executor<SecretParams>
} {
  const reads = kubernetesReads(target)
  const params = paramsOf(target.bounds)
  const { namespace } = target.bounds
  return {
    status: lookExecutor({
      id: 'kubernetes.status',
      parse: params.restart,
      subject: ({ deployment }) => `deployment/${deployment}`,
      command: ({ deployment }) => `kubectl -n ${namespace} rollout status deployment/${deployment}`,
      path: ({ deployment }) => `/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`,
      effect: 'the rollout’s state and the revisions that it could go back to are shown',
      take: async ({ deployment }) => statusSeen(await reads.status(deployment)),
    }),
    logs: lookExecutor({
      id: 'kubernetes.logs',
      parse: (given) => params.logs(logInput.parse(given)),
      subject: ({ deployment }) => `deployment/${deployment}`,
      command: ({ deployment, sinceSeconds, tailLines }) =>
        `kubectl -n ${namespace} logs deployment/${deployment} --all-pods --since=${sinceSeconds}s --tail=${tailLines}`,
      path: () => `/api/v1/namespaces/${namespace}/pods`,
      effect: 'the newest lines of every pod are shown, redacted',
      take: async (wanted) => logsSeen(await reads.logs(wanted)),
    }),
    presence: lookExecutor({
      id: 'kubernetes.presence',
      parse: params.secret,
      subject: ({ secret }) => `secret/${secret}`,
      command: ({ secret }) =>
        `kubectl -n ${namespace} get secret ${secret} -o jsonpath='{.metadata.resourceVersion}'`,
      path: ({ secret }) => `/api/v1/namespaces/${namespace}/secrets/${secret}`,
      effect: 'whether the secret is there is shown; no value is asked for',
      take: async ({ secret, key }) => {
        const read = await reads.presence(secret)
        if (read.kind !== 'presence') return read
        const words = read.present
          ? `secret ${secret} is there (version ${read.resourceVersion}); whether it holds ${key} is not asked, because the answer would carry values`
          : `there is no secret ${secret}`
        return { kind: 'seen', detail: words, output: words }
      },
    }),
  }
}

function statusSeen(read: StatusRead | Refusal | Doubt): Seen {
  if (read.kind !== 'status') return read
  const detail = `the rollout is ${read.rollout}: ${read.ready} of ${read.desired} ready, ${read.updated} updated`
  return { kind: 'seen', detail, output: statusText(read) }
}

function statusText(read: StatusRead): string {
  const revisions = read.revisions.map(
    (it) =>
      `  ${it.revision === read.revision ? '*' : ' '} revision ${it.revision}  ${it.images.join(', ')}  ${it.cause}`,
  )
  return [
    `rollout: ${read.rollout}`,
    `replicas: ${read.desired} wanted, ${read.ready} ready, ${read.updated} updated`,
    `images: ${read.images.join(', ')}`,
    'revisions:',
    ...revisions,
  ].join('\n')
}

function logsSeen(read: LogsRead | Refusal | Doubt): Seen {
  if (read.kind !== 'logs') return read
  const lines = read.pods.reduce((sum, pod) => sum + pod.text.split('\n').filter(Boolean).length, 0)
  const missing = read.pods.filter((pod) => pod.problem !== undefined)
  const hole = missing.length === 0 ? '' : `; ${missing.length} could not be read`
  return {
    kind: 'seen',
    detail: `${lines} lines of ${read.pods.length} pods${hole}`,
    output: read.pods
      .map((pod) => `=== ${pod.pod}${pod.problem === undefined ? '' : ` (${pod.problem})`}\n${pod.text}`)
      .join('\n'),
  }
}

const EVIDENCE_LOG = { sinceSeconds: 3_600, tailLines: 2_000 }

/** deploymentEvidence reads what a change of a deployment replaces: its rollout's state, its revisions and its pods' logs. */
export function deploymentEvidence(target: Target): (deployment: string) => Promise<readonly Captured[]> {
  const reads = kubernetesReads(target)
  return async (deployment) => {
    const [status, logs] = await Promise.all([
      reads.status(deployment),
      reads.logs({ deployment, ...EVIDENCE_LOG }),
    ])
    const state: Captured =
      status.kind === 'status'
        ? { name: `${deployment}: rollout and revisions`, text: statusText(status) }
        : { name: `${deployment}: rollout and revisions`, text: '', problem: status.detail }
    if (logs.kind !== 'logs')
      return [state, { name: `${deployment}: logs of the last hour`, text: '', problem: logs.detail }]
    return [
      state,
      ...logs.pods.map((pod) => ({
        name: `${pod.pod}: log of the last hour`,
        text: pod.text,
        ...(pod.problem === undefined ? {} : { problem: pod.problem }),
      })),
    ]
  }
}
