import { expect, test } from 'vitest'
import { createRunbooks } from '@/lib/runbooks/load'
import { forestOf } from '@/lib/triage/load-forest'
import { loadScenario, type Scenario, scenarioSchema } from '@/simulator/scenario'
import { judge, type Moment } from './judge'
import { runDrill } from './run-drill'

const shelf = await createRunbooks({ dir: 'runbooks', now: new Date(0) })
const around = { forest: forestOf(shelf.current()), policy: shelf.current().health }

function scenario(truth: readonly Record<string, unknown>[]): Scenario {
  return scenarioSchema.parse({
    id: 'made',
    title: 'Made',
    world: { gpus: 3, instances: 1, queues: [{ name: 'q' }] },
    truth,
  })
}

function moment(seconds: number, firm: readonly string[], possible: readonly string[] = []): Moment {
  const causes = firm.map((leaf) => ({ leaf, state: 'certain', explainedBy: null }))
  return { atMs: seconds * 1000, causes, possible }
}

const CARD = { leaf: 'gpu.fell-off-bus', from: '60s', sufficientAt: '90s' }

test.each([
  ['found in time', [moment(100, ['gpu.fell-off-bus'])], []],
  [
    'found too late',
    [moment(121, ['gpu.fell-off-bus'])],
    ['gpu.fell-off-bus was found 31 s after the sources allowed it'],
  ],
  ['never found', [moment(100, [], ['gpu.fell-off-bus'])], ['gpu.fell-off-bus was not found']],
  [
    'with something that is not so',
    [moment(100, ['gpu.fell-off-bus', 'host.offline'])],
    ['host.offline was certain at 100 s, and is not so'],
  ],
  [
    'before it began',
    [moment(30, ['gpu.fell-off-bus']), moment(100, ['gpu.fell-off-bus'])],
    ['gpu.fell-off-bus was certain at 30 s, and is not so'],
  ],
])('a drill whose card is %s is judged so', (_name, moments, problems) => {
  expect(judge(scenario([CARD]), moments).problems).toEqual(problems)
})

test('a consequence above its cause fails the drill', () => {
  const truth = [CARD, { leaf: 'workers.wedged', from: '60s', explainedBy: 'gpu.fell-off-bus' }]
  const problems = judge(scenario(truth), [moment(90, ['workers.wedged', 'gpu.fell-off-bus'])]).problems
  expect(problems).toEqual(['workers.wedged stands above gpu.fell-off-bus, which explains it'])
})

test('the same drill gives the same bytes, with path, evidence and actions', {
  timeout: 120_000,
}, async () => {
  const file = 'runbooks/scenarios/drills/card-and-provider.yaml'
  const first = await runDrill(loadScenario(file), around)
  const again = await runDrill(loadScenario(file), around)
  expect(JSON.stringify(again)).toBe(JSON.stringify(first))
  expect(first).toMatchObject({ ok: true, problems: [] })
  expect(first.diagnosis.map(({ leaf }) => leaf)).toEqual(
    expect.arrayContaining(['gpu.fell-off-bus', 'provider.errors']),
  )
  expect(first.evidence.find(({ leaf }) => leaf === 'gpu.fell-off-bus')?.subjects).toEqual(['gpu:9100005/0'])
  expect(first.actions).toEqual(expect.arrayContaining(['fallback.on', 'instance.drain']))
})
