import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { temporaryFolder, writeTree } from '../testing/throwaway.mjs'

const { path, remove } = temporaryFolder()
afterAll(remove)
vi.stubEnv('WATCHFLOOR_STATE', path)
vi.resetModules()
const { run } = await import('./commands.mjs')
const { spawn } = await import('node:child_process')
const { isRunning, processMark, waitUntil } = await import('./processes.mjs')
const { claimRun, clearRun, findRun, readRun } = await import('./run-record.mjs')
const { Supervisor } = await import('./supervisor.mjs')

// A program with a child of its own; it tells the child's id and ends only when it is forced to.
const PARENT = `
  const { spawn } = require('node:child_process')
  const { writeFileSync } = require('node:fs')
  const child = spawn(process.execPath, ['-e', 'setInterval(()=>{},1e6)'], { stdio: 'ignore' })
  writeFileSync(process.argv[1], String(child.pid))
  setInterval(() => {}, 1e6)
`
// What \`npm run up\` does, with fake programs: claim the run, start two, stop them on a signal.
const UP = `
  import { Supervisor } from '${import.meta.dirname}/supervisor.mjs'
  import { claimRun, clearRun, writeRun } from '${import.meta.dirname}/run-record.mjs'
  import { processMark, whenStarterDies } from '${import.meta.dirname}/processes.mjs'
  const { leftovers, other } = await claimRun()
  if (other) { console.log('already runs'); process.exit(0) }
  const own = { pid: process.pid, mark: processMark(process.pid), url: 'http://fake' }
  const supervisor = new Supervisor({ say: console.log, onChange: (children) => writeRun({ ...own, children }) })
  const stop = async () => { await supervisor.stopAll(); clearRun(); process.exit(0) }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
  whenStarterDies(stop, { pollMs: 50 })
  for (const name of ['worker', 'web'])
    supervisor.start({ name, program: process.execPath, args: ['-e', ${JSON.stringify(PARENT)}, process.env.FOLDER + '/' + name], env: process.env })
  console.log('stopped before: ' + leftovers.join(','))
`
writeTree(path, { 'up.mjs': UP })

// As npm does it: a program that starts a shell that starts ours.
const LIKE_NPM = `
  require('node:child_process').spawn('sh', ['-c', process.execPath + ' ' + process.argv[1] + '; true'], { stdio: 'inherit' })
`

async function startUp({ asNpm = false } = {}) {
  const script = join(path, 'up.mjs')
  const env = { ...process.env, FOLDER: path, ...(asNpm ? { npm_lifecycle_event: 'up' } : {}) }
  const child = spawn(process.execPath, asNpm ? ['-e', LIKE_NPM, script] : [script], { env })
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += chunk
  })
  const grandchildren = () => ['worker', 'web'].map((name) => Number(readFileSync(join(path, name), 'utf8')))
  await waitUntil(() => said.includes('stopped before') && readRun()?.children.length === 2, 5_000)
  const family = () => [...readRun().children.map(({ pid }) => pid), ...grandchildren()]
  await waitUntil(() => {
    try {
      return family().every((pid) => processMark(pid))
    } catch {
      return false
    }
  }, 5_000)
  return { child, family: family(), said: () => said }
}

const gone = (pids) => waitUntil(() => pids.every((pid) => processMark(pid) === undefined), 10_000)

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s ends every program with its children', async (signal) => {
  const { child, family } = await startUp()
  expect(family).toHaveLength(4)
  child.kill(signal)
  expect(await gone([child.pid, ...family])).toBe(true)
  expect(readRun()).toBeUndefined()
})

test.each(['SIGTERM', 'SIGKILL'])('%s to the npm that started it ends every program too', async (signal) => {
  const { child, family } = await startUp({ asNpm: true })
  const own = readRun().pid
  child.kill(signal)
  expect(await gone([own, ...family])).toBe(true)
})

test('what a killed run has left is found and stopped by the next one', async () => {
  const first = await startUp()
  first.child.kill('SIGKILL')
  await gone([first.child.pid])
  expect(first.family.every((pid) => processMark(pid))).toBe(true)
  const second = await startUp()
  expect(second.said()).toMatch(/stopped before: (worker,web|web,worker)/)
  expect(await gone(first.family)).toBe(true)
  second.child.kill('SIGTERM')
  expect(await gone(second.family)).toBe(true)
})

test('a second run while one runs leaves it alone', async () => {
  const first = await startUp()
  const { output } = await run(process.execPath, [join(path, 'up.mjs')], { env: { FOLDER: path } })
  expect(output).toContain('already runs')
  expect(findRun()).toMatchObject({ pid: first.child.pid })
  first.child.kill('SIGTERM')
  expect(await gone(first.family)).toBe(true)
})

test('a record whose process id now belongs to a stranger stops nobody', async () => {
  const stranger = spawn(process.execPath, ['-e', 'setInterval(()=>{},1e6)'], { detached: true })
  writeTree(path, {
    'run.json': JSON.stringify({
      pid: stranger.pid,
      mark: 'x',
      children: [{ name: 'web', pid: stranger.pid, mark: 'x' }],
    }),
  })
  expect(await claimRun()).toEqual({ leftovers: [] })
  expect(processMark(stranger.pid)).toBeDefined()
  clearRun()
  stranger.kill('SIGKILL')
})

test('a program that keeps ending is restarted five times, and then its log is named', async () => {
  const lines = []
  const supervisor = new Supervisor({ say: (line) => lines.push(line), firstPauseMs: 5 })
  const program = supervisor.start({
    name: 'crasher',
    program: process.execPath,
    args: ['-e', 'console.log("why"); process.exit(3)'],
    env: process.env,
  })
  await waitUntil(() => supervisor.failed() !== undefined, 15_000)
  expect(lines.filter((line) => line.includes('restart'))).toHaveLength(6)
  expect(lines.at(-1)).toContain('crasher.log')
  expect(readFileSync(program.log, 'utf8').match(/why/g)).toHaveLength(6)
})

test('a program that was ended on purpose is not restarted', async () => {
  const lines = []
  const supervisor = new Supervisor({ say: (line) => lines.push(line), firstPauseMs: 5 })
  const { pid, mark } = supervisor.start({
    name: 'steady',
    program: process.execPath,
    args: ['-e', 'setInterval(()=>{},1e6)'],
    env: process.env,
  })
  await supervisor.stopAll()
  expect(isRunning({ pid, mark })).toBe(false)
  expect(lines).toEqual([])
  expect(() => supervisor.start({ name: 'late', program: process.execPath, args: [], env: {} })).toThrow(
    'stopped',
  )
})
