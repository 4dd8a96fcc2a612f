import type { AlertMessage, Sender } from './model'
import type { AlertsPolicy } from './policy'

/** Delivery is one request body after its signature held, with the moment at which it was stored. */
export type Delivery = {
  readonly sender: Sender
  readonly body: unknown
  readonly receivedAt: Date
  readonly policy: AlertsPolicy
  /** only reads this position alone (−1: the whole), for driving one quarantined alert again. */
  readonly only?: number
}

/** ItemResult is one alert of a delivery: understood, faulty, or of no interest. */
export type ItemResult =
  | { readonly kind: 'message'; readonly message: AlertMessage }
  | { readonly kind: 'fault'; readonly reason: string }
  | { readonly kind: 'ignored' }
