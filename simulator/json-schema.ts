import { z } from 'zod'
import { scenarioSchema } from './scenario'

export const SCENARIO_SCHEMA_FILE = 'runbooks/scenarios/scenario.schema.json'

export function scenarioJsonSchema(): string {
  const schema = z.toJSONSchema(scenarioSchema, { io: 'input', target: 'draft-2020-12', reused: 'ref' })
  return `${JSON.stringify({ ...schema, title: 'A scenario of the simulated world' }, null, 2)}\n`
}
