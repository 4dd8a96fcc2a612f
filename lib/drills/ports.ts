/** WorldControl steers the simulated world; every failure is a value in words for people. */
export type WorldControl = {
  /** play begins a scenario whose events come later; fleet, queues and services stay as they are. */
  readonly play: (scenario: Readonly<Record<string, unknown>>) => Promise<Done>
  /** happen lets one event begin now; the same id again changes nothing. */
  readonly happen: (id: string, event: Readonly<Record<string, unknown>>) => Promise<Done>
  /** restore goes back to the world as it was at its beginning. */
  readonly restore: () => Promise<Done>
}

/** Done says that it was done, or why not. */
export type Done = { readonly ok: true } | { readonly ok: false; readonly sentence: string }

/** Reach is the way to the simulated world, or why drills cannot be played here. */
export type Reach =
  | { readonly kind: 'simulated'; readonly world: WorldControl }
  | { readonly kind: 'none'; readonly why: string }
