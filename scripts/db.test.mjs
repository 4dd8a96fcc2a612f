import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { query } from './lib/databases.mjs'
import { processMark, waitUntil } from './lib/processes.mjs'
import { throwawayCheckout } from './testing/throwaway.mjs'

let checkout
const db = (...args) => checkout.node(['scripts/db.mjs', ...args])
const state = (...parts) => join(checkout.path, '.watchfloor', ...parts)
const pidOf = ({ text }) => Number(/pid (\d+)/.exec(text)?.[1])
const portOf = ({ text }) => Number(/127\.0\.0\.1:(\d+)/.exec(text)?.[1])

beforeAll(() => {
  checkout = throwawayCheckout({})
})
afterAll(() => checkout.remove())

test('two that start at the same time share one server', async () => {
  const both = await Promise.all([db('start'), db('start')])
  expect(new Set(both.map(pidOf)).size).toBe(1)
  expect(both.filter(({ text }) => text.includes('already runs'))).toHaveLength(1)
}, 60_000)

test('the password is the owner’s alone, and the server listens on loopback with a password', async () => {
  expect(statSync(state('postgres', 'password')).mode & 0o077).toBe(0)
  const url = (await db('url')).text.trim()
  const [row] = await query(
    url,
    `SELECT current_setting('listen_addresses') AS listen, current_setting('fsync') AS fsync`,
  )
  expect(row).toEqual({ listen: '127.0.0.1', fsync: 'on' })
  const wrong = new URL(url)
  wrong.password = 'wrong'
  await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow(/password/)
})

test('a database that is asked for by name is made once', async () => {
  const [first, second] = [await db('url', '--database', 'extra'), await db('url', '--database', 'extra')]
  expect(first.text).toBe(second.text)
  expect(await query(first.text.trim(), 'SELECT current_database() AS name')).toEqual([{ name: 'extra' }])
})

test('after kill -9 it heals and keeps what was committed', async () => {
  const url = (await db('url')).text.trim()
  await query(url, 'CREATE TABLE kept (n int)')
  await query(url, 'INSERT INTO kept VALUES (1)')
  const before = await db('start')
  process.kill(pidOf(before), 'SIGKILL')
  const after = await db('start')
  expect(pidOf(after)).not.toBe(pidOf(before))
  expect(await query((await db('url')).text.trim(), 'SELECT n FROM kept')).toEqual([{ n: 1 }])
}, 60_000)

test('a port that another program has taken meanwhile is left to it', async () => {
  const port = portOf(await db('start'))
  await db('stop')
  const other = createServer()
  await new Promise((resolve) => other.listen(port, '127.0.0.1', resolve))
  try {
    const started = await db('start')
    expect(started.code).toBe(0)
    expect(portOf(started)).not.toBe(port)
  } finally {
    other.close()
  }
}, 60_000)

test('a stale pid file that names a living stranger is no server', async () => {
  await db('stop')
  const pointer = state('postgres', 'home')
  const home = existsSync(pointer) ? readFileSync(pointer, 'utf8') : state('postgres', 'cluster')
  writeFileSync(join(home, 'data', 'postmaster.pid'), `${process.pid}\n${join(home, 'data')}\n1\n5432\n\n`)
  expect(JSON.parse((await db('status', '--json')).text)).toMatchObject({ running: false })
  expect((await db('start')).text).toContain('started')
  expect(processMark(process.pid)).toBeDefined()
}, 60_000)

test('stop leaves no process behind', async () => {
  const pid = pidOf(await db('start'))
  expect((await db('stop')).text).toContain('stopped')
  expect(await waitUntil(() => processMark(pid) === undefined, 5_000)).toBe(true)
}, 60_000)

test('with DATABASE_URL set nothing is started', async () => {
  const own = 'postgresql://me:x@127.0.0.1:1/mine'
  const url = await checkout.node(['scripts/db.mjs', 'url'], { DATABASE_URL: own })
  expect(url.text.trim()).toBe(own)
  expect(JSON.parse((await db('status', '--json')).text)).toMatchObject({ running: false })
  const reset = await checkout.node(['scripts/db.mjs', 'reset'], { DATABASE_URL: own })
  expect(reset).toMatchObject({ code: 1, text: expect.stringContaining('--force') })
})
