import { type LimitFault, tooLong } from './limits'
import type { ComponentImpact } from './model'
import type { Outgoing } from './outgoing'

const BODY_MAX = 100_000

/** WebhookEvent is the body of a Standard Webhook: `id` is the delivery, so that a receiver counts a repetition once. */
export type WebhookEvent = {
  readonly type: 'publication.released'
  readonly timestamp: string
  readonly data: {
    readonly id: string
    readonly audience: string
    readonly kind: string
    readonly status: string
    readonly severity: string | null
    readonly incident: string | null
    readonly title: string
    readonly body: string
    readonly seq: number
    readonly next_update_at: string | null
    readonly is_drill: boolean
    readonly components: readonly {
      readonly id: string
      readonly name: string
      readonly state: ComponentImpact['to']
    }[]
  }
}

/** webhookEvent gives the event of a message; a public one names neither incident nor severity. */
export function webhookEvent(
  out: Outgoing,
  { deliveryId, at }: { readonly deliveryId: string; readonly at: Date },
): WebhookEvent {
  const isPublic = out.audience === 'public'
  return {
    type: 'publication.released',
    timestamp: at.toISOString(),
    data: {
      id: deliveryId,
      audience: out.audience,
      kind: out.kind,
      status: out.status,
      severity: isPublic ? null : out.severity,
      incident: isPublic ? null : out.name,
      title: out.title,
      body: out.body,
      seq: out.seq,
      next_update_at: out.nextUpdateAt,
      is_drill: out.isDrill,
      components: out.components.map(({ componentId, name, to }) => ({ id: componentId, name, state: to })),
    },
  }
}

/** webhookLimits gives what is too long for an event. */
export function webhookLimits(out: Outgoing): readonly LimitFault[] {
  return tooLong('Webhook text', out.body, BODY_MAX)
}
