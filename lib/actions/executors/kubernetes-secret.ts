import { rememberSecret } from '../../platform/redact'
import type { Executor, Outcome, Plan, Planned, Probed, Refusal, Secrets } from '../executor'
import { type KubernetesApi, secretPatch } from './kubernetes-api'
import { failureOf } from './kubernetes-outcome'
import { isSecretValue, RUN_ID, type SecretParams } from './kubernetes-params'
import { fieldsOf, RUNS, runsOf, runsWith } from './kubernetes-patches'

/** SECRET_WORD stands in plans and commands where the value will be. */
export const SECRET_WORD = '(value given at confirmation)'

type SecretKit = {
  readonly api: KubernetesApi
  readonly namespace: string
  readonly settleMs: number
  readonly parse: Executor<SecretParams>['parse']
}

/** secretExecutor puts one value into one key of a secret; the value comes as `secrets.value`, and no value is ever read. */
export function secretExecutor({ api, namespace, settleMs, parse }: SecretKit): Executor<SecretParams> {
  return {
    id: 'kubernetes.secret',
    risk: 'dangerous',
    secretNames: ['value'],
    parse,
    plan: (params, { runId }) => plan({ api, namespace }, params, runId),
    dryRun: async (planned, secrets) => {
      const step = stepWith(planned, secrets)
      if ('kind' in step) return step
      const got = await api.patch(step, true)
      if (got.ok) return { kind: 'would-do', detail: 'the server checked the change and would make it' }
      return failureOf(got.answer)
    },
    execute: (planned, secrets) => execute(api, planned, secrets),
    probe: (planned, at) => probe(api, planned, { ...at, settleMs }),
  }
}

async function plan(
  { api, namespace }: Pick<SecretKit, 'api' | 'namespace'>,
  { secret, key }: SecretParams,
  runId: string,
): Promise<Planned> {
  if (!RUN_ID.test(runId)) return refuse('invalid', 'the run’s id has another form')
  const got = await api.secretMetadata(secret)
  if (!got.ok) return failureOf(got.answer)
  const { resourceVersion } = fieldsOf(got.object.metadata)
  // The version is the precondition: whoever writes the secret meanwhile makes this patch a conflict.
  const patch = {
    metadata: { resourceVersion, annotations: { [RUNS]: runsWith(got.object, runId) } },
    data: { [key]: SECRET_WORD },
  }
  return {
    kind: 'plan',
    plan: {
      executor: 'kubernetes.secret',
      runId,
      subject: `secret/${secret}`,
      params: { secret, key },
      command: `kubectl -n ${namespace} patch secret ${secret} --type=merge -p '{"data":{"${key}":"${SECRET_WORD}"}}'`,
      expects: { resourceVersion: String(resourceVersion) },
      steps: [secretPatch(namespace, secret, patch)],
      before: {},
      effect: `${key} has the new value; pods read it when they start, so restart the deployment afterwards`,
    },
  }
}

function refuse(why: Refusal['why'], detail: string): Refusal {
  return { kind: 'refused', why, detail }
}

function stepWith({ steps, params }: Plan, { value = '' }: Secrets): Plan['steps'][number] | Refusal {
  const [step] = steps
  if (!step) return refuse('invalid', 'the plan has no step')
  if (!isSecretValue(value))
    return refuse('invalid', 'the value must be 8 to 4096 visible characters without spaces')
  rememberSecret(value)
  const body = fieldsOf(JSON.parse(step.body))
  const data = { [String(params.key)]: Buffer.from(value, 'utf8').toString('base64') }
  return { ...step, body: JSON.stringify({ ...body, data }) }
}

async function execute(api: KubernetesApi, planned: Plan, secrets: Secrets): Promise<Outcome> {
  const step = stepWith(planned, secrets)
  if ('kind' in step) return step
  const before = await api.secretMetadata(String(planned.params.secret))
  if (!before.ok) {
    const why = failureOf(before.answer)
    return why.kind === 'unknown' ? refuse('unreachable', why.detail) : why
  }
  if (runsOf(before.object).includes(planned.runId))
    return { kind: 'already', detail: 'the secret carries the mark of this run' }
  const got = await api.patch(step, false)
  if (!got.ok) return failureOf(got.answer)
  const { resourceVersion } = fieldsOf(got.object.metadata)
  return {
    kind: 'done',
    detail: 'the server made the change',
    marks: { resourceVersion: String(resourceVersion) },
  }
}

type ProbeAt = { readonly sentAt: Date; readonly now: Date; readonly settleMs: number }

async function probe(api: KubernetesApi, planned: Plan, { sentAt, now, settleMs }: ProbeAt): Promise<Probed> {
  const got = await api.secretMetadata(String(planned.params.secret))
  if (!got.ok) {
    const why = failureOf(got.answer)
    if (why.kind === 'refused' && why.why === 'not-found')
      return { kind: 'not-applied', detail: 'there is no such secret any more' }
    return { kind: 'unknown', detail: why.detail }
  }
  if (runsOf(got.object).includes(planned.runId))
    return { kind: 'applied', effect: 'reached', detail: 'the secret carries the mark of this run' }
  if (now.getTime() - sentAt.getTime() < settleMs)
    return { kind: 'unknown', detail: 'no mark of this run yet; a lost request may still be carried out' }
  return { kind: 'not-applied', detail: 'the secret carries no mark of this run' }
}
