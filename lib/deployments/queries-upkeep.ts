import { z } from 'zod'
import { defineQuery } from '../operation'
import { loadDeployRules } from './load-rules'
import { dueAtMs, SECRET_WORDS, secretStanding } from './secrets'
import type { SizingSeries } from './sizing'
import { secretRow } from './upkeep-store'

/** upkeep gives the ledger of rotations and the proposals of other sizes, with what they were made of. */
export const upkeep = defineQuery({
  name: 'deployments.upkeep',
  summary: 'Gives the ledger of rotations and the proposals of other sizes, with the series behind them.',
  permission: 'deployments.read',
  input: z.strictObject({}),
  run: async ({ console, now }) => {
    const { db } = console
    const nowMs = now.getTime()
    const [rules, secrets, events, sizes] = await Promise.all([
      loadDeployRules(console, now),
      db.secretRecord.findMany({ orderBy: [{ service: 'asc' }, { name: 'asc' }], take: 500 }),
      db.secretEvent.findMany({ orderBy: { at: 'desc' }, take: 100 }),
      db.sizingProposal.findMany({
        where: { state: { not: 'watching' } },
        orderBy: { openedAt: 'desc' },
        take: 100,
      }),
    ])
    return {
      nowMs,
      services: [...rules.services.values()].map(({ id, title }) => ({ id, title })),
      secrets: secrets.map((row) => {
        const secret = secretRow(row)
        const standing = secretStanding(secret, nowMs)
        return {
          id: row.id,
          name: row.name,
          service: row.service,
          environment: row.environment,
          owner: row.owner,
          version: row.version,
          standing,
          words: SECRET_WORDS[standing],
          rotatedAtMs: secret.rotatedAtMs,
          dueAtMs: dueAtMs(secret),
          dualUntilMs: secret.dualUntilMs,
          consumers: secret.consumers,
          last: events.find(({ secretId }) => secretId === row.id)?.words ?? '',
        }
      }),
      sizes: sizes.map((row) => ({
        id: row.id,
        service: row.service,
        environment: row.environment,
        rule: row.rule,
        words: row.words,
        state: row.state,
        samples: (row.series as unknown as SizingSeries).samples.map(([atMs, value]) => ({ atMs, value })),
        openedAtMs: row.openedAt.getTime(),
        decidedBy: row.decidedBy,
        decidedWhy: row.decidedWhy,
      })),
    }
  },
})
