import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ended, freePort, readyLine } from './programs'

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
