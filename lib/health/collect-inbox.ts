import type pg from 'pg'
import type { Clock } from '../platform/clock'
import type { Log } from '../platform/log'
import { createRounds } from '../platform/rounds'
import { type FleetBook, noteAgent } from './fleet-book'
import type { Ports } from './ports'
import { readInbox } from './store'

/** InboxOptions connect the agents' reports to the book; `pendingIds` are those taken and not yet committed. */
export type InboxOptions = {
  readonly hot: pg.Pool
  readonly clock: Clock
  readonly log: Log
  readonly reports: Ports['reports']
  readonly book: FleetBook
  readonly pendingIds: () => readonly string[]
  readonly onTaken: (inboxId: string) => void
  /** onReports is called after a reading that found reports. */
  readonly onReports: (now: Date) => void
}

/** Inbox reads the agents' reports, one reading at a time. */
export type Inbox = { readonly wake: () => void; readonly stop: () => Promise<void> }

/** createInbox reads when woken; a wake during a reading is followed by another reading. */
export function createInbox(options: InboxOptions): Inbox {
  const { hot, clock, log, reports, book } = options
  async function take(): Promise<void> {
    const rows = await readInbox(hot, options.pendingIds())
    for (const row of rows) {
      options.onTaken(row.id)
      const look = reports.parse(row.body, row.receivedAt)
      if ('problem' in look)
        log.warn({ instance: row.instanceId, problem: look.problem }, 'agent report not understood')
      else noteAgent(book, { ...look, instanceId: row.instanceId })
    }
    if (rows.length > 0) options.onReports(clock.now())
  }

  const rounds = createRounds(take, (error) => log.warn({ err: error }, 'agent reports could not be read'))
  return { wake: rounds.ask, stop: rounds.stop }
}
