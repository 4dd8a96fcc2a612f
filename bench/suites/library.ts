import { request } from 'undici'
import { monotonicMs, progress } from '../clock'
import { type Caller, callerOf } from '../commands'
import { LIBRARY_SIZE, seedLibrary } from '../library-seed'
import { quantile } from '../numbers'
import { atLeast, atMost, spreadOf } from '../report'
import { type Rig, scenarioPath, startRig } from '../rig'
import type { Measured, Suite } from '../suite'

const LIMIT_MS = 150

/** ASKED are searches as people make them: rare and common words, several, phrases, half-typed, excluded, numbers, narrowed. */
const ASKED: readonly { readonly text: string; readonly [filter: string]: string }[] = [
  { text: 'host' },
  { text: 'queue provider' },
  { text: 'case1742' },
  { text: 'certificate expiry renewal' },
  { text: '"packet loss"' },
  { text: 'poller tim' },
  { text: 'inf' },
  { text: 'kernel upgrade -vacuum' },
  { text: 'INC-3141' },
  { text: 'deadlock vacuum', severity: 'P1' },
  { text: 'gateway retry', tag: 'tag-7' },
  { text: 'host queue error alert', state: 'published' },
  { text: 'nothing holds this wordless' },
  { text: 'restart', leaf: 'leaf-12' },
]

/** library measures the search over postmortems (bar D2). */
export const library: Suite = {
  name: 'library',
  workload: `${LIBRARY_SIZE} postmortems of 480 words in eight texts and a record of forty rows; ${ASKED.length} searches as people make them, one after another over HTTP with a session, from the request's begin until its whole answer is read; then similar incidents of fifty of them`,
  run: async ({ quick, build }) => {
    const rig = await startRig({ scenario: scenarioPath('calm'), agents: 0, spares: 0, floor: false, build })
    try {
      return await measure(rig, quick ? 6 : 40)
    } finally {
      await rig.stop()
    }
  },
}

async function measure(rig: Rig, rounds: number): Promise<Measured> {
  const begunMs = monotonicMs()
  await seedLibrary(rig.database, LIBRARY_SIZE)
  const seedSeconds = (monotonicMs() - begunMs) / 1_000
  progress(`${LIBRARY_SIZE} postmortems in ${seedSeconds.toFixed(0)} s`)
  const caller = callerOf(rig)
  const searches: number[] = []
  const found = new Map<string, number>()
  for (const asked of ASKED) await timed(caller, 'library.search', asked)
  for (let round = 0; round < rounds; round += 1)
    for (const asked of ASKED) {
      const { ms, body } = await timed(caller, 'library.search', asked)
      searches.push(ms)
      found.set(asked.text, (body as { readonly matching: number }).matching)
    }
  const { rows } = await rig.database.pool.query<{ id: string }>(
    'SELECT id FROM postmortem WHERE NOT is_drill ORDER BY number LIMIT 50',
  )
  const similar: number[] = []
  for (const { id } of rows) similar.push((await timed(caller, 'library.similar', { postmortemId: id })).ms)
  rig.assertAlive()
  return {
    figures: {
      searchMs: spreadOf(searches),
      similarMs: spreadOf(similar),
      matching: Object.fromEntries(found),
      seedSeconds: Math.round(seedSeconds),
    },
    bars: [
      atMost({
        id: 'D2',
        figure: `search over ${LIBRARY_SIZE} postmortems, p95`,
        value: quantile(searches, 0.95),
        limit: LIMIT_MS,
        unit: 'ms',
      }),
      atLeast({
        id: 'D2',
        figure: 'searches that found what was there',
        value: [...found.values()].filter((count) => count > 0).length,
        limit: ASKED.length - 1,
        unit: 'searches',
      }),
    ],
  }
}

async function timed(
  caller: Caller,
  name: string,
  input: unknown,
): Promise<{ readonly ms: number; readonly body: unknown }> {
  const path = `${caller.base}/api/queries/${name}?input=${encodeURIComponent(JSON.stringify(input))}`
  const begunMs = monotonicMs()
  const answer = await request(path, { headers: { cookie: caller.cookie } })
  const body = await answer.body.json()
  const ms = monotonicMs() - begunMs
  if (answer.statusCode !== 200)
    throw new Error(`${name} answered ${answer.statusCode}: ${JSON.stringify(body)}`)
  return { ms, body }
}
