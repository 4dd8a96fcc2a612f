import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'watchfloor-simulator-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Ended = { readonly code: number | null; readonly output: string; readonly errors: string }

function run(args: readonly string[], onOutput: (output: string, stop: () => void) => void): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'simulator/main.ts', ...args])
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
    onOutput(output, () => child.kill('SIGTERM'))
  })
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output, errors })))
}

test('says one line when ready and ends with 0 on SIGTERM', async () => {
  const args = [
    '--scenario',
    'runbooks/scenarios/calm.yaml',
    '--port',
    '0',
    '--grpc-port',
    '0',
    '--start',
    '2026-11-21T09:00:00Z',
  ]
  const ended = await run(args, (output, stop) => output.includes('\n') && stop())
  expect(ended.code).toBe(0)
  expect(ended.output).toMatch(
    /^simulated world ready on http:\/\/127\.0\.0\.1:\d+ .*calm, 64 GPUs on 16 instances.*\n$/,
  )
})

test('a broken scenario ends it with file, line and reason, and nothing is started', async () => {
  const file = join(folder, 'broken.yaml')
  writeFileSync(
    file,
    'id: broken\ntitle: Broken\nworld:\n  gpus: 3\n  instances: 1\n  queues: { count: 1 }\n  gpuz: 4\n',
  )
  const ended = await run(['--scenario', file, '--port', '0', '--grpc-port', '0'], () => {})
  expect(ended).toEqual({ code: 1, output: '', errors: `${file}:7:3: unknown key "gpuz" in world\n` })
})
