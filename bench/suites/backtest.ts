import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConsole, setConsole } from '../../lib/console'
import { env } from '../../lib/platform/env'
import { findQuery } from '../../lib/registry'
import { runQuery } from '../../lib/run'
import { productEnvironment } from '../../scripts/lib/environment.mjs'
import { atEnd } from '../cleanup'
import { progress } from '../clock'
import { quantile } from '../numbers'
import { freshDatabase } from '../postgres'
import { atLeast, atMost, spreadOf } from '../report'
import type { Measured, Suite } from '../suite'

const DEPLOYMENTS = 50
const DAYS = 30
const TICKS_OF_DEPLOYMENT = 180
const QUIET_TICKS = 172_800
const SERVICE = 'vastai-integration'

/** backtest measures how soon “would have rolled back at” answers over a month (bar E8). */
export const backtest: Suite = {
  name: 'backtest',
  workload: `${DAYS} days of stored ticks of one service (${QUIET_TICKS} quiet ones) with ${DEPLOYMENTS} deployments of ${TICKS_OF_DEPLOYMENT} ticks; the query of the sliders as the console asks it, one setting after the other`,
  run: async ({ quick }) => {
    const folder = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
    const database = await freshDatabase(folder)
    Object.assign(
      process.env,
      productEnvironment({ databaseUrl: database.url, port: 3000, simulator: undefined }),
      {
        WATCHFLOOR_LOG_LEVEL: 'warn',
      },
    )
    const app = createConsole({ name: 'bench', env: env() })
    setConsole(app)
    const stop = atEnd(async () => {
      await app.close()
      await database.drop()
      rmSync(folder, { recursive: true, force: true })
    })
    try {
      await fill(app)
      return await measure(app, { rounds: quick ? 4 : 20, postgres: database.version })
    } finally {
      await stop()
    }
  },
}

type App = ReturnType<typeof createConsole>

async function fill(app: App): Promise<void> {
  await app.hot.query(
    `INSERT INTO rollout (id, number, deployment_id, service, environment, provider, title, plan, policy, policy_version, state, core, requester_id, requester, started_at)
     SELECT gen_random_uuid(), 10000 + n, gen_random_uuid(), $1, 'production', 'kubernetes', 'bench', '{}', '{}', 'bench',
       CASE WHEN n % 10 = 0 THEN 'rolled_back' ELSE 'succeeded' END, '{}', '', 'bench', now() - n * interval '14 hours'
     FROM generate_series(1, ${DEPLOYMENTS}) AS n`,
    [SERVICE],
  )
  await app.hot.query(
    `INSERT INTO rollout_tick (service, environment, track, at, rollout_id, requests, error_ratio, p95)
     SELECT $1, 'production', 'canary', started_at + t * interval '15 seconds', id, 45,
       CASE WHEN state = 'rolled_back' AND t > 40 THEN 14 ELSE 0.3 END, 330
     FROM rollout, generate_series(1, ${TICKS_OF_DEPLOYMENT}) AS t WHERE service = $1`,
    [SERVICE],
  )
  for (let slice = 0; slice < 6; slice += 1)
    await app.hot.query(
      `INSERT INTO rollout_tick (service, environment, track, at, requests, error_ratio, p95)
       SELECT $1, 'production', 'canary', now() - (${QUIET_TICKS} - t) * interval '15 seconds' - interval '7 seconds', 45, 0.2 + (t % 7) * 0.1, 320
       FROM generate_series($2::int, $3::int) AS t`,
      [SERVICE, (slice * QUIET_TICKS) / 6 + 1, ((slice + 1) * QUIET_TICKS) / 6],
    )
  await app.hot.query('ANALYZE rollout_tick')
}

async function measure(
  app: App,
  { rounds, postgres }: { readonly rounds: number; readonly postgres: string },
): Promise<Measured> {
  const took: number[] = []
  let ticks = 0
  let fired = 0
  for (let round = 0; round < rounds; round += 1) {
    const startedMs = performance.now()
    const answer = (await runQuery(
      findQuery('rollouts.would-have'),
      {
        console: app,
        actor: { kind: 'machine', id: 'bench', permissions: ['rollouts.read'] },
        now: new Date(),
        requestId: randomUUID(),
      },
      {
        service: SERVICE,
        trigger: 'error_ratio.canary',
        breachAbove: 3 + (round % 5),
        holdSeconds: 300,
        days: DAYS,
      },
    )) as { readonly ticks: number; readonly fired: number }
    took.push(performance.now() - startedMs)
    ticks = answer.ticks
    fired = answer.fired
  }
  progress(`${ticks} ticks, ${fired} stretches fire`)
  return {
    postgres,
    figures: { ticks, fired, ms: spreadOf(took) },
    bars: [
      atLeast({ id: 'E8.a', figure: 'stored ticks judged', value: ticks, limit: 170_000, unit: 'ticks' }),
      atLeast({
        id: 'E8.b',
        figure: 'deployments that went back and would have again',
        value: fired,
        limit: 5,
        unit: 'deployments',
      }),
      atMost({
        id: 'E8.c',
        figure: 'the answer to one setting, p95',
        value: quantile(took, 0.95),
        limit: 2_000,
        unit: 'ms',
      }),
    ],
  }
}
