import type { Console } from '../console'
import { isRetryable, isUnavailable } from '../platform/db'
import { failpoint } from '../platform/failpoint'
import { type AlertState, statesRef } from './hint-states'
import { hintAlerts } from './hint-store'
import { BATCH_ROWS, type Drained, drainBatch, type InboxRow, quarantineHead } from './inbox-store'
import type { Parsed } from './model'
import { parseDelivery } from './parse'
import type { AlertsPolicy } from './policy'

/** InboxDrain understands stored deliveries; any number of processes may run one at the same time. */
export type InboxDrain = {
  /** drain works until nothing is left and gives what the last batch brought; throws while the database is away. */
  readonly drain: () => Promise<void>
  /** markChanged says that alerts changed by other means, so that consoles are told with the next hint. */
  readonly markChanged: () => void
  /** tellConsoles sends the hint that is due; to be called about once a second. */
  readonly tellConsoles: () => Promise<void>
}

const BETWEEN_HINTS_MS = 1_000
const MOST_NOTED = 1_000
/** From this many deliveries in a batch on there is more behind it. */
const MANY = 4

function understand(row: InboxRow, policy: AlertsPolicy): Parsed {
  try {
    const body: unknown = JSON.parse(row.text)
    return parseDelivery({ sender: row.sender, body, receivedAt: row.receivedAt, policy })
  } catch {
    return { messages: [], faults: [{ position: -1, reason: 'the body is not JSON' }], truncated: 0 }
  }
}

/** createInboxDrain reads the policy at each batch; `onTruncated` asks for an immediate look at the alert source. */
export function createInboxDrain(
  console: Console,
  options: { readonly policy: () => AlertsPolicy; readonly onTruncated?: () => void },
): InboxDrain {
  const { hot, clock, log } = console
  let changed = false
  /** Which episodes changed since the last hint; undefined when that is not known, or too much to say. */
  let states: Map<string, AlertState> | undefined = new Map()
  let triedAtMs = Number.NEGATIVE_INFINITY

  async function batch(limit: number): Promise<Drained> {
    await failpoint('alerts.before-batch')
    return drainBatch(hot, {
      parse: (row) => understand(row, options.policy()),
      now: clock.now(),
      limit,
    })
  }

  async function batchOrAside(): Promise<Drained> {
    try {
      return await batch(BATCH_ROWS)
    } catch (error) {
      if (isUnavailable(error) || isRetryable(error)) throw error
      log.error({ err: error }, 'a batch of deliveries could not be understood: one at a time now')
    }
    try {
      return await batch(1)
    } catch (error) {
      if (isUnavailable(error) || isRetryable(error)) throw error
      const reason = error instanceof Error ? error.message : 'failed'
      log.error({ err: error }, 'a delivery was set aside')
      await quarantineHead(hot, `it could not be stored: ${reason}`, clock.now())
      return { taken: 1, held: 1, created: 0, touched: 0, states: [], truncated: false }
    }
  }

  /** A second lane reads while the first waits for Postgres: batches may be folded in any order. */
  async function drain(): Promise<void> {
    let second: Promise<unknown> | undefined
    const first = drainLane((taken) => {
      if (taken >= MANY) second ??= drainLane().catch((error: unknown) => error)
    })
    // Both are waited for, whichever fails.
    const [end] = await Promise.allSettled([first])
    const failure = await second
    if (end.status === 'rejected') throw end.reason
    if (failure !== undefined) throw failure
  }

  async function drainLane(onBatch?: (taken: number) => void): Promise<void> {
    for (;;) {
      const drained = await batchOrAside()
      note(drained)
      if (drained.truncated) options.onTruncated?.()
      if (drained.taken === 0) return
      onBatch?.(drained.taken)
      await failpoint('alerts.after-batch')
      // Whoever waits for a lone change should not wait for the look that finds nothing more.
      if (clock.monotonicMs() - triedAtMs > BETWEEN_HINTS_MS) await tellConsoles()
    }
  }

  function note(drained: Drained): void {
    if (drained.touched === 0 && drained.held === 0) return
    changed = true
    for (const state of drained.states) states?.set(state.id, state)
    if ((states?.size ?? 0) > MOST_NOTED) states = undefined
  }

  async function tellConsoles(): Promise<void> {
    if (!changed) return
    const said = states
    changed = false
    states = new Map()
    triedAtMs = clock.monotonicMs()
    const ref = statesRef(said && [...said.values()])
    const told = await hintAlerts(hot, { now: clock.now(), ref }).catch((error: unknown) => {
      log.warn({ err: error }, 'the hint that alerts changed was not written')
      return false
    })
    if (told) return
    changed = true
    states = said && states && new Map([...said, ...states])
  }

  return {
    drain,
    markChanged: () => {
      changed = true
      states = undefined
    },
    tellConsoles,
  }
}
