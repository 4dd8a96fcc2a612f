import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Console } from '../console'
import { systemClock } from '../platform/clock'
import { createHttp } from '../platform/http'
import type { Http } from '../platform/http-types'
import { testConsole } from '../platform/testing/database'
import { createAlertmanager } from '../sources/alertmanager/alertmanager'
import { hasProgram } from '../sources/testing/programs'
import { createAlertWatch } from './advance'
import { createInboxDrain, type InboxDrain } from './advance-inbox'
import { hookIntake, takeHook } from './hooks-collect'
import { type AlertsPolicy, alertsPolicySchema } from './policy'
import { hookSecretsEnv, SECRETS } from './testing/deliveries'
import { type RealAlertmanager, startAlertmanager } from './testing/real-alertmanager'

const PROGRAM = 'prometheus-alertmanager'
const policy: AlertsPolicy = alertsPolicySchema.parse({
  reconcile: { everySeconds: 5, closeAfterSeconds: 0, settleSeconds: 0, webhookGraceSeconds: 0 },
})

type Row = {
  readonly name: string
  readonly status: string
  readonly seen: number
  readonly via: string
  readonly resolved_by: string | null
  readonly silenced_by: string[]
}

describe.skipIf(!hasProgram(PROGRAM))(`a real Alertmanager (needs ${PROGRAM})`, () => {
  let console: Console
  let drain: InboxDrain
  let hook: Server
  let isHookDown = false
  let alertmanager: RealAlertmanager
  let http: Http

  beforeAll(async () => {
    const made = await testConsole({ WATCHFLOOR_HOOK_SECRETS: hookSecretsEnv })
    console = { ...made, clock: systemClock }
    drain = createInboxDrain(console, { policy: () => policy })
    hook = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('end', async () => {
        if (isHookDown) return outgoing.writeHead(404).end()
        const request = new Request('http://127.0.0.1/api/hooks/alertmanager', {
          method: 'POST',
          headers: { authorization: incoming.headers.authorization ?? '' },
          body: Buffer.concat(chunks),
        })
        const response = await takeHook(console, request, { sender: 'alertmanager' })
        await drain.drain()
        outgoing.writeHead(response.status).end(await response.text())
      })
    })
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve))
    const { port } = hook.address() as AddressInfo
    alertmanager = await startAlertmanager({
      url: `http://127.0.0.1:${port}/api/hooks/alertmanager`,
      token: SECRETS.alertmanager[0],
    })
    http = createHttp({ allow: [{ cidr: '127.0.0.0/8' }], clock: systemClock })
  })

  afterAll(async () => {
    await alertmanager.stop()
    await new Promise((resolve) => {
      hook.close(resolve)
      hook.closeAllConnections()
    })
    await http.close()
    await hookIntake(console).flush()
    await console.close()
  })

  async function rows(name: string): Promise<Row[]> {
    const { rows: found } = await console.hot.query<Row>(
      'SELECT name, status, seen, via, resolved_by, silenced_by FROM alert WHERE name = $1',
      [name],
    )
    return found
  }

  async function until(name: string, isDone: (found: readonly Row[]) => boolean): Promise<readonly Row[]> {
    for (;;) {
      const found = await rows(name)
      if (isDone(found)) return found
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async function poll() {
    await console.hot.query(
      "INSERT INTO lease (name, epoch, owner, expires_at) VALUES ('alerts', 1, 'test', now()) ON CONFLICT DO NOTHING",
    )
    const watch = createAlertWatch(console, {
      policy: () => policy,
      hashOf: () => '',
      ports: () => ({ alertmanager: createAlertmanager({ baseUrl: alertmanager.url, http }) }),
      board: async () => undefined,
      hosts: async () => [],
      epoch: 1,
      onChange: () => undefined,
    })
    return watch.poll(console.clock.now())
  }

  async function notices(): Promise<string[]> {
    const { rows: found } = await console.hot.query<{ id: string }>('SELECT id FROM alert_notice ORDER BY id')
    return found.map((row) => row.id)
  }

  const labels = (alertname: string) => ({ alertname, severity: 'critical', gpu: '3' })

  it('A-REC-01 delivers an alert, and its end, as one episode', async () => {
    await alertmanager.post([{ labels: labels('GpuLost'), annotations: { summary: 'gone' } }])
    const [firing] = await until('GpuLost', (found) => found.length === 1)
    expect(firing).toMatchObject({ status: 'firing', seen: 1, via: 'webhook' })
    await alertmanager.post([{ labels: labels('GpuLost'), endsAt: new Date(Date.now() - 1).toISOString() }])
    const done = await until('GpuLost', ([row]) => row?.status === 'resolved')
    expect(done).toMatchObject([{ resolved_by: 'sender', seen: 2 }])
  })

  it('A-REC-02 an alert whose delivery was lost appears with the poll, and the silence of the webhook is said', async () => {
    isHookDown = true
    await alertmanager.post([{ labels: labels('Undelivered') }])
    expect(await rows('Undelivered')).toEqual([])
    expect((await poll())?.appear).toHaveLength(1)
    expect(await rows('Undelivered')).toMatchObject([{ status: 'firing', seen: 0, via: 'poll' }])
    expect((await poll())?.undelivered).toBe(1)
    expect(await notices()).toEqual(['webhook-silent:alertmanager'])
  })

  it('A-REC-03 a silence shows on the alert, with who asked for it, until when and why', async () => {
    await alertmanager.silence({
      matchers: [{ name: 'alertname', value: 'Undelivered', isRegex: false, isEqual: true }],
      startsAt: new Date(Date.now() - 1_000).toISOString(),
      endsAt: new Date(Date.now() + 3_600_000).toISOString(),
      createdBy: 'mona',
      comment: 'card is being swapped',
    })
    for (
      let found = await rows('Undelivered');
      found[0]?.silenced_by.length !== 1;
      found = await rows('Undelivered')
    )
      await poll()
    const { rows: silences } = await console.hot.query('SELECT created_by, comment, state FROM alert_silence')
    expect(silences).toEqual([{ created_by: 'mona', comment: 'card is being swapped', state: 'active' }])
    expect((await poll())?.undelivered).toBe(0)
    expect(await notices()).toEqual([])
  })

  it('A-REC-04 an end whose delivery was lost is found by two polls', async () => {
    const ends = new Date(Date.now() - 1).toISOString()
    await alertmanager.post([{ labels: labels('Undelivered'), endsAt: ends }])
    for (
      let found = await rows('Undelivered');
      found[0]?.status !== 'resolved';
      found = await rows('Undelivered')
    )
      await poll()
    expect(await rows('Undelivered')).toMatchObject([{ status: 'resolved', resolved_by: 'poll' }])
  })
})
