import type { Looks, Seen, SignalLook } from './looks'
import type { Environment, ServiceDefinition } from './model'

/** LookAsk is what a prober is to look at: the images of a plan and the two environments of its service. */
export type LookAsk = {
  readonly service: ServiceDefinition
  readonly environment: Environment
  /** images are looked at by digest; what a tag names now is asked where one is given. */
  readonly images: readonly {
    readonly image: string
    readonly digest: string
    readonly tag?: string | undefined
  }[]
  readonly rollback: { readonly image: string; readonly digest: string } | undefined
}

/** Prober looks at the world for the checklist; it changes nothing, and what it can't see is unknown with why. */
export type Prober = {
  readonly look: (ask: LookAsk, now: Date) => Promise<Looks>
  /** digestOf asks a registry what a tag names now; undefined in a known answer when it names nothing. */
  readonly digestOf: (image: string, tag: string, now: Date) => Promise<Seen<string | undefined>>
  /** signals asks for the last minutes of a service in production, for its size. */
  readonly signals: (service: ServiceDefinition, now: Date) => Promise<Seen<SignalLook>>
  readonly close: () => Promise<void>
}
