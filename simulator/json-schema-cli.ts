import { writeFileSync } from 'node:fs'
import { SCENARIO_SCHEMA_FILE, scenarioJsonSchema } from './json-schema'

writeFileSync(SCENARIO_SCHEMA_FILE, scenarioJsonSchema())
console.log(`wrote ${SCENARIO_SCHEMA_FILE}`)
