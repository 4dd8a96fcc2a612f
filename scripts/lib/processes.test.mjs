import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { groupIsAlive, isRunning, processMark, stopGroup } from './processes.mjs'

const FAMILY = `
  const { spawn } = require('node:child_process')
  process.on('SIGTERM', () => {})
  spawn(process.execPath, ['-e', "process.on('SIGTERM',()=>{});setInterval(()=>{},1e6)"], { stdio: 'ignore' })
  setInterval(() => {}, 1e6)
  console.log('up')
`

function startFamily() {
  const child = spawn(process.execPath, ['-e', FAMILY], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return new Promise((resolve) => child.stdout.once('data', () => resolve(child)))
}

test('a process is known by its start, not by its id alone', () => {
  const mark = processMark(process.pid)
  expect(isRunning({ pid: process.pid, mark })).toBe(true)
  expect(isRunning({ pid: process.pid, mark: `${mark}1` })).toBe(false)
  expect(processMark(0)).toBeUndefined()
  expect(processMark(2 ** 30)).toBeUndefined()
})

test('a group that ignores the polite signal is ended with its children', async () => {
  const { pid } = await startFamily()
  expect(groupIsAlive(pid)).toBe(true)
  await stopGroup(pid, { graceMs: 200 })
  expect(groupIsAlive(pid)).toBe(false)
  expect(processMark(pid)).toBeUndefined()
})

test('stopping a group that is gone already does nothing', async () => {
  await expect(stopGroup(2 ** 22 - 7, { graceMs: 100 })).resolves.toBeUndefined()
})
