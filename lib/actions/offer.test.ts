import { afterAll, expect, it } from 'vitest'
import { loadActions } from './load-actions'
import { chooseExecutor, settingsOptions, wantedOf } from './offer'
import { actionsSchema, isManualOnly, MANUAL } from './policy'
import { openScene, type Scene } from './testing/scene'

const scenes: Scene[] = []
afterAll(() => Promise.all(scenes.map((scene) => scene.close())))

const rule = actionsSchema.parse({
  title: 'x',
  actions: [
    {
      id: 'worker.start',
      title: 'x',
      executor: ['supervisor.start', 'agent.start'],
      risk: 'change',
      params: [{ name: 'instance', label: 'Instance', from: 'settings', suggest: 'finding' }],
      command: 'x',
      effect: 'x',
      undo: 'x',
      verify: { says: 'x' },
    },
  ],
}).actions[0]

/** Two ways into instances: one reaches 1 and 2, the other 2 and 3. */
const reach: Readonly<Record<string, readonly string[]>> = {
  'supervisor.start': ['1', '2'],
  'agent.start': ['2', '3'],
}
const fake = {
  find: (id: string) => (id in reach ? ({ id } as never) : undefined),
  missing: () => ({ why: 'not connected', wayRound: 'by hand' }),
  listed: (id: string) => (reach[id] ?? []).map((value) => ({ value, label: value })),
}

it.each([
  ['1', 'supervisor.start'],
  ['2', 'supervisor.start'],
  ['3', 'agent.start'],
  ['', 'supervisor.start'],
])('ACT-OFF-01 the instance %j is reached by %s', (wanted, id) => {
  if (!rule) throw new Error('no rule')
  expect(chooseExecutor(rule, fake, wanted)).toMatchObject({ id })
})

it('ACT-OFF-01 offers each instance once, and what the finding names decides the way', () => {
  if (!rule) throw new Error('no rule')
  expect(settingsOptions(rule, fake, 'instance').map((it) => it.value)).toEqual(['1', '2', '3'])
  expect(wantedOf(rule, fake, { subjects: ['instance:3'] })).toBe('3')
  expect(wantedOf(rule, fake, { values: { instance: '2' } })).toBe('2')
})

it('ACT-DEF-02 every executor that the shipped runbooks name exists once its target is connected', async () => {
  const scene = await openScene({ supervised: true })
  scenes.push(scene)
  const { app } = scene
  const { rules } = await loadActions(app, app.clock.now())
  const actuators = await app.actuators()
  const named = new Set([...rules.values()].filter((it) => !isManualOnly(it)).flatMap((it) => it.executor))
  const unknown = [...named].filter(
    (id) => id !== MANUAL && !id.startsWith('agent.') && actuators.find(id) === undefined,
  )
  expect(unknown).toEqual([])
}, 60_000)
