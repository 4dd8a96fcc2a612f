import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { erasedWords, isErasable, isOnInstance } from '../rollouts/hotfix'
import { openScene, type Scene, type Somebody, settled } from './testing/scene'

let scene: Scene
let ana: Somebody
let ben: Somebody
let incidentId: string

beforeAll(async () => {
  scene = await openScene()
  ana = await scene.someone('responder')
  ben = await scene.someone('commander')
  incidentId = await ana.declare()
}, 60_000)
afterAll(() => scene.close())

const recycle = () => ({ incidentId, action: 'instance.recycle', params: { instance: scene.instance } })

async function hotfix(number: number, state = 'open'): Promise<void> {
  const at = scene.app.clock.now()
  await scene.app.db.hotfix.create({
    data: {
      id: randomUUID(),
      number,
      service: 'gpu-workers',
      environment: 'production',
      instance: `instance ${scene.instance}`,
      files: [{ path: '/app/worker.py', content: 'retry = 3' }],
      reason: 'jobs were lost at night',
      ownerId: ana.id,
      owner: 'kim',
      at,
      dueAt: new Date(at.getTime() + 3_600_000),
      state,
    },
  })
}

const puts = () =>
  scene.world.simulator
    .running()
    .world.ledger.list()
    .filter(({ what }) => what.includes('recycle'))

/** The log that is kept beforehand appears as the world goes on. */
function ended(id: string) {
  let offset = 0
  return settled(ana, id, ['refused', 'applied', 'reached', 'unknown'], () => {
    offset += 500
    scene.world.at(offset)
  })
}

async function agreed() {
  const run = await ana.does('prepare', recycle())
  const asked = await ana.does('askSecond', { run: run.id, version: run.version })
  return ben.does('approve', { run: run.id, version: asked.version, planHash: run.planHash })
}

it('ACT-HOT-01 a recycle that would erase an open hotfix is not prepared, and names the hotfix, its file, its owner and the way out', async () => {
  await hotfix(7)
  await expect(ana.does('prepare', recycle())).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(
      /^Nothing was prepared: this would erase hotfix 7 on instance \d+ \(\/app\/worker\.py, owner @kim\).*Promote it into an image.*close it with evidence/,
    ),
  })
  expect(await ana.does('prepare', { ...recycle(), action: 'instance.reboot' })).toMatchObject({
    state: 'ready',
  })
  expect(await scene.app.db.actionRun.count({ where: { action: 'instance.recycle' } })).toBe(0)
})

it('ACT-HOT-02 one that was proven or whose image is deployed already stands in nobody’s way', async () => {
  await scene.app.db.hotfix.updateMany({ data: { state: 'deployed' } })
  expect(await ana.does('prepare', recycle())).toMatchObject({ state: 'planned' })
  await scene.app.db.hotfix.updateMany({ data: { state: 'waived', endedAt: scene.app.clock.now() } })
  expect(await ana.does('prepare', recycle())).toMatchObject({ state: 'planned' })
})

it('ACT-HOT-03 a hotfix that was recorded after the plan was agreed to is asked for once more before anything is sent', async () => {
  const run = await agreed()
  await hotfix(8)
  const stop = await scene.work()
  await ana.does('carryOut', { run: run.id, version: run.version })
  expect(await ended(run.id)).toMatchObject({
    state: 'refused',
    outcome: expect.stringContaining('erase hotfix 8'),
  })
  expect(puts()).toEqual([])
  await scene.app.db.hotfix.updateMany({ data: { state: 'waived', endedAt: scene.app.clock.now() } })
  const free = await agreed()
  await ana.does('carryOut', { run: free.id, version: free.version })
  expect(await ended(free.id)).not.toMatchObject({
    state: 'refused',
  })
  await stop()
  expect(puts()).toHaveLength(1)
}, 60_000)

it.each([
  ['9100001', true],
  ['instance 9100001', true],
  ['Worker-A', true],
  ['91000011', false],
  ['worker-ab', false],
])('a hotfix written down on %s is on instance 9100001, worker-a: %s', (written, isOn) => {
  expect(isOnInstance(written, { id: '9100001', label: 'worker-a' })).toBe(isOn)
})

it.each([
  ['open', true],
  ['in_repo', true],
  ['image_built', true],
  ['deployed', false],
  ['verified_clean', false],
  ['waived', false],
])('a hotfix that is %s can be erased: %s', (state, isLost) => {
  expect(isErasable(state)).toBe(isLost)
})

it('says of many files the first and how many more', () => {
  const hotfix = { number: 3, instance: '1', state: 'image_built', files: ['/a', '/b', '/c'], owner: 'kim' }
  expect(erasedWords(hotfix)).toContain(
    '(/a and 2 more, owner @kim), which is in an image that is not deployed',
  )
})
