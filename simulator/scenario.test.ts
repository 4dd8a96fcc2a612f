import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { SCENARIO_SCHEMA_FILE, scenarioJsonSchema } from './json-schema'
import { loadScenario, parseScenario, ScenarioError } from './scenario'
import { FAULTS, SOURCES, timelineEvent } from './scenario-events'

const FOLDER = 'runbooks/scenarios'
const HEAD = 'id: tiny\ntitle: Tiny\nworld:\n  gpus: 3\n  instances: 1\n  queues: [{ name: q@gpu }]\n'

function faultsOf(text: string): string[] {
  try {
    parseScenario(text, 'x.yaml')
  } catch (error) {
    if (error instanceof ScenarioError)
      return error.faults.map(({ file, line, column, reason }) => `${file}:${line}:${column}: ${reason}`)
    throw error
  }
  return []
}

describe('scenario files', () => {
  test.each(readdirSync(FOLDER).filter((file) => file.endsWith('.yaml')))('%s is valid', (file) => {
    expect(loadScenario(`${FOLDER}/${file}`).id).toBe(file.replace(/\.yaml$/, ''))
  })

  test('the published JSON Schema is that of the code (else: npx tsx simulator/json-schema-cli.ts)', () => {
    expect(JSON.parse(readFileSync(SCENARIO_SCHEMA_FILE, 'utf8'))).toEqual(JSON.parse(scenarioJsonSchema()))
  })
})

describe('a broken scenario is refused with line, column and reason', () => {
  test.each([
    ['an unknown key at the top', `${HEAD}colour: red\n`, 'x.yaml:7:1: unknown key "colour"'],
    [
      'an unknown key of an event',
      `${HEAD}timeline:\n  - at: 5s\n    event: gpu-xid\n    code: 79\n    cod: 1\n`,
      'x.yaml:11:5: unknown key "cod" in timeline.0',
    ],
    [
      'an unknown event',
      `${HEAD}timeline:\n  - at: 5s\n    event: gpu-explodes\n`,
      'x.yaml:9:12: timeline.0.event: unknown event',
    ],
    [
      'a bad duration',
      `${HEAD}timeline:\n  - { at: soon, event: access-blocked }\n`,
      'x.yaml:8:11: timeline.0.at: write a duration such as 90s, 20m, 12h or 3d',
    ],
    [
      'a queue that does not exist',
      `${HEAD}timeline:\n  - { at: 5s, event: queue-arrival, queue: other@gpu, factor: 2 }\n`,
      'x.yaml:8:44: timeline.0.queue: no queue is named other@gpu',
    ],
    [
      'an instance beyond the world',
      `${HEAD}timeline:\n  - { at: 5s, event: host-loss, target: { instances: [2] } }\n`,
      'x.yaml:8:54: timeline.0.target.instances: the world has 1 instances',
    ],
    [
      'an end before the beginning',
      `${HEAD}timeline:\n  - { at: 5s, until: 2s, event: access-blocked }\n`,
      'x.yaml:8:22: timeline.0.until: must be later than at',
    ],
    [
      'an unknown leaf',
      `${HEAD}truth:\n  - { leaf: gpu.melted, from: 0s }\n`,
      'x.yaml:8:13: truth.0.leaf: not a triage leaf (a leaf of your own begins with "team.")',
    ],
  ])('%s', (_, text, expected) => {
    expect(faultsOf(text)).toEqual([expected])
  })

  test('text that is not YAML names the line', () => {
    expect(faultsOf('id: [')[0]).toMatch(/^x\.yaml:1:\d+: /)
  })

  test('a world beyond the limits is refused', () => {
    expect(faultsOf(HEAD.replace('gpus: 3', 'gpus: 10001'))[0]).toMatch(/^x\.yaml:4:9: world\.gpus: /)
    expect(faultsOf(HEAD.replace('gpus: 3', 'gpus: 2'))[0]).toMatch(/^x\.yaml:4:9: world\.gpus: /)
  })
})

describe('the guide', () => {
  const guide = readFileSync('docs/guides/scenarios.md', 'utf8')

  test.each([
    ['event', timelineEvent.options.map((option) => option.shape.event.value)],
    ['source', SOURCES],
    ['fault', FAULTS],
  ])('names every %s', (_, names) => {
    expect(names.filter((name) => !guide.includes(`\`${name}\``))).toEqual([])
  })

  test('shows a scenario that is valid', () => {
    const yaml = /```yaml\n([\s\S]*?)```/.exec(guide)?.[1] ?? ''
    expect(parseScenario(yaml, 'guide.yaml').id).toBe('hot-card')
  })
})
