import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { request } from 'undici'
import { freePort } from '../scripts/lib/ports.mjs'
import { until } from './clock'
import { logTail, type Programs } from './processes'

const PROGRAM = '/usr/bin/prometheus-alertmanager'

/** startPeer runs the system's Alertmanager as the peer to measure against; undefined when it is not installed. */
export async function startPeer(programs: Programs, folder: string): Promise<string | undefined> {
  if (!existsSync(PROGRAM)) return undefined
  const config = join(folder, 'alertmanager.yml')
  writeFileSync(config, JSON.stringify({ route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] }))
  const port: number = await freePort()
  const program = programs.start({
    name: 'alertmanager',
    program: PROGRAM,
    args: [
      `--config.file=${config}`,
      `--storage.path=${join(folder, 'alertmanager')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    env: { PATH: process.env.PATH, NODE_ENV: 'production' },
  })
  const url = `http://127.0.0.1:${port}/api/v2/alerts`
  await until(
    'Alertmanager answers',
    async () => {
      if (program.ended) throw new Error(`Alertmanager ended (${program.how})\n${logTail(program)}`)
      return request(url).then(
        async ({ statusCode, body }) => {
          await body.dump()
          return statusCode === 200
        },
        () => false,
      )
    },
    20_000,
  )
  return url
}
