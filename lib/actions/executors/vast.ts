import { z } from 'zod'
import type { Clock } from '../../platform/clock'
import { redactText } from '../../platform/redact'
import {
  type AnyExecutor,
  anyExecutor,
  type Captured,
  type DryRun,
  type Executor,
  type Outcome,
  type Parsed,
  type Plan,
  type Planned,
  type Probed,
  type Refusal,
} from '../executor'
import { lookExecutor } from './look'
import { openVastApi, type Triple, type VastApi, type VastTarget } from './vast-api'

/** VAST_SETTLE_MS is how long a lost request may still be carried out; before that an unchanged state proves nothing. */
export const VAST_SETTLE_MS = 12_000

/** A restart that was accepted may leave the word “running” standing for a moment. */
const RESTART_SHOWS_MS = 10_000
const RESTART_FAILS_MS = 180_000
const LABEL_MAX = 100
/** The endpoint of an instance answers one call in two seconds: every second one is left to people. */
const LOOKS = { of: 'vast', everyMs: 4_400 }

const instance = z.string().regex(/^[1-9][0-9]{0,11}$/, 'must be an instance’s number')
const one = z.strictObject({ instance })
const labelled = z.strictObject({
  instance,
  /** One line of plain characters: the provider shows it to everybody with the account. */
  label: z
    .string()
    .max(LABEL_MAX, `at most ${LABEL_MAX} characters`)
    .regex(/^[A-Za-z0-9 ._:@/+-]*$/, 'only letters, digits, spaces and . _ : @ / + -'),
})
const logged = z.strictObject({ instance, tail: z.number().int().min(1).max(2_000).default(200) })

type OneParams = z.output<typeof one>
type LabelParams = z.output<typeof labelled>

/** Erased says, one sentence each, what is lost for good when an instance's container is made anew; empty when nothing is. */
export type Erased = (instance: { readonly id: string; readonly label: string }) => Promise<readonly string[]>

/** Hand is what reaches an instance: the provider's calls, and what we know to be only in its container. */
type Hand = { readonly api: VastApi; readonly erased: Erased }

/** vastExecutors builds the actions on instances: reboot, recycle, start, label and logs. There is no stop: it gives the GPU away. */
export function vastExecutors(
  target: VastTarget & { readonly clock: Clock; readonly erased: Erased },
): readonly AnyExecutor[] {
  const api = openVastApi(target)
  const hand: Hand = { api, erased: target.erased }
  return [
    anyExecutor(instanceExecutor(hand, REBOOT)),
    anyExecutor(instanceExecutor(hand, RECYCLE)),
    anyExecutor(instanceExecutor(hand, START)),
    anyExecutor(instanceExecutor(hand, LABEL)),
    anyExecutor(
      lookExecutor({
        id: 'vast.logs',
        parse: (given) => parsed(logged, given),
        subject: ({ instance: id }) => `instance/${id}`,
        command: ({ instance: id, tail }) => `vastai logs ${id} --tail ${tail}`,
        path: ({ instance: id }) => `/api/v0/instances/request_logs/${id}/`,
        effect: 'the newest lines of the container’s log are shown, redacted',
        take: async ({ instance: id, tail }) => {
          const got = await api.log(id, tail)
          if (got.kind !== 'log') return got
          const output = redactText(got.text)
          const lines = output.split('\n').filter(Boolean).length
          return { kind: 'seen', detail: `${lines} lines`, output }
        },
      }),
    ),
  ]
}

function parsed<Params>(schema: z.ZodType<Params>, given: unknown): Parsed<Params> {
  const result = schema.safeParse(given)
  if (result.success) return { ok: true, params: result.data }
  const issues = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  return { ok: false, issues }
}

type Kind<Params extends { readonly instance: string }> = {
  readonly id: string
  readonly risk: 'change' | 'dangerous'
  readonly schema: z.ZodType<Params>
  readonly path: (id: string) => string
  readonly body: (params: Params) => unknown
  readonly command: (params: Params) => string
  readonly effect: string
  /** isErasing: what is only in the container is lost with it. */
  readonly isErasing?: true
  /** unfit says why this can't be done to an instance in this state. */
  readonly unfit: (triple: Triple, params: Params) => Refusal | undefined
  readonly undo: (params: Params, triple: Triple) => Plan['undo'] | undefined
  /** judge reads from the states whether it was done and what came of it. */
  readonly judge: (now: Triple, plan: Plan, at: JudgedAt) => Probed
}

type JudgedAt = { readonly sinceSentMs: number; readonly isApplied: boolean }

function refuse(why: Refusal['why'], detail: string): Refusal {
  return { kind: 'refused', why, detail }
}

function notRunning({ actual, intended, allocation }: Triple): Refusal | undefined {
  if (intended !== 'running' || allocation !== 'running')
    return refuse(
      'not-possible',
      `the instance holds no GPU now (intended ${intended || 'unknown'}, allocation ${allocation || 'unknown'}): a restart can’t bring it back`,
    )
  if (actual === 'offline')
    return refuse('not-possible', 'the host is offline: nothing there could be restarted')
  return undefined
}

function judgeRestart(
  { actual, intended, message }: Triple,
  plan: Plan,
  { sinceSentMs, isApplied }: JudgedAt,
): Probed {
  const words = `actual ${actual || 'unknown'}, intended ${intended || 'unknown'}${message === '' ? '' : `: ${message}`}`
  const isComingUp = ['rebooting', 'recycling', 'created', 'loading', 'connecting'].includes(actual)
  if (isComingUp && plan.expects.actual !== actual)
    return { kind: 'applied', effect: 'pending', detail: words }
  const isRunning = actual === 'running' && intended === 'running'
  if (isApplied) {
    const isShown = isRunning && sinceSentMs >= RESTART_SHOWS_MS
    const isLost = intended !== 'running' || (actual === 'exited' && sinceSentMs >= RESTART_FAILS_MS)
    return { kind: 'applied', effect: isShown ? 'reached' : isLost ? 'failed' : 'pending', detail: words }
  }
  if (isRunning && plan.expects.actual !== 'running')
    return { kind: 'applied', effect: 'reached', detail: words }
  // It ran before and runs now: whether it was restarted in between can’t be seen.
  return { kind: 'unknown', detail: `${words}; whether it was restarted in between can’t be seen` }
}

const RESTART = {
  schema: one,
  body: () => ({}),
  unfit: notRunning,
  undo: () => undefined,
  judge: judgeRestart,
}

const REBOOT: Kind<OneParams> = {
  ...RESTART,
  id: 'vast.reboot',
  risk: 'change',
  path: (id) => `/api/v0/instances/reboot/${id}/`,
  command: ({ instance: id }) => `vastai reboot instance ${id}`,
  effect: 'the container stops and starts; GPU and disk stay ours',
}

const RECYCLE: Kind<OneParams> = {
  ...RESTART,
  id: 'vast.recycle',
  risk: 'dangerous',
  isErasing: true,
  path: (id) => `/api/v0/instances/recycle/${id}/`,
  command: ({ instance: id }) => `vastai recycle instance ${id}`,
  effect:
    'the container is destroyed and made anew from its image; what was only in it is lost, the GPU stays ours',
}

const START: Kind<OneParams> = {
  id: 'vast.start',
  risk: 'change',
  schema: one,
  path: (id) => `/api/v0/instances/${id}/`,
  body: () => ({ state: 'running' }),
  command: ({ instance: id }) => `vastai start instance ${id}`,
  effect: 'the instance gets a GPU again if its machine has one free',
  unfit: ({ actual, intended }) =>
    actual === 'running' && intended === 'running'
      ? refuse('not-needed', 'the instance is running already')
      : undefined,
  undo: () => undefined,
  judge: ({ actual, intended, allocation, message }, _plan, { sinceSentMs }) => {
    const words = `actual ${actual || 'unknown'}, intended ${intended || 'unknown'}, allocation ${allocation || 'unknown'}${message === '' ? '' : `: ${message}`}`
    if (actual === 'running' && intended === 'running')
      return { kind: 'applied', effect: 'reached', detail: words }
    if (intended === 'running' && allocation === 'running')
      return { kind: 'applied', effect: 'pending', detail: words }
    if (sinceSentMs < VAST_SETTLE_MS)
      return { kind: 'unknown', detail: `${words}; a lost request may still be carried out` }
    return { kind: 'not-applied', detail: words }
  },
}

const LABEL: Kind<LabelParams> = {
  id: 'vast.label',
  risk: 'change',
  schema: labelled,
  path: (id) => `/api/v0/instances/${id}/`,
  body: ({ label }) => ({ label }),
  command: ({ instance: id, label }) => `vastai label instance ${id} '${label}'`,
  effect: 'the instance carries the label; nothing else changes',
  unfit: (triple, { label }) =>
    triple.label === label ? refuse('not-needed', `the label is ${label || 'empty'} already`) : undefined,
  // What looks like a secret is not kept, so that it can’t be put back either.
  undo: ({ instance: id }, triple) =>
    redactText(triple.label) === triple.label &&
    labelled.safeParse({ instance: id, label: triple.label }).success
      ? { executor: 'vast.label', params: { instance: id, label: triple.label } }
      : undefined,
  judge: ({ label }, plan, { sinceSentMs }) => {
    if (label === plan.params.label)
      return { kind: 'applied', effect: 'reached', detail: `the label is ${label || 'empty'}` }
    const detail = `the label is still ${label || 'empty'}`
    return sinceSentMs < VAST_SETTLE_MS
      ? { kind: 'unknown', detail: `${detail}; a lost request may still be carried out` }
      : { kind: 'not-applied', detail }
  },
}

function instanceExecutor<Params extends { readonly instance: string }>(
  hand: Hand,
  kind: Kind<Params>,
): Executor<Params> {
  const { api } = hand
  return {
    id: kind.id,
    risk: kind.risk,
    parse: (given) => parsed(kind.schema, given),
    plan: (params, { runId }) => plan(hand, kind, params, runId),
    // The provider has no dry run, and asking for the instance twice in a moment would only cost quota.
    dryRun: async (): Promise<DryRun> => ({
      kind: 'would-do',
      detail: 'the provider has no dry run; the instance was read just now and fits',
    }),
    execute: (planned) => execute(hand, kind.isErasing === true, planned),
    looks: LOOKS,
    probe: async (planned, { sentAt, now, isApplied = false }): Promise<Probed> => {
      const got = await api.instance(String(planned.params.instance))
      if (got.kind === 'refused' && got.why === 'not-found')
        return { kind: 'not-applied', detail: 'there is no such instance any more' }
      if (got.kind !== 'instance') return { kind: 'unknown', detail: got.detail }
      return kind.judge(got.triple, planned, { sinceSentMs: now.getTime() - sentAt.getTime(), isApplied })
    },
    evidence: (planned) => evidence(api, String(planned.params.instance)),
  }
}

async function plan<Params extends { readonly instance: string }>(
  { api, erased }: Hand,
  kind: Kind<Params>,
  params: Params,
  runId: string,
): Promise<Planned> {
  const { instance: id } = params
  const got = await api.instance(id)
  if (got.kind !== 'instance') return got
  const { triple } = got
  const unfit = kind.unfit(triple, params)
  if (unfit) return unfit
  const held = kind.isErasing ? await heldBy(erased, id, triple) : undefined
  if (held) return held
  const undo = kind.undo(params, triple)
  return {
    kind: 'plan',
    plan: {
      executor: kind.id,
      runId,
      subject: `instance/${id}`,
      params: { ...params },
      command: kind.command(params),
      expects: { actual: triple.actual, intended: triple.intended, allocation: triple.allocation },
      steps: [
        {
          method: 'PUT',
          path: kind.path(id),
          contentType: 'application/json',
          body: JSON.stringify(kind.body(params)),
        },
      ],
      before: { ...triple, label: redactText(triple.label), message: redactText(triple.message) },
      ...(undo ? { undo } : {}),
      effect: kind.effect,
    },
  }
}

/** What cannot be asked forbids it as well: erased is erased. */
async function heldBy(erased: Erased, id: string, { label }: Triple): Promise<Refusal | undefined> {
  try {
    const lost = await erased({ id, label })
    return lost.length === 0 ? undefined : refuse('held', lost.join(' '))
  } catch {
    return refuse('unreachable', 'whether a hotfix is only in this container could not be asked')
  }
}

function changedSince({ actual, intended, allocation }: Triple, { expects }: Plan): Refusal | undefined {
  if (actual === expects.actual && intended === expects.intended && allocation === expects.allocation)
    return undefined
  return refuse(
    'changed-meanwhile',
    `the instance was ${expects.actual || 'unknown'} and is ${actual || 'unknown'} now (intended ${intended || 'unknown'}, allocation ${allocation || 'unknown'})`,
  )
}

async function execute({ api, erased }: Hand, isErasing: boolean, planned: Plan): Promise<Outcome> {
  const [step] = planned.steps
  if (!step) return refuse('invalid', 'the plan has no step')
  const id = String(planned.params.instance)
  const got = await api.instance(id)
  if (got.kind === 'unknown') return refuse('unreachable', got.detail)
  if (got.kind === 'refused') return got
  const changed = changedSince(got.triple, planned)
  if (changed) return changed
  const held = isErasing ? await heldBy(erased, id, got.triple) : undefined
  return held ?? api.put(step)
}

async function evidence(api: VastApi, id: string): Promise<readonly Captured[]> {
  const [got, log] = await Promise.all([api.instance(id), api.log(id, 2_000)])
  return [
    got.kind === 'instance'
      ? { name: `instance ${id}: states`, text: JSON.stringify(got.triple, null, 2) }
      : { name: `instance ${id}: states`, text: '', problem: got.detail },
    log.kind === 'log'
      ? { name: `instance ${id}: log`, text: redactText(log.text) }
      : { name: `instance ${id}: log`, text: '', problem: log.detail },
  ]
}
