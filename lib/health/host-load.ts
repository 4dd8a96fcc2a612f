import type pg from 'pg'
import { type HostFigures, hostFigures } from './host-figures'

type Row = {
  readonly instance_id: string
  readonly received_at: Date
  readonly memory: unknown
  readonly load: unknown
}

/** readHostFigures gives what the agents heard within `maxAgeMs` of now say of their machines; an older report says nothing. */
export async function readHostFigures(
  pool: pg.Pool,
  now: Date,
  maxAgeMs: number,
): Promise<readonly HostFigures[]> {
  const { rows } = await pool.query<Row>({
    name: 'host-figures',
    text: `SELECT instance_id, received_at, body->'memory' AS memory, body->'load' AS load
      FROM agent_report WHERE received_at >= $1 ORDER BY instance_id`,
    values: [new Date(now.getTime() - maxAgeMs)],
  })
  return rows.map((row) =>
    hostFigures({ instanceId: row.instance_id, at: row.received_at, memory: row.memory, load: row.load }),
  )
}
