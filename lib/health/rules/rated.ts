import type { Verdict, World } from '../model'
import type { HealthPolicy } from '../policy'
import type { ApiRating } from './api'
import type { CreditRating } from './credit'
import type { QueueRating } from './queue'
import type { ServiceRating } from './service'

/** RatedWorld is one moment with its verdicts: maps are keyed as in World; it is the input of planes, conclusions and the sentence. */
export type RatedWorld = {
  readonly world: World
  readonly gpus: ReadonlyMap<string, Verdict>
  readonly instances: ReadonlyMap<string, Verdict>
  readonly queues: ReadonlyMap<string, QueueRating>
  readonly services: ReadonlyMap<string, ServiceRating>
  readonly api: ApiRating
  readonly page: Verdict
  readonly credit: CreditRating
  /** changes is the newest deployment known to us; undefined while no deploy source is configured. */
  readonly changes?: { readonly lastAt?: Date; readonly observedAt: Date; readonly source: string }
  /** offers is how many offers the market has for a machine id, where someone looked; a missing key was not looked up. */
  readonly offers?: ReadonlyMap<string, number>
  /** digests are image tags with what they point at and what runs, where the registry and the instance both tell. */
  readonly digests?: readonly ImageDigests[]
}

/** ImageDigests compares what a tag points at with what an instance runs; undefined digests were not read. */
export type ImageDigests = {
  readonly tag: string
  readonly tagDigest?: string
  readonly instanceId: string
  readonly runningDigest?: string
}

/** RatedInput is one rated moment with its policy: what planes and conclusions are functions of. */
export type RatedInput = {
  readonly rated: RatedWorld
  readonly policy: HealthPolicy
  readonly now: Date
}
