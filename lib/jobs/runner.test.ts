import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Console } from '../console'
import { type Clock, systemClock } from '../platform/clock'
import { testConsole } from '../platform/testing/database'
import { releaseLease, takeLease } from './lease'
import { type Held, runJob } from './runner'

let console: Console

beforeAll(async () => {
  const made = await testConsole()
  console = { ...made, clock: systemClock }
})

afterAll(async () => {
  await console.close()
})

async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 20))
}

async function expire(name: string): Promise<void> {
  await console.hot.query("UPDATE lease SET expires_at = now() - interval '1 second' WHERE name = $1", [name])
}

describe('a lease', () => {
  it('belongs to one owner until it runs out, and every new owner gets a higher epoch', async () => {
    expect(await takeLease(console.hot, 'a', 'one')).toBe(1)
    expect(await takeLease(console.hot, 'a', 'two')).toBeUndefined()
    expect(await takeLease(console.hot, 'a', 'one')).toBe(1)
    await expire('a')
    expect(await takeLease(console.hot, 'a', 'two')).toBe(2)
    expect(await takeLease(console.hot, 'a', 'one')).toBeUndefined()
  })

  it('given back is free at once', async () => {
    await takeLease(console.hot, 'b', 'one')
    await releaseLease(console.hot, 'b', 'one')
    expect(await takeLease(console.hot, 'b', 'two')).toBe(2)
  })

  it('taken by many at once goes to exactly one', async () => {
    const got = await Promise.all(
      Array.from({ length: 12 }, (_, index) => takeLease(console.hot, 'c', `owner-${index}`)),
    )
    expect(got.filter((epoch) => epoch !== undefined)).toHaveLength(1)
  })
})

describe('a job', () => {
  it('runs in one of two processes and moves to the other when the first stops', async () => {
    const log: string[] = []
    const job = (who: string) => ({
      name: 'moving',
      start: async ({ epoch }: Held) => {
        log.push(`${who} starts ${epoch}`)
        return async () => void log.push(`${who} stops`)
      },
    })
    const stopFirst = runJob(console, job('first'))
    await until(() => log.length === 1)
    const stopSecond = runJob(console, job('second'))
    await stopFirst()
    await until(() => log.length === 3)
    await stopSecond()
    expect(log).toEqual(['first starts 1', 'first stops', 'second starts 2', 'second stops'])
  })

  it('knows before anyone else may take over that it no longer holds its lease', async () => {
    let shiftMs = 0
    const clock: Clock = { now: systemClock.now, monotonicMs: () => systemClock.monotonicMs() + shiftMs }
    let held: Held | undefined
    const stop = runJob(
      { ...console, clock },
      {
        name: 'paused',
        start: async (given) => {
          held = given
          return async () => undefined
        },
      },
    )
    await until(() => held !== undefined)
    expect(held?.held()).toBe(true)
    shiftMs = 6_500
    expect(held?.held()).toBe(false)
    await stop()
  })

  it('stops its work when another owner has taken the lease', async () => {
    let stopped = false
    const stop = runJob(console, {
      name: 'stolen',
      start: async () => async () => {
        stopped = true
      },
    })
    await until(
      async () => (await console.hot.query("SELECT 1 FROM lease WHERE name = 'stolen'")).rowCount === 1,
    )
    await console.hot.query(
      "UPDATE lease SET owner = 'thief', epoch = epoch + 1, expires_at = now() + interval '1 minute' WHERE name = 'stolen'",
    )
    await until(() => stopped)
    await stop()
    expect(stopped).toBe(true)
  })
})
