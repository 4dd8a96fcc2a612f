import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createSimulator } from '@/simulator/simulator'
import { smallScenario } from '@/simulator/testing'
import { ROLES, type Role } from '../access/permissions'
import { takeAgentReport } from '../agent-door'
import { takeHook } from '../alerts/hooks-collect'
import { hookRequest, hookSecretsEnv, SECRETS } from '../alerts/testing/deliveries'
import { connectEvidence } from '../connect-evidence'
import { type Console, createConsole, setConsole } from '../console'
import { healthFeed } from '../health/feed-queries'
import { DEFAULT_HEALTH_POLICY } from '../health/policy'
import { alertsJob, alertsPolicyOf, startAlertInbox } from '../jobs/alerts'
import { collectorJob } from '../jobs/collector'
import { runJob } from '../jobs/runner'
import { createHub } from '../live/hub'
import { openApiDocument } from '../openapi'
import { type Actor, type AnyQuery, Encoded } from '../operation'
import { systemClock } from '../platform/clock'
import { sha256Hex } from '../platform/crypto'
import { createLog } from '../platform/log'
import { testDatabase, testEnv } from '../platform/testing/database'
import { ALL_OPERATIONS, findCommand } from '../registry'
import { runCommand, runQuery } from '../run'
import { createRunbooks } from '../runbooks/load'
import { shipped } from '../triage/testing/shipped'
import { advanceEvidence } from './advance'
import { type Canary, canaries, foundIn } from './testing/canaries'
import { plantingProxy } from './testing/planting-proxy'

// A loaded machine may take its time: nothing here judges how long it took.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const ALL = canaries(200)
const planted = new Set<number>()
let turn = 0

function next(): string {
  const canary = ALL[turn % ALL.length]
  if (canary === undefined) throw new Error('there are no canaries')
  turn += 1
  planted.add(canary.at)
  return canary.text
}

const lines: string[] = []
const frames: string[] = []
const closing: (() => Promise<unknown>)[] = []
let app: Console
let incidentId = ''
let bundleId = ''

beforeAll(async () => {
  await setup()
})

afterAll(async () => {
  for (const close of closing.reverse()) await close()
})

async function setup(): Promise<void> {
  const simulator = createSimulator({
    scenario: smallScenario(),
    startMs: systemClock.now().getTime(),
    wallMs: () => systemClock.monotonicMs(),
  })
  const ports = await simulator.listen({ http: 0, grpc: 0 })
  closing.push(() => simulator.close())
  const proxy = await plantingProxy(`http://127.0.0.1:${ports.http}`, next)
  closing.push(proxy.close)
  const env = testEnv(await testDatabase(), {
    WATCHFLOOR_HOOK_SECRETS: hookSecretsEnv,
    VAST_API_URL: `${proxy.url}/vast`,
    VAST_API_KEY: 'simulated-key',
    PROMETHEUS_URL: `${proxy.url}/prometheus`,
    STATUSPAGE_URL: `${proxy.url}/statuspage`,
    HEALTH_URLS: JSON.stringify({ integration: `${proxy.url}/integration/health` }),
    KUBERNETES_URL: `${proxy.url}/kubernetes`,
    KUBERNETES_TOKEN: 'simulated-kubernetes-actor',
    KUBERNETES_NAMESPACE: 'default',
    KUBERNETES_DEPLOYMENTS: 'vastai-integration',
    KUBERNETES_SECRETS: 'vastai-secrets/VASTAI_API_KEY',
  })
  const log = createLog({ name: 'test', level: 'trace', to: { write: (line) => void lines.push(line) } })
  app = { ...createConsole({ name: 'secrets', env, clock: systemClock }), log }
  setConsole(app)
  closing.push(() => app.close())
  const hub = createHub(app, healthFeed)
  closing.push(() => hub.close())
  await hub.ready()
  await hub.join(
    {
      push: (bytes) => {
        frames.push(new TextDecoder().decode(bytes))
        return true
      },
      close: () => undefined,
    },
    undefined,
  )
  const { forest } = await shipped()
  const runbooks = await createRunbooks({ dir: './runbooks', now: app.clock.now() })
  const policy = alertsPolicyOf(runbooks.current)
  const inbox = startAlertInbox(app, { policy })
  const stops = [
    runJob(
      app,
      collectorJob(
        app,
        () => DEFAULT_HEALTH_POLICY,
        () => forest,
      ),
    ),
    runJob(app, alertsJob(app, { policy, onChange: () => undefined })),
    inbox.stop,
  ]
  closing.push(() => Promise.all(stops.map((stop) => stop())))
  await tellByHook()
  await tellByAgent()
  await workAsAPerson()
  await vi.waitFor(
    async () => {
      const [checkpoints, run, reports, waiting] = await Promise.all([
        app.db.healthCheckpoint.count(),
        app.db.triageRun.findUnique({ where: { incidentId } }),
        app.db.agentReport.count(),
        app.db.hookInbox.count({ where: { state: 'new' } }),
      ])
      expect(checkpoints).toBeGreaterThan(0)
      expect(run?.diagnosedAt).not.toBeNull()
      expect(reports).toBe(1)
      expect(waiting).toBe(0)
      expect(planted.size).toBe(ALL.length)
    },
    { timeout: 120_000, interval: 500 },
  )
  await advanceEvidence({
    db: app.db,
    pool: app.hot,
    clock: app.clock,
    log,
    held: () => true,
    open: () => connectEvidence(app, runbooks.current),
    told: () => undefined,
  })
}

/** Labels, annotations and addresses of alerts, from every sender that carries some; one delivery that is not understood. */
async function tellByHook(): Promise<void> {
  const now = app.clock.now()
  const startsAt = now.toISOString()
  const alerts = Array.from({ length: 8 }, (_, at) => ({
    status: 'firing',
    labels: { alertname: `Leak${at}`, severity: 'critical', cmd: next(), token: next() },
    annotations: { summary: `failed: ${next()}`, description: next(), runbook: next() },
    startsAt,
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus.example/graph',
  }))
  const list = { receiver: 'c', status: 'firing', version: '4', groupKey: '{}', truncatedAlerts: 0 }
  const deliveries = [
    ['alertmanager', { ...list, alerts }],
    ['alertmanager', { ...list, alerts: [{ status: 'broken', labels: { note: next() } }] }],
    ['grafana', { version: '1', orgId: 1, alerts: alerts.slice(0, 2) }],
    ['generic', { type: 'alert.firing', data: { name: 'Leak', startsAt, labels: { env: next() } } }],
    ['vast', { event_id: 'e1', notif_type: 'instance_stopped', timestamp: 1.5, message: next() }],
  ] as const
  for (const [sender, value] of deliveries) {
    const request = hookRequest({ sender, secret: SECRETS[sender][0], body: JSON.stringify(value), now })
    expect((await takeHook(app, request, { sender })).status).toBe(202)
  }
}

/** An agent that masks nothing: logs, program states, endpoints and probe errors. */
async function tellByAgent(): Promise<void> {
  const token = 'an-agent-token-of-this-test'
  const fixture = JSON.parse(await readFile('agent/fixtures/reports/worker-fatal.json', 'utf8'))
  const instanceId = String(fixture.instanceId)
  await app.db.agentToken.create({
    data: { instanceId, tokenHash: sha256Hex(token), issuedBy: 'test', issuedAt: app.clock.now() },
  })
  const sampledAt = app.clock.now().toISOString()
  const report = {
    ...fixture,
    sentAt: sampledAt,
    sampledAt,
    logs: [
      {
        path: '/var/log/worker.log',
        sizeBytes: 1,
        modifiedAt: sampledAt,
        errorLines: Array.from({ length: 20 }, () => `ERROR ${next()}`),
      },
      {
        path: '/var/log/llama.log',
        sizeBytes: 1,
        modifiedAt: sampledAt,
        errorLines: { unknown: 'no_permission', detail: next() },
      },
    ],
    supervisor: {
      ...fixture.supervisor,
      processes: fixture.supervisor.processes.map((one: object) => ({
        ...one,
        description: `exited ${next()}`,
      })),
    },
  }
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(JSON.stringify(report))
  }
  const answer = await takeAgentReport({
    authorization: `Bearer ${token}`,
    contentLength: undefined,
    chunks: chunks(),
  })
  expect(answer.status).toBe(202)
}

let actor: Actor

async function does(name: string, input: unknown): Promise<Record<string, string>> {
  const scope = { console: app, actor, now: app.clock.now(), requestId: randomUUID() }
  return (await runCommand(findCommand(name), scope, input, randomUUID())) as Record<string, string>
}

/** Everything that a person may paste, and a source's secret that is meant to be kept. */
async function workAsAPerson(): Promise<void> {
  const handle = 'ana'
  const roles: readonly Role[] = ROLES
  const { id } = await app.db.person.create({
    data: { handle, name: handle, email: 'ana@northlight.example', roles: [...roles] },
  })
  actor = { kind: 'person', id, handle, name: handle, roles, sessionId: 's', authAt: app.clock.now() }
  const declared = await does('incidents.declare', {
    title: `Workers fail: ${next()}`,
    impact: next(),
    severity: 'P2',
    severityReason: next(),
  })
  incidentId = declared.id ?? ''
  const at = { id: incidentId }
  await does('incidents.addNote', { ...at, text: `$ env\n${next()}\n${next()}` })
  await does('incidents.addDecision', { ...at, proposal: next(), objections: next(), outcome: next() })
  await does('incidents.pinEvidence', { ...at, title: next(), value: next(), source: next() })
  await does('incidents.link', { ...at, kind: 'page', ref: next(), title: next() })
  await does('incidents.recordUpdate', { ...at, audience: 'internal', text: next(), where: next() })
  await does('incidents.addTask', { ...at, text: next(), ownerId: id, minutes: 5 })
  await does('actions.recordManual', {
    incidentId,
    action: 'watch.on',
    output: Array.from({ length: 10 }, next).join('\n'),
    outcome: 'worked',
    note: next(),
  })
  const secret = ALL.find((canary) => canary.text.startsWith('VAST_API_KEY='))?.needle ?? ''
  await does('sources.configure', {
    id: 'alertmanager',
    version: 0,
    settings: { url: 'http://127.0.0.1:9/' },
    secret,
  })
  await vi.waitFor(
    async () => {
      const run = await app.db.triageRun.findUnique({ where: { incidentId } })
      expect(run?.forestHash).not.toBe('')
    },
    { timeout: 120_000, interval: 200 },
  )
  await does('triage.override', { incidentId, question: 'credit-gone', answer: 'no', reason: next() })
  await does('checklists.tick', { incidentId, list: 'provider-fails', item: 'ticket', note: next() })
  bundleId = (await does('evidence.collect', { incidentId })).bundleId ?? ''
}

function namesOf(found: readonly Canary[]): readonly string[] {
  return found.map(({ at, text }) => `${at}: ${text.slice(0, 24)}`)
}

/** What bytes say: unpacked where they are packed. */
function textOf(bytes: Buffer): string {
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8')
}

type Column = { readonly table: string; readonly column: string; readonly type: string }

async function columns(): Promise<readonly Column[]> {
  const { rows } = await app.hot.query<Column>(
    `SELECT c.table_name AS table, c.column_name AS column, c.data_type AS type FROM information_schema.columns c
     JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
       AND c.data_type IN ('text', 'character varying', 'json', 'jsonb', 'ARRAY', 'bytea') ORDER BY 1, 2`,
  )
  return rows
}

describe('E-SEC-02 no planted secret is found', () => {
  it('all 200 were planted: in environment, labels, logs, command output, error texts, webhooks, reports and pasted text', () => {
    expect(planted.size).toBe(200)
  })

  it('in any column of the database', async () => {
    const found: string[] = []
    const all = await columns()
    expect(all.length).toBeGreaterThan(150)
    for (const { table, column, type } of all) {
      const isBytes = type === 'bytea'
      const { rows } = await app.hot.query<{ value: Buffer | string | null }>(
        `SELECT "${column}"${isBytes ? '' : '::text'} AS value FROM "${table}"`,
      )
      const text = rows
        .map(({ value }) => (value === null ? '' : typeof value === 'string' ? value : textOf(value)))
        .join('\n')
      found.push(...namesOf(foundIn(text, ALL)).map((name) => `${table}.${column} ${name}`))
    }
    expect(found).toEqual([])
  })

  it('in what was logged', () => {
    expect(lines.length).toBeGreaterThan(0)
    expect(namesOf(foundIn(lines.join(''), ALL))).toEqual([])
  })

  it('in the evidence bundle', async () => {
    const archive = await app.db.evidenceArchive.findUniqueOrThrow({ where: { bundleId } })
    const text = gunzipSync(archive.body).toString('utf8')
    expect(text).toContain('[redacted]')
    for (const part of ['logs/kubernetes/', 'logs/instances/', 'metrics/', 'record/timeline.md'])
      expect(text).toContain(part)
    expect(namesOf(foundIn(text, ALL))).toEqual([])
  })

  it('in any frame of the live stream', async () => {
    expect(frames.join('')).toContain('event: delta')
    expect(frames.join('')).toContain('event: hint')
    expect(namesOf(foundIn(frames.join(''), ALL))).toEqual([])
  })

  it('in any answer that a page is made of, nor in the description of the API', async () => {
    const alert = await app.db.alert.findFirstOrThrow()
    const quarantined = await app.db.hookQuarantine.findFirstOrThrow()
    const run = await app.db.actionRun.findFirstOrThrow()
    const instance = await app.db.instanceRecord.findFirstOrThrow()
    const inputs = [
      {},
      { incidentId },
      { id: incidentId },
      { ref: incidentId },
      { id: incidentId, filter: 'all', limit: 500 },
      { id: alert.id },
      { alertId: alert.id },
      { id: quarantined.id },
      { id: run.id },
      { id: instance.id },
      { limit: 200 },
      { incidentId, leaf: 'provider.errors' },
      { format: 'json' },
    ]
    const answered = new Set<string>()
    const found: string[] = []
    const scope = { console: app, actor, now: app.clock.now(), requestId: randomUUID() }
    for (const query of ALL_OPERATIONS.filter((one): one is AnyQuery => one.type === 'query')) {
      for (const input of inputs) {
        if (!query.input.safeParse(input).success) continue
        const result = await runQuery(query, scope, input).catch((error: unknown) => String(error))
        if (typeof result !== 'string') answered.add(query.name)
        const text = result instanceof Encoded ? textOf(Buffer.from(result.bytes)) : JSON.stringify(result)
        found.push(...namesOf(foundIn(text ?? '', ALL)).map((name) => `${query.name} ${name}`))
      }
    }
    for (const name of [
      'incidents.byId',
      'incidents.timeline',
      'triage.run',
      'alerts.detail',
      'health.instanceDetail',
    ])
      expect(answered).toContain(name)
    expect(found).toEqual([])
    const document = JSON.stringify(openApiDocument(ALL_OPERATIONS, 'http://127.0.0.1:3000'))
    expect(namesOf(foundIn(document, ALL))).toEqual([])
  })
})
