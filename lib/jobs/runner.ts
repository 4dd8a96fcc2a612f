import { randomUUID } from 'node:crypto'
import type { Console } from '../console'
import { LEASE_MS, releaseLease, takeLease } from './lease'

/** Held is a job's leadership: its epoch fences every write, `held` turns false 1.5 s before the lease could be another's. */
export type Held = { readonly epoch: number; readonly held: () => boolean }

/** Job is work that exactly one process does at a time. */
export type Job = {
  readonly name: string
  /** start begins the work under the lease and gives back how to stop it. */
  readonly start: (held: Held) => Promise<() => Promise<void>>
}

const RENEW_MS = 2_000
const TRY_MS = 1_000
const MARGIN_MS = 1_500

type Running = { readonly epoch: number; readonly stop: () => Promise<void> }

/** runJob keeps trying for the job's lease, works while it holds it, and stops as soon as it may not; returns how to end. */
export function runJob(console: Console, job: Job): () => Promise<void> {
  const owner = `${process.pid}-${randomUUID()}`
  const { log, clock, hot } = console
  let renewedAtMs = -Infinity
  let running: Running | undefined
  let starting: Promise<void> | undefined
  let ended = false
  let timer: NodeJS.Timeout | undefined

  const stillHeld = (): boolean => clock.monotonicMs() - renewedAtMs < LEASE_MS - MARGIN_MS

  async function stopWork(why: string): Promise<void> {
    const stopping = running
    running = undefined
    if (!stopping) return
    log.info({ job: job.name, epoch: stopping.epoch, why }, 'job stopped')
    await stopping
      .stop()
      .catch((error: unknown) => log.error({ err: error, job: job.name }, 'job did not stop cleanly'))
  }

  async function lead(epoch: number): Promise<void> {
    log.info({ job: job.name, epoch }, 'job started')
    const held = (): boolean => stillHeld() && running?.epoch === epoch
    running = { epoch, stop: async () => undefined }
    const stop = await job.start({ epoch, held })
    if (running?.epoch === epoch) running = { epoch, stop }
    else await stop()
  }

  async function beat(): Promise<void> {
    const askedAtMs = clock.monotonicMs()
    const epoch = await takeLease(hot, job.name, owner).catch((error: unknown) => {
      log.warn({ err: error, job: job.name }, 'lease not reachable')
      return undefined
    })
    if (epoch !== undefined) renewedAtMs = askedAtMs
    if (running && epoch !== running.epoch && (epoch !== undefined || !stillHeld()))
      await stopWork('lease lost')
    if (epoch !== undefined && !running && !starting && !ended) {
      starting = lead(epoch)
        .catch(async (error: unknown) => {
          log.error({ err: error, job: job.name }, 'job failed to start')
          await stopWork('failed to start')
        })
        .finally(() => {
          starting = undefined
        })
    }
  }

  function loop(): void {
    beat().finally(() => {
      if (!ended) timer = setTimeout(loop, running ? RENEW_MS : TRY_MS)
    })
  }
  loop()

  return async () => {
    ended = true
    clearTimeout(timer)
    await starting
    await stopWork('asked to stop')
    await releaseLease(hot, job.name, owner).catch(() => undefined)
  }
}
