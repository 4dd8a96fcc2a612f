import { randomUUID } from 'node:crypto'
import { somebodyIn } from '../../access/testing/somebody'
import type { Console } from '../../console'
import { AppError } from '../../platform/errors'
import type { CommandInput } from '../../registry'

/** declaredIn declares a P1 by a commander of its own, with ways to read its page and its record from the beginning. */
export async function declaredIn(app: Console, changes: Partial<CommandInput<'incidents.declare'>> = {}) {
  const ana = await somebodyIn(app, ['commander'])
  const made = await ana.does('incidents.declare', {
    title: 'Inference 503s, EU pool',
    severity: 'P1',
    severityReason: '5xx 61 per minute, limit 10',
    ...changes,
  })
  const page = () => ana.asks('incidents.byId', { ref: made.id })
  const record = async () =>
    (await ana.asks('incidents.timeline', { id: made.id, limit: 500 })).entries.toReversed()
  return { ana, id: made.id, name: made.name, page, record }
}

/** untilAnswered sends as a browser does: a busy database is asked again under the same key, at most ten times. */
export async function untilAnswered<Result>(send: (key: string) => Promise<Result>): Promise<Result> {
  const key = randomUUID()
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(key)
    } catch (error) {
      if (attempt >= 10 || !(error instanceof AppError) || error.code !== 'unavailable') throw error
    }
  }
}
