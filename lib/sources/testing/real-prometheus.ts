import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** hasProgram is whether a program is on the path; tests against real peers need it. */
export function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0
}

/** RealServer is a real peer on loopback for one test file. */
export type RealServer = { readonly url: string; readonly stop: () => Promise<void> }

/** startPrometheus runs the real Prometheus over samples in OpenMetrics text, so that every query has one right answer. */
export async function startPrometheus(openMetrics: string): Promise<RealServer> {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-prometheus-'))
  const data = join(folder, 'data')
  writeFileSync(join(folder, 'samples.txt'), openMetrics)
  writeFileSync(join(folder, 'prometheus.yml'), 'global: { scrape_interval: 15s }\n')
  execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'samples.txt'), data], {
    stdio: 'ignore',
  })
  const port = await freePort()
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${data}`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  await readyLine(child, /Server is ready/)
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      await ended(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** readyLine resolves when the program has printed a line that matches, and throws with its output when it ends before. */
export function readyLine(child: ChildProcess, pattern: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = ''
    const hear = (chunk: Buffer): void => {
      output += chunk.toString('utf8')
      if (pattern.test(output)) resolve()
    }
    child.stderr?.on('data', hear)
    child.stdout?.on('data', hear)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${output.slice(-2000)}`)))
  })
}

/** ended stops a program and resolves when it is gone. */
export function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}

/** freePort finds a loopback port that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
