/** Seen is what a look gave: a value with its source and time, or why it is not known. */
export type Seen<Value> =
  | { readonly kind: 'known'; readonly value: Value; readonly source: string; readonly atMs: number }
  | { readonly kind: 'unknown'; readonly why: string; readonly source: string; readonly atMs: number }

/** ImageLook is an image in its registry; `sizeMb` is the sum of its layers where the registry told it. */
export type ImageLook = {
  readonly isThere: boolean
  readonly detail: string
  readonly sizeMb?: number | undefined
}

/** HealthLook is what a service's own health endpoint says. */
export type HealthLook = {
  readonly status: 'healthy' | 'degraded' | 'unhealthy'
  readonly version?: string | undefined
  readonly parts: readonly {
    readonly name: string
    readonly status: string
    readonly latencyMs?: number | undefined
  }[]
}

/** SizeLook is the size of one unit; `gpus` are the models of rented hardware, e.g. `2 × RTX 4090`. */
export type SizeLook = {
  readonly cpus: number
  readonly memoryMb: number
  readonly gpus?: readonly string[] | undefined
}

/** PlaceLook is one environment at its provider: its name there, how many units it has, their size and what they run. */
export type PlaceLook = {
  readonly names: readonly string[]
  readonly units: number
  /** unitsByTarget counts them by the name of the target, where there are several. */
  readonly unitsByTarget?: Readonly<Record<string, number>> | undefined
  /** unweighted says by target why the weights that its definition names can't split its requests. */
  readonly unweighted?: Readonly<Record<string, string>> | undefined
  /** size is that of the smallest unit; differing says it in words where units of one place have several sizes. */
  readonly size?: SizeLook | undefined
  readonly differing?: string | undefined
  readonly digests: readonly string[]
  /** hasOldImage counts units on which the way back's image still lies; undefined where nobody can tell. */
  readonly warmUnits?: number | undefined
}

/** LimitLook is how much of a provider's request limit is free. */
export type LimitLook = { readonly freePercent: number; readonly endpoint: string }

/** SignalLook is a service's last minutes. */
export type SignalLook = {
  readonly requestsPerMinute?: number | undefined
  readonly errorPercent?: number | undefined
  readonly p95Ms?: number | undefined
  readonly memoryPercent?: number | undefined
  readonly cpuPercent?: number | undefined
}

/** Looks is everything that the automatic items of the checklist are judged by, taken at one instant. */
export type Looks = {
  readonly images: readonly {
    readonly digest: string
    readonly look: Seen<ImageLook>
    /** named is the digest that the plan's tag names now; no value where the registry does not have the tag. */
    readonly named?: Seen<string | undefined> | undefined
  }[]
  readonly rollback: Seen<ImageLook>
  readonly health: Seen<HealthLook>
  readonly stagingHealth: Seen<HealthLook>
  /** secrets are the names that are set; values are never asked for. */
  readonly secrets: Seen<readonly string[]>
  readonly place: Seen<PlaceLook>
  readonly staging: Seen<PlaceLook>
  /** rules are the names of alert rules and of their groups. */
  readonly rules: Seen<readonly string[]>
  readonly limits: Seen<LimitLook>
  readonly signals: Seen<SignalLook>
  readonly stagingSignals: Seen<SignalLook>
}
