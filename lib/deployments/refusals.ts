import { unfillable } from './approvals'
import { noCanary } from './exposure'
import type { Looks } from './looks'
import { type Plan, type ServiceDefinition, shortDigest } from './model'
import type { Situation } from './situation'

/** Refusal is one thing that keeps a plan from being submitted: where, and what to do. */
export type Refusal = { readonly path: string; readonly message: string }

/** refusalsOf says what is wrong with a plan before anybody is asked to approve it; rules D-SUB. What is only not known refuses nothing. */
export function refusalsOf(input: {
  readonly plan: Plan
  readonly service: ServiceDefinition
  readonly looks: Looks
  readonly people: Situation['people']
  readonly requesterId: string
  /** revised is the plan that this one takes the place of: an image that stays is not held against a tag that moved. */
  readonly revised?: Plan | undefined
}): readonly Refusal[] {
  const { plan, service, looks } = input
  const refusals: Refusal[] = [...misnamed(input)]
  for (const { digest, look } of looks.images)
    if (look.kind === 'known' && !look.value.isThere)
      refusals.push({
        path: 'digest',
        message: `The registry has no image ${shortDigest(digest)}: ${look.value.detail}.`,
      })
  if (looks.rollback.kind === 'known' && !looks.rollback.value.isThere)
    refusals.push({
      path: 'rollback.digest',
      message: `The way back is gone: the registry no longer has ${plan.rollback.tag} ${shortDigest(plan.rollback.digest)}. Choose another version to go back to, or push it again.`,
    })
  if (plan.artifacts.some(({ digest }) => digest === plan.rollback.digest) && plan.kind !== 'rollback')
    refusals.push({
      path: 'rollback.digest',
      message: 'The way back is the same image as the one to deploy. Choose the version that runs now.',
    })
  if (looks.place.kind === 'known' && !plan.isAtOnce && plan.steps.some(({ percent }) => percent < 100)) {
    const why = noCanary(plan, looks.place.value)
    if (why.length > 0)
      refusals.push({
        path: 'steps',
        message: `No canary is possible: ${why.join('; ')}. Add capacity, or let a manager tick 100 % at once.`,
      })
  }
  if (plan.environment === 'production') {
    const open = unfillable({
      slots: service.approvals,
      requesterId: input.requesterId,
      people: input.people,
    })
    if (open.length > 0) refusals.push({ path: 'approvals', message: slotWords(open, input) })
  }
  return refusals
}

function misnamed({ plan, looks, revised }: Parameters<typeof refusalsOf>[0]): readonly Refusal[] {
  return plan.artifacts.flatMap(({ tag, digest }) => {
    if (revised?.artifacts.some((it) => it.tag === tag && it.digest === digest)) return []
    const image = looks.images.find((it) => it.digest === digest)
    if (image?.look.kind === 'known' && !image.look.value.isThere) return []
    const named = image?.named?.kind === 'known' ? image.named.value : undefined
    if (named === undefined || named === digest) return []
    const message = `${tag} is ${named} in the registry, and the plan names ${digest}. Name the tag of that image, or leave the digest out.`
    return [{ path: 'digest', message }]
  })
}

function slotWords(
  open: readonly string[],
  {
    service,
    people,
    requesterId,
  }: Pick<Parameters<typeof refusalsOf>[0], 'service' | 'people' | 'requesterId'>,
): string {
  const both = people.filter(
    (it) =>
      it.isActive && service.approvals.every(({ roles }) => roles.some((role) => it.roles.includes(role))),
  )
  const requester = both.find(({ id }) => id === requesterId)
  const named = both.map(({ handle }) => handle).join(', ')
  const why = requester
    ? `${requester.handle} asks for it and counts for no slot`
    : both.length > 0
      ? `${named} could fill every slot, and one person fills one`
      : 'nobody else holds the role'
  return `Nobody can give this approval: ${open.join(', ')}; ${why}. Let somebody else ask for it, or give another person the role.`
}
