import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createRefresher } from './refresh'

const KEY = ['incidents.byId']
const ANSWER_MS = 100

let world = 0
let asked = 0
let client: QueryClient
let stop: () => void

beforeEach(async () => {
  vi.useFakeTimers()
  world = 0
  asked = 0
  client = new QueryClient()
  const observer = new QueryObserver(client, { queryKey: KEY, queryFn: read })
  stop = observer.subscribe(() => undefined)
  await vi.advanceTimersByTimeAsync(ANSWER_MS)
})

afterEach(() => {
  stop()
  client.clear()
  vi.useRealTimers()
})

/** What is true when it is asked, told 100 ms later. */
async function read(): Promise<number> {
  asked += 1
  const seen = world
  await new Promise((done) => setTimeout(done, ANSWER_MS))
  return seen
}

function change(refresh: ReturnType<typeof createRefresher>): void {
  world += 1
  refresh('incidents', (query) => query.queryKey[0] === KEY[0])
}

test('hints that come faster than an answer still bring answers, and the last one is seen', async () => {
  const refresh = createRefresher(client)
  for (let hint = 0; hint < 50; hint += 1) {
    change(refresh)
    await vi.advanceTimersByTimeAsync(ANSWER_MS / 5)
  }
  expect(client.getQueryData(KEY)).toBeGreaterThan(30)
  await vi.advanceTimersByTimeAsync(2 * ANSWER_MS)
  expect(client.getQueryData(KEY)).toBe(50)
  expect(asked).toBeLessThan(15)
})

test('an answer that was under way before the change is not taken for the last', async () => {
  const refresh = createRefresher(client)
  void client.refetchQueries({ queryKey: KEY })
  await vi.advanceTimersByTimeAsync(ANSWER_MS / 2)
  change(refresh)
  await vi.advanceTimersByTimeAsync(2 * ANSWER_MS)
  expect(client.getQueryData(KEY)).toBe(1)
})

test('a change alone is asked for once', async () => {
  const before = asked
  change(createRefresher(client))
  await vi.advanceTimersByTimeAsync(5 * ANSWER_MS)
  expect(asked - before).toBe(1)
})
