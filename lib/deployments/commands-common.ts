import { holds } from '../access/holds'
import type { Scope } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import type { Since } from './changed-store'
import { type DeploymentRow, lockByNumber, touched } from './deployment-store'
import type { DeployRules } from './load-rules'
import type { Looks } from './looks'
import { nameOf, type Plan, type ServiceDefinition } from './model'
import { refusalsOf } from './refusals'

type InTx = Scope & { readonly tx: Tx }

/** answer is a command's answer: where the deployment stands now. */
export function answer(row: DeploymentRow, detail: Readonly<Record<string, unknown>>) {
  return {
    result: {
      number: row.number,
      name: nameOf(row.number),
      state: row.state,
      revision: row.revision,
      version: row.version,
      hash: row.planHash,
    },
    audit: {
      subject: `deployment:${row.number}`,
      detail: {
        service: row.service,
        environment: row.environment,
        revision: row.revision,
        hash: row.planHash,
        ...detail,
      },
    },
    touched: touched(row),
  }
}

/** serviceOf gives a service's definition; throws invalid for one that nobody defined. */
export function serviceOf(rules: DeployRules, id: string): ServiceDefinition {
  const service = rules.services.get(id)
  if (service) return service
  const known = [...rules.services.keys()].join(', ')
  throw new AppError('invalid', `No service ${id} is defined in runbooks/services. There are: ${known}.`, {
    issues: [{ path: 'service', message: 'is not defined' }],
  })
}

/** unknownItem is the error for an item that is not on this plan's checklist. */
export function unknownItem(item: string): AppError {
  return new AppError('invalid', `The checklist of this plan has no item ${item}.`, {
    issues: [{ path: 'item', message: 'is not on the checklist' }],
  })
}

/** digestFor is the digest of a plan’s image: the given one, or what the registry says of its tag; throws where it says nothing. */
export async function digestFor(
  scope: Scope,
  input: { readonly image: string; readonly tag: string; readonly digest: string | undefined },
): Promise<string> {
  if (input.digest !== undefined) return input.digest
  const prober = await scope.console.prober()
  const seen = await prober.digestOf(input.image, input.tag, scope.now)
  if (seen.kind === 'unknown')
    throw new AppError(
      'unavailable',
      `The registry could not be asked what ${input.tag} is: ${seen.why}. Name the digest.`,
    )
  if (seen.value === undefined)
    throw new AppError('invalid', `The registry has no ${input.image}:${input.tag}.`, {
      issues: [{ path: 'tag', message: 'the registry does not have it' }],
    })
  return seen.value
}

/** looksFor looks at everything that the checklist of a plan asks. */
export async function looksFor(
  scope: Scope,
  service: ServiceDefinition,
  plan: Pick<Plan, 'environment' | 'artifacts' | 'rollback'>,
): Promise<Looks> {
  const prober = await scope.console.prober()
  return prober.look(
    {
      service,
      environment: plan.environment,
      images: plan.artifacts.map(({ image, digest, tag }) => ({ image, digest, tag })),
      rollback: { image: service.image, digest: plan.rollback.digest },
    },
    scope.now,
  )
}

/** refusePlan throws what is wrong with a plan, in words and by field. */
export async function refusePlan(
  scope: InTx,
  input: {
    readonly plan: Plan
    readonly service: ServiceDefinition
    readonly looks: Looks
    readonly requesterId: string
    /** revised is the plan that this one takes the place of. */
    readonly revised?: Plan | undefined
  },
): Promise<void> {
  const people = await scope.tx.person.findMany({
    select: { id: true, handle: true, roles: true, disabledAt: true },
  })
  const refusals = refusalsOf({
    ...input,
    people: people.map((it) => ({ ...it, isActive: it.disabledAt === null })),
  })
  if (refusals.length === 0) return
  throw new AppError('invalid', refusals.map(({ message }) => message).join(' '), { issues: refusals })
}

/** refuseAtOnce throws forbidden unless whoever ticks 100 % at once may. */
export function refuseAtOnce(scope: Scope, isAtOnce: boolean | undefined): void {
  if (isAtOnce !== true || holds(scope.actor, 'deployments.at-once')) return
  throw new AppError('forbidden', 'Going to 100 % at once is ticked by a manager.')
}

/** lockSeen locks a deployment and throws conflict when it changed since the caller saw it. */
export async function lockSeen(
  tx: Tx,
  seen: { readonly number: number; readonly version: number },
): Promise<DeploymentRow> {
  const row = await lockByNumber(tx, seen.number)
  if (row.version !== seen.version) throw changedMeanwhile(row)
  return row
}

/** changedMeanwhile is the conflict of a caller that saw another version, with what changed since where that is known. */
export function changedMeanwhile(row: DeploymentRow, changed: readonly Since[] = []): AppError {
  const what = [...new Set(changed.map(({ words, by }) => `${words} by ${by}`))].join(', ')
  const words = `${nameOf(row.number)} changed meanwhile${what === '' ? '' : `: ${what}`}. Look at it again.`
  return new AppError('conflict', words, {
    current: { state: row.state, version: row.version, revision: row.revision, changed },
  })
}
