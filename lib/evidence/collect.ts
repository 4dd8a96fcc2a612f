import type pg from 'pg'
import type { Db } from '../platform/db'
import { type Packed, packParts } from './collect-archive'
import { collectHealth, collectOwnMetrics, collectReports } from './collect-kept'
import { collectRecord, collectTriage, readSubject } from './collect-record'
import { collectCluster, collectConfiguration, collectMetrics, together } from './collect-sources'
import { bundleName, type Gathered, windowOf } from './model'
import type { EvidencePorts } from './ports'

/** Built is a bundle with the name of its file. */
export type Built = Packed & { readonly filename: string }

/** Not connected to anything yet, and said so in every bundle. */
const NO_PORT: Gathered = {
  parts: [],
  missing: [
    {
      what: 'logs/supervisor/',
      why: 'no supervisord is read beyond what agents report',
      wayRound: 'Tail the programs on the instance.',
    },
    {
      what: 'logs/vast/',
      why: 'the provider’s logs are asked for one instance at a time, so that its limit is not used up',
      wayRound: 'Ask the provider for the log of the instance that matters.',
    },
  ],
}

/**
 * collectEvidence gathers, redacts and packs everything about one incident. A source that does not answer is named in the
 * manifest with its reason; nothing is left out silently. `onStep` hears how many of STEPS are done.
 */
export async function collectEvidence(options: {
  readonly db: Db
  readonly pool: pg.Pool
  readonly ports: EvidencePorts
  readonly incidentId: string
  readonly now: Date
  readonly onStep?: (done: number) => Promise<void>
}): Promise<Built> {
  const { db, pool, ports, now } = options
  const subject = await readSubject(db, options.incidentId)
  const window = windowOf(subject.resolvedAt?.getTime() ?? null, now.getTime())
  const steps: readonly (() => Promise<Gathered>)[] = [
    () => collectRecord(db, subject),
    () => collectTriage(db, subject),
    () => collectHealth(pool, subject, window),
    async () =>
      together([await collectMetrics(ports, window), await collectOwnMetrics(pool, subject, window)]),
    async () => together([await collectReports(pool, window), await collectCluster(ports, window), NO_PORT]),
    () => collectConfiguration(ports),
  ]
  const gathered: Gathered[] = []
  for (const [at, step] of steps.entries()) {
    gathered.push(await step())
    await options.onStep?.(at + 1)
  }
  const { id, name, title } = subject
  const packed = packParts({ incident: { id, name, title }, window, now, ...together(gathered) })
  return { ...packed, filename: bundleName(name, window.toMs) }
}
