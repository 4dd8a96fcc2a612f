import { execFile, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export type RealPrometheus = { readonly url: string; close(): Promise<void> }

export function isInstalled(program: 'prometheus' | 'promtool'): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

type StartInput = { readonly config: string; readonly openMetrics?: string }

/** A real Prometheus in a folder of its own, with a configuration and samples to begin with. */
export async function startPrometheus({ config, openMetrics }: StartInput): Promise<RealPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-prometheus-'))
  const data = join(folder, 'data')
  writeFileSync(join(folder, 'prometheus.yml'), config)
  if (openMetrics !== undefined) {
    writeFileSync(join(folder, 'samples.txt'), openMetrics)
    await run('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'samples.txt'), data])
  }
  const port = await freePort()
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${data}`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  )
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = `http://127.0.0.1:${port}`
  await untilAnswer(async () => (await fetch(`${url}/-/ready`)).ok)
  return {
    url,
    async close() {
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Asks again until the condition holds; 20 s at most. */
export async function untilAnswer(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000
  for (;;) {
    try {
      if (await holds()) return
    } catch {
      // Not listening yet.
    }
    if (performance.now() > deadline) throw new Error('no answer within 20 s')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
