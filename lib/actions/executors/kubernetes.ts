import type { Clock } from '../../platform/clock'
import type {
  Captured,
  Choices,
  DryRun,
  Executor,
  Outcome,
  Plan,
  Planned,
  Probed,
  Refusal,
  Secrets,
} from '../executor'
import {
  deploymentPatch,
  type KubernetesApi,
  type KubernetesTarget,
  openKubernetesApi,
  ownedBy,
  selectorOf,
} from './kubernetes-api'
import { deploymentEvidence } from './kubernetes-looks'
import { failureOf } from './kubernetes-outcome'
import {
  type EnvParams,
  type KubernetesBounds,
  paramsOf,
  type RestartParams,
  RUN_ID,
  type SecretParams,
  type UndoParams,
} from './kubernetes-params'
import {
  bareTemplate,
  containersOf,
  envPatch,
  type Fields,
  fieldsOf,
  isSame,
  listOf,
  restartPatch,
  runsOf,
  templateOf,
  undoPatch,
} from './kubernetes-patches'
import { kubernetesReads, rolloutOf } from './kubernetes-reads'
import { secretExecutor } from './kubernetes-secret'

/** KubernetesExecutors are the Kubernetes actions of one installation, within its bounds. */
export type KubernetesExecutors = {
  readonly env: Executor<EnvParams>
  readonly restart: Executor<RestartParams>
  readonly undo: Executor<UndoParams>
  readonly secret: Executor<SecretParams>
}

type Kit = {
  readonly api: KubernetesApi
  readonly namespace: string
  readonly clock: Clock
  readonly evidence: (deployment: string) => Promise<readonly Captured[]>
}

/** SETTLE_MS is how long a lost request may still be carried out; before that a missing mark proves nothing. */
export const SETTLE_MS = 12_000

const REVISION = 'deployment.kubernetes.io/revision'

/** kubernetesExecutors builds the actions on deployments and secrets: they send what was planned by one patch each, and nothing else. */
export function kubernetesExecutors(
  target: Omit<KubernetesTarget, 'namespace'> & { readonly bounds: KubernetesBounds; readonly clock: Clock },
): KubernetesExecutors {
  const { bounds, clock, ...rest } = target
  const { namespace } = bounds
  const api = openKubernetesApi({ ...rest, namespace })
  const kit: Kit = { api, namespace, clock, evidence: deploymentEvidence({ ...rest, bounds }) }
  const params = paramsOf(bounds)
  return {
    env: deploymentExecutor<EnvParams>(kit, {
      id: 'kubernetes.env',
      risk: 'change',
      parse: params.env,
      plan: planEnv,
    }),
    restart: deploymentExecutor<RestartParams>(kit, {
      id: 'kubernetes.restart',
      risk: 'change',
      parse: params.restart,
      plan: planRestart,
    }),
    undo: {
      ...deploymentExecutor<UndoParams>(kit, {
        id: 'kubernetes.undo',
        risk: 'dangerous',
        parse: params.undo,
        plan: planUndo,
      }),
      choices: (param) => revisionChoices({ ...rest, bounds }, param),
    },
    secret: secretExecutor({ api, namespace, settleMs: SETTLE_MS, parse: params.secret }),
  }
}

type Found = { readonly deployment: Fields; readonly kit: Kit; readonly runId: string }
/** Prepared is what is special about one action's plan. */
type Prepared = Pick<Plan, 'params' | 'command' | 'before' | 'undo' | 'effect'> & { readonly patch: unknown }
type Kind<Params> = {
  readonly id: string
  readonly risk: Executor<Params>['risk']
  readonly parse: Executor<Params>['parse']
  readonly plan: (
    params: Params,
    found: Found,
  ) => Promise<Prepared | Refusal | { kind: 'unknown'; detail: string }>
}

function deploymentExecutor<Params extends { readonly deployment: string }>(
  kit: Kit,
  { id, risk, parse, plan }: Kind<Params>,
): Executor<Params> {
  return {
    id,
    risk,
    parse,
    plan: async (params, { runId }): Promise<Planned> => {
      if (!RUN_ID.test(runId)) return refuse('invalid', 'the run’s id has another form')
      const { deployment: name } = params
      const got = await kit.api.deployment(name)
      if (!got.ok) return failureOf(got.answer)
      const prepared = await plan(params, { deployment: got.object, kit, runId })
      if ('kind' in prepared) return prepared
      const { patch, ...told } = prepared
      const metadata = fieldsOf(got.object.metadata)
      return {
        kind: 'plan',
        plan: {
          executor: id,
          runId,
          subject: `deployment/${name}`,
          ...told,
          expects: { uid: String(metadata.uid), generation: Number(metadata.generation) },
          steps: [deploymentPatch(kit.namespace, name, patch)],
        },
      }
    },
    dryRun: (planned) => dryRun(kit, planned),
    execute: (planned) => execute(kit, planned),
    probe: (planned, at) => probe(kit, planned, at),
    evidence: (planned) => kit.evidence(String(planned.params.deployment)),
  }
}

/** The revisions of every connected deployment that it could go back to, newest first, the present one left out. */
async function revisionChoices(
  target: Parameters<typeof kubernetesReads>[0],
  param: string,
): Promise<Choices> {
  if (param !== 'revision') return { kind: 'choices', choices: [] }
  const reads = kubernetesReads(target)
  const { deployments } = target.bounds
  const found = await Promise.all(
    deployments.map(async (deployment) => ({ deployment, read: await reads.status(deployment) })),
  )
  const failed = found.map(({ read }) => read).find((read) => read.kind !== 'status')
  if (failed && found.every(({ read }) => read.kind !== 'status')) return failed
  return {
    kind: 'choices',
    choices: found.flatMap(({ deployment, read }) =>
      read.kind !== 'status'
        ? []
        : read.revisions
            .filter((it) => it.revision !== read.revision)
            .map(({ revision, images, cause }) => ({
              value: `${deployment}/${revision}`,
              label: `${deployment}, revision ${revision}: ${images.join(', ')}${cause === '' ? '' : ` (${cause})`}`,
              params: { deployment, revision, images },
            })),
    ),
  }
}

function refuse(why: Refusal['why'], detail: string): Refusal {
  return { kind: 'refused', why, detail }
}

function isPaused(deployment: Fields): boolean {
  return fieldsOf(deployment.spec).paused === true
}

const PAUSED = 'the deployment’s rollout is paused; resume it first'

async function planEnv(
  { deployment: name, container: named, name: variable, value }: EnvParams,
  { deployment, kit, runId }: Found,
): Promise<Prepared | Refusal> {
  const container = named ?? containerWith(deployment, variable)
  if (container === undefined)
    return refuse('invalid', `several containers could take ${variable}: name the one`)
  const found = containersOf(deployment).find((one) => one.name === container)
  const entry = listOf(found?.env).find((one) => one.name === variable)
  if (entry?.value === value) return refuse('not-needed', `${variable} is ${value} already`)
  if (entry?.valueFrom !== undefined)
    return refuse('not-possible', `${variable} comes from a secret or a map, not from the deployment`)
  const patch = envPatch(deployment, { container, name: variable, value, runId })
  if (!patch) return refuse('not-found', `the deployment has no container named ${container}`)
  const before = typeof entry?.value === 'string' ? entry.value : undefined
  return {
    params: { deployment: name, container, name: variable, value },
    command: `kubectl -n ${kit.namespace} set env deployment/${name} -c ${container} ${variable}=${value}`,
    before: { [variable]: before ?? null },
    ...(before === undefined
      ? {}
      : {
          undo: {
            executor: 'kubernetes.env',
            params: { deployment: name, container, name: variable, value: before },
          },
        }),
    effect: isPaused(deployment)
      ? `${variable} is ${value} in the template; pods get it when the rollout is resumed`
      : `new pods with ${variable}=${value} replace the old ones`,
    patch,
  }
}

/** The container that has the variable already, or the only one. */
function containerWith(deployment: Fields, variable: string): string | undefined {
  const all = containersOf(deployment)
  const having = all.filter((one) => listOf(one.env).some((it) => it.name === variable))
  const [only, ...others] = having.length > 0 ? having : all
  return only && others.length === 0 ? String(only.name) : undefined
}

async function planRestart(
  { deployment: name }: RestartParams,
  { deployment, kit, runId }: Found,
): Promise<Prepared | Refusal> {
  if (isPaused(deployment)) return refuse('not-possible', PAUSED)
  return {
    params: { deployment: name },
    command: `kubectl -n ${kit.namespace} rollout restart deployment/${name}`,
    before: { revision: revisionOf(deployment) },
    effect: 'every pod is replaced by a new one of the same template',
    patch: restartPatch(deployment, { at: kit.clock.now(), runId }),
  }
}

async function planUndo(
  { deployment: name, revision, images }: UndoParams,
  { deployment, kit, runId }: Found,
): Promise<Prepared | Refusal | { kind: 'unknown'; detail: string }> {
  if (isPaused(deployment)) return refuse('not-possible', PAUSED)
  const got = await kit.api.replicaSets(selectorOf(deployment))
  if (!got.ok) return failureOf(got.answer)
  const owned = ownedBy(got.object, fieldsOf(deployment.metadata).uid)
  const replicaSet = owned.find((one) => revisionOf(one) === revision)
  if (!replicaSet) return refuse('not-found', `the cluster keeps no revision ${revision} any more`)
  const has = imagesOf(replicaSet)
  if (!isSame([...has].sort(), [...images].sort()))
    return refuse(
      'changed-meanwhile',
      `revision ${revision} has the images ${has.join(', ')}, not those recorded`,
    )
  if (isSame(bareTemplate(replicaSet), templateOf(deployment)))
    return refuse('not-needed', `the deployment has the template of revision ${revision} already`)
  const now = revisionOf(deployment)
  return {
    params: { deployment: name, revision, images },
    command: `kubectl -n ${kit.namespace} rollout undo deployment/${name} --to-revision=${revision}`,
    before: { revision: now, images: imagesOf(deployment) },
    undo: {
      executor: 'kubernetes.undo',
      params: { deployment: name, revision: now, images: imagesOf(deployment) },
    },
    effect: `the template of revision ${revision} comes back as revision ${Math.max(...owned.map(revisionOf)) + 1}`,
    patch: undoPatch(deployment, { replicaSet, runId }),
  }
}

function revisionOf(object: Fields): number {
  return Number(fieldsOf(fieldsOf(object.metadata).annotations)[REVISION] ?? 0)
}

function imagesOf(object: Fields): readonly string[] {
  return containersOf(object).map((one) => String(one.image))
}

async function dryRun({ api }: Kit, { steps }: Plan): Promise<DryRun> {
  const [step] = steps
  if (!step) return refuse('invalid', 'the plan has no step')
  const got = await api.patch(step, true)
  if (got.ok) return { kind: 'would-do', detail: 'the server checked the change and would make it' }
  return failureOf(got.answer)
}

async function execute({ api }: Kit, plan: Plan, _secrets: Secrets = {}): Promise<Outcome> {
  const [step] = plan.steps
  const name = String(plan.params.deployment)
  if (!step) return refuse('invalid', 'the plan has no step')
  const before = await api.deployment(name)
  if (!before.ok) {
    const why = failureOf(before.answer)
    // Nothing was sent yet: a look that fails is no doubt about the change.
    return why.kind === 'unknown' ? refuse('unreachable', why.detail) : why
  }
  if (runsOf(before.object).includes(plan.runId))
    return { kind: 'already', detail: 'the deployment carries the mark of this run' }
  const got = await api.patch(step, false)
  if (!got.ok) return failureOf(got.answer)
  const metadata = fieldsOf(got.object.metadata)
  return {
    kind: 'done',
    detail: 'the server made the change',
    marks: { generation: Number(metadata.generation), resourceVersion: String(metadata.resourceVersion) },
  }
}

async function probe(
  { api }: Kit,
  plan: Plan,
  { sentAt, now }: { readonly sentAt: Date; readonly now: Date },
): Promise<Probed> {
  const got = await api.deployment(String(plan.params.deployment))
  if (!got.ok) {
    const why = failureOf(got.answer)
    if (why.kind === 'refused' && why.why === 'not-found')
      return { kind: 'not-applied', detail: 'there is no such deployment any more' }
    return { kind: 'unknown', detail: why.detail }
  }
  if (!runsOf(got.object).includes(plan.runId)) {
    if (now.getTime() - sentAt.getTime() < SETTLE_MS)
      return { kind: 'unknown', detail: 'no mark of this run yet; a lost request may still be carried out' }
    return { kind: 'not-applied', detail: 'the deployment carries no mark of this run' }
  }
  const rollout = rolloutOf(got.object)
  const effect = rollout === 'complete' ? 'reached' : rollout === 'deadline-exceeded' ? 'failed' : 'pending'
  return { kind: 'applied', effect, detail: `the rollout is ${rollout}` }
}
