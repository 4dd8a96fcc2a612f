import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ended, freePort, readyLine } from '../../sources/testing/programs'

/** RealAlertmanager is a real Alertmanager on loopback that delivers to one webhook. */
export type RealAlertmanager = {
  readonly url: string
  /** post sends alerts as Prometheus would. */
  readonly post: (alerts: readonly object[]) => Promise<void>
  readonly silence: (silence: object) => Promise<void>
  readonly stop: () => Promise<void>
}

async function send(url: string, body: unknown): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
}

/** startAlertmanager runs the real program with one receiver: this webhook with this bearer token. */
export async function startAlertmanager(hook: {
  readonly url: string
  readonly token: string
}): Promise<RealAlertmanager> {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-alertmanager-'))
  const config = {
    route: {
      receiver: 'watchfloor',
      group_by: ['alertname'],
      group_wait: '100ms',
      group_interval: '500ms',
      repeat_interval: '1m',
    },
    receivers: [
      {
        name: 'watchfloor',
        webhook_configs: [
          {
            url: hook.url,
            send_resolved: true,
            http_config: { authorization: { type: 'Bearer', credentials: hook.token } },
          },
        ],
      },
    ],
  }
  writeFileSync(join(folder, 'alertmanager.yml'), JSON.stringify(config))
  const port = await freePort()
  const child = spawn(
    'prometheus-alertmanager',
    [
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  await readyLine(child, /msg=Listening|Listening on/)
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    post: (alerts) => send(`${url}/api/v2/alerts`, alerts),
    silence: (silence) => send(`${url}/api/v2/silences`, silence),
    stop: async () => {
      await ended(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
