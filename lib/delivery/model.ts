import type { ChannelKind, Step } from '../channels/channel'
import type { Audience, ComponentImpact, Kind, Severity, Status } from '../comms/model'

/** Publishable is a released publication as far as a delivery needs to know it: the columns of its row. */
export type Publishable = {
  readonly id: string
  readonly incidentId: string | null
  readonly seq: number
  readonly kind: Kind
  readonly audience: Audience
  readonly severity: Severity
  readonly status: Status
  readonly title: string
  readonly body: string
  readonly nextUpdateAt: Date | string | null
  readonly components: readonly ComponentImpact[]
  readonly drill: boolean
}

/** About is what a message says of its incident beside the text; `ref` is its name, such as INC-0142. */
export type About = {
  readonly ref: string
  readonly href: string
  readonly commander: string
  readonly startedAt: string | null
}

/** STEPS_OF says which rows a publication gets on a kind of channel, in their order. */
export const STEPS_OF: Readonly<Record<ChannelKind, (status: Status) => readonly Step[]>> = {
  'slack-bot': () => ['card', 'post'],
  'slack-webhook': () => ['post'],
  statuspage: () => ['post'],
  pagerduty: (status) => [status === 'resolved' ? 'resolve' : 'post'],
  webhook: () => ['post'],
}

/** AUDIENCES_OF are the audiences that a kind of channel may be set up for. */
export const AUDIENCES_OF: Readonly<Record<ChannelKind, readonly Audience[]>> = {
  'slack-bot': ['internal', 'executive'],
  'slack-webhook': ['internal', 'executive'],
  statuspage: ['public'],
  pagerduty: ['internal'],
  webhook: ['internal', 'public', 'executive'],
}

/** Fit says whether a publication may go out on a channel at all; `nothing` leaves no row, `refused` one that says why. */
export type Fit =
  | { readonly kind: 'goes' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly code: string; readonly text: string }

/** fitOf keeps practice off every channel that could reach the public, and each audience to the channels that are for it. */
export function fitOf(
  publication: Pick<Publishable, 'audience' | 'drill'>,
  channel: { readonly name: string; readonly audiences: readonly string[]; readonly drills: boolean },
): Fit {
  const { audience, drill } = publication
  const isPublic = channel.audiences.includes('public')
  if (drill && (audience === 'public' || isPublic || !channel.drills)) return { kind: 'nothing' }
  if (!channel.audiences.includes(audience))
    return {
      kind: 'refused',
      code: 'wrong-audience',
      text: `${channel.name} is not set up for the audience ${audience}`,
    }
  return { kind: 'goes' }
}
