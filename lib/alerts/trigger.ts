/** TickVerdict is what one grid point showed; unknown is never ok and never a breach. */
export type TickVerdict = 'breach' | 'ok' | 'unknown'

/** TriggerState is a sustained trigger between two ticks; all durations in seconds. */
export type TriggerState = {
  readonly phase: 'inactive' | 'pending' | 'indeterminate' | 'firing'
  /** sinceMs is when the pending stretch began (epoch ms); undefined outside of pending and firing. */
  readonly sinceMs: number | undefined
  /** creditedSeconds counts observed breach only, so that missing data neither fires nor exonerates. */
  readonly creditedSeconds: number
  readonly gapSeconds: number
  readonly okRun: number
}

/** TriggerPolicy are a trigger's numbers: it fires once `holdSeconds` of breach were observed. */
export type TriggerPolicy = {
  readonly tickSeconds: number
  readonly holdSeconds: number
  readonly maxGapSeconds: number
  readonly clearTicks: number
}

/** IDLE is a trigger that has seen nothing. */
export const IDLE: TriggerState = {
  phase: 'inactive',
  sinceMs: undefined,
  creditedSeconds: 0,
  gapSeconds: 0,
  okRun: 0,
}

/**
 * stepTrigger folds one tick into a trigger. A breach adds to the credit; missing data and a lone good tick pause it and
 * widen the gap; a gap longer than allowed loses the evidence; `clearTicks` good ticks without a breach between them end it.
 */
export function stepTrigger(
  state: TriggerState,
  tick: { readonly verdict: TickVerdict; readonly atMs: number },
  policy: TriggerPolicy,
): TriggerState {
  switch (tick.verdict) {
    case 'breach':
      return breach(state, tick.atMs, policy)
    case 'ok':
      return ok(state, policy)
    case 'unknown':
      return widened(state, policy)
  }
}

function breach(state: TriggerState, atMs: number, policy: TriggerPolicy): TriggerState {
  if (state.phase === 'firing') return state.okRun === 0 ? state : { ...state, okRun: 0 }
  const isFresh = state.phase === 'inactive' || state.phase === 'indeterminate'
  const creditedSeconds = isFresh ? 0 : state.creditedSeconds + policy.tickSeconds
  return {
    phase: creditedSeconds >= policy.holdSeconds ? 'firing' : 'pending',
    sinceMs: isFresh ? atMs : state.sinceMs,
    creditedSeconds,
    gapSeconds: 0,
    okRun: 0,
  }
}

function ok(state: TriggerState, policy: TriggerPolicy): TriggerState {
  const okRun = Math.min(state.okRun + 1, policy.clearTicks)
  if (okRun >= policy.clearTicks) return { ...IDLE, okRun }
  return widened({ ...state, okRun }, policy)
}

/** A lone good tick counts as a gap too: otherwise turning it into missing data could stop a trigger that would fire. */
function widened(state: TriggerState, policy: TriggerPolicy): TriggerState {
  if (state.phase !== 'pending') return state
  const gapSeconds = state.gapSeconds + policy.tickSeconds
  if (gapSeconds <= policy.maxGapSeconds) return { ...state, gapSeconds }
  return { ...state, phase: 'indeterminate', sinceMs: undefined, creditedSeconds: 0, gapSeconds }
}
