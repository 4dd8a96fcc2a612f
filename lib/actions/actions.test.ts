import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evidenceOfRuns } from './queries'
import { DEPLOYMENT, openScene, type Scene, type Somebody, settled } from './testing/scene'
import type { OfferedAction, RunLine, RunView } from './view'

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

const restart = (changes: Readonly<Record<string, unknown>> = {}) => ({
  incidentId,
  action: 'rollout.restart',
  params: { deployment: DEPLOYMENT },
  ...changes,
})

async function dangerous(): Promise<RunView> {
  const offered = await ana.asks<{ actions: readonly OfferedAction[] }>('offered', {
    incidentId,
    leaf: 'change.bad-rollout',
  })
  const rollback = offered.actions.find((it) => it.id === 'rollout.undo')
  return ana.does('prepare', {
    incidentId,
    action: 'rollout.undo',
    params: { revision: rollback?.params[0]?.prefilled ?? '' },
  })
}

async function entries(id = incidentId) {
  const rows = await scene.app.db.timelineEvent.findMany({
    where: { incidentId: id, kind: 'action' },
    orderBy: { seq: 'asc' },
  })
  return rows.map((row) => row.body as { run: string; event: string; state: string; detail: string })
}

describe('preparing (ACT-PRE-01 ACT-PRE-02 ACT-PRE-03)', () => {
  it('plans, lets the target try and shows the exact request without changing anything', async () => {
    const run = await ana.does('prepare', restart())
    expect(run).toMatchObject({
      state: 'ready',
      risk: 'change',
      command: `kubectl -n production rollout restart deployment/${DEPLOYMENT}`,
      dryRun: 'the server checked the change and would make it',
      needs: { stepUp: false, secondPerson: false },
      may: { carryOut: true },
    })
    expect(run.requests).toHaveLength(1)
    expect((await entries()).filter((it) => it.run === run.id)).toMatchObject([{ event: 'prepare' }])
  })

  it.each([
    ['a deployment that is not connected', { deployment: 'kube-proxy' }],
    ['a shell in the name', { deployment: `${DEPLOYMENT};id` }],
    ['a parameter that nobody defined', { deployment: DEPLOYMENT, namespace: 'kube-system' }],
    ['nothing at all', {}],
  ])('refuses %s before anything is asked', async (_name, params) => {
    const before = await scene.app.db.actionRun.count()
    await expect(ana.does('prepare', restart({ params }))).rejects.toMatchObject({ code: 'invalid' })
    expect(await scene.app.db.actionRun.count()).toBe(before)
  })

  it('refuses what the target would refuse, and keeps nothing', async () => {
    const mode = { incidentId, action: 'rate-limit.reject', params: { deployment: DEPLOYMENT } }
    await expect(ana.does('prepare', mode)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('is reject already'),
    })
  })

  it('is not for somebody who only looks, nor in an incident that is over', async () => {
    const viewer = await scene.someone('viewer')
    await expect(viewer.does('prepare', restart())).rejects.toMatchObject({ code: 'forbidden' })
    const over = await ben.declare()
    await scene.app.db.incident.update({ where: { id: over }, data: { status: 'resolved' } })
    await expect(ana.does('prepare', restart({ incidentId: over }))).rejects.toMatchObject({
      code: 'conflict',
    })
  })
})

describe('what is offered (ACT-OFF-01)', () => {
  it('names every action of a leaf with command, risk, undo and probe', async () => {
    const { actions } = await ana.asks<{ actions: readonly OfferedAction[] }>('offered', {
      incidentId,
      leaf: 'account.key-revoked',
    })
    expect(actions.filter((it) => it.leaf !== null).map((it) => [it.id, it.risk, it.isManual])).toEqual([
      ['secret.present', 'look', false],
      ['account.dashboard', 'look', true],
      ['secret.put', 'dangerous', false],
      ['rollout.restart', 'change', false],
    ])
    for (const it of actions) {
      for (const words of [it.title, it.effect, it.undo, it.probe]) expect(words).not.toBe('')
      expect(it.command !== '' || it.steps.length > 0).toBe(true)
    }
    expect(actions.map((it) => it.id)).toContain('fallback.off')
  })

  it('ACT-OFF-02 says why a worker can’t be started from here while nothing is connected, and the way round', async () => {
    const { actions } = await ana.asks<{ actions: readonly OfferedAction[] }>('offered', { incidentId })
    const status = actions.find((it) => it.id === 'worker.status')
    expect(status?.unavailable?.why).not.toBe('')
    expect(status?.unavailable?.wayRound).not.toBe('')
  })
})

describe('a second person (ACT-TWO-01)', () => {
  it('agrees to exactly the plan that was seen, and is never the author', async () => {
    const run = await dangerous()
    expect(run).toMatchObject({ state: 'planned', risk: 'dangerous', may: { carryOut: false } })
    await expect(ana.does('carryOut', { run: run.id, version: run.version })).rejects.toMatchObject({
      code: 'conflict',
    })
    const asked = await ana.does('askSecond', { run: run.id, version: run.version })
    const at = { run: run.id, version: asked.version }
    await expect(ana.does('approve', { ...at, planHash: run.planHash })).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(ben.does('approve', { ...at, planHash: 'f'.repeat(64) })).rejects.toMatchObject({
      code: 'conflict',
    })
    const agreed = await ben.does('approve', { ...at, planHash: run.planHash })
    expect(agreed).toMatchObject({ state: 'ready', approval: { handle: ben.handle, planHash: run.planHash } })
  })

  it('ACT-TWO-02 counts nothing for a plan that was changed since', async () => {
    const run = await dangerous()
    const asked = await ana.does('askSecond', { run: run.id, version: run.version })
    const agreed = await ben.does('approve', {
      run: run.id,
      version: asked.version,
      planHash: run.planHash,
    })
    const row = await scene.app.db.actionRun.findUniqueOrThrow({ where: { id: run.id } })
    const plan = { ...(row.plan as object), command: 'something else' }
    await scene.app.db.actionRun.update({ where: { id: run.id }, data: { plan } })
    const doing = ana.does('carryOut', { run: run.id, version: agreed.version })
    await expect(doing).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('plan') })
  })

  it('may decline with a reason, which ends the run', async () => {
    const run = await dangerous()
    const asked = await ana.does('askSecond', { run: run.id, version: run.version })
    const declined = await ben.does('decline', { run: run.id, version: asked.version, reason: 'too early' })
    expect(declined).toMatchObject({ state: 'declined', outcome: 'declined: too early' })
  })

  it('ACT-TWO-03 is left out by breaking the glass, which somebody else reviews', async () => {
    const run = await dangerous()
    const at = { run: run.id, version: run.version }
    await expect(ana.does('breakGlass', { ...at, reason: 'too short' })).rejects.toMatchObject({
      code: 'invalid',
    })
    const reason = 'nobody else is awake and users are down'
    const free = await ana.does('breakGlass', { ...at, reason })
    expect(free).toMatchObject({ state: 'ready', breakGlass: { handle: ana.handle, reason, review: null } })
    const waiting = await ben.asks<{ runs: readonly (RunLine & { mayReview: boolean })[] }>('toReview', {})
    expect(waiting.runs.find((it) => it.id === run.id)).toMatchObject({ mayReview: true })
    const carla = await scene.someone('manager', 'commander')
    await expect(ana.does('review', { run: run.id, note: 'mine' })).rejects.toMatchObject({
      code: 'forbidden',
    })
    const reviewed = await carla.does('review', { run: run.id, note: 'right to do so' })
    expect(reviewed.breakGlass?.review).toMatchObject({ handle: carla.handle, note: 'right to do so' })
    const left = await ben.asks<{ runs: readonly RunLine[] }>('toReview', {})
    expect(left.runs.map((it) => it.id)).not.toContain(run.id)
  })

  it('asks for a fresh sign-in before the dangerous class', async () => {
    const run = await dangerous()
    const asked = await ana.does('askSecond', { run: run.id, version: run.version })
    scene.app.clock.advanceMs(1)
    const { runCommand } = await import('../run')
    const { findCommand } = await import('../registry')
    const old = ben.scope({ authAt: new Date(scene.app.clock.now().getTime() - 11 * 60_000) })
    const input = { run: run.id, version: asked.version, planHash: run.planHash }
    await expect(runCommand(findCommand('actions.approve'), old, input, randomUUID())).rejects.toMatchObject({
      code: 'step_up',
    })
  })
})

describe('carrying out (ACT-RUN-01 ACT-RUN-04 ACT-RUN-05 ACT-EVD-01)', () => {
  it('keeps the evidence first, sends once, verifies, and writes every step into the record', async () => {
    const stop = await scene.work()
    const run = await ana.does('prepare', restart())
    const key = randomUUID()
    const at = { run: run.id, version: run.version }
    const [first, same] = [await ana.does('carryOut', at, key), await ana.does('carryOut', at, key)]
    expect(same).toEqual(first)
    const again = await ana.does('carryOut', at)
    expect(['queued', 'capturing', 'sending', 'applied', 'reached']).toContain(again.state)
    let offset = 0
    const done = await settled(ana, run.id, ['reached'], ({ state }) => {
      // Time stands still until it was sent: a process that takes too long may not send.
      if (state !== 'applied') return
      offset += 5_000
      scene.world.at(offset)
      scene.app.clock.advanceMs(2_500)
    })
    await stop()
    expect(done.steps.map((step) => step.event)).toEqual([
      'prepare',
      'carry-out',
      'take',
      'send',
      'sent',
      'effect-reached',
    ])
    expect(done.evidence.map((it) => it.name)).toContain(`${DEPLOYMENT}: rollout and revisions`)
    expect(done.evidence.length).toBeGreaterThan(1)
    const kept = await evidenceOfRuns(scene.app.db, incidentId)
    expect(kept.filter((it) => it.runId === run.id)).toHaveLength(done.evidence.length)
    const told = (await entries()).filter((it) => it.run === run.id).map((it) => it.event)
    expect(told).toEqual(done.steps.map((step) => step.event))
  }, 60_000)

  it('ACT-PRE-04 does not carry out a plan past its life, and ends it', async () => {
    const run = await ana.does('prepare', restart())
    scene.app.clock.advanceMs(15 * 60_000)
    await expect(ana.does('carryOut', { run: run.id, version: run.version })).rejects.toMatchObject({
      code: 'conflict',
    })
    expect(await ana.asks<RunView>('run', { id: run.id })).toMatchObject({ state: 'expired' })
    const stop = await scene.work()
    const ended = await settled(ana, run.id, ['expired'])
    for (;;) {
      const row = await scene.app.db.actionRun.findUniqueOrThrow({ where: { id: run.id } })
      if (row.state === 'expired') break
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    await stop()
    expect(ended.may.carryOut).toBe(false)
  }, 60_000)

  it('ACT-RUN-02 ACT-RUN-03 never sends twice after it was cut off between intent and answer: a look decides', async () => {
    const run = await ana.does('prepare', restart())
    await ana.does('carryOut', { run: run.id, version: run.version })
    const { db, clock } = scene.app
    // The state that a worker leaves which dies after it wrote its intent.
    const sentAt = clock.now()
    await db.actionRun.update({ where: { id: run.id }, data: { state: 'sending', sentAt, version: 9 } })
    const stop = await scene.work()
    const unknown = await settled(ana, run.id, ['unknown'])
    expect(unknown.outcome).toContain('may still be carried out')
    clock.advanceMs(13_000)
    const decided = await settled(ana, run.id, ['not-applied'])
    await stop()
    expect(decided.outcome).toBe('the deployment carries no mark of this run')
  }, 60_000)

  it('ACT-UND-01 takes back what it did by a run of its own, and marks the first one', async () => {
    const stop = await scene.work()
    const on = await ana.does('prepare', {
      incidentId,
      action: 'fallback.on',
      params: { deployment: DEPLOYMENT },
    })
    await ana.does('carryOut', { run: on.id, version: on.version })
    const applied = await settled(ana, on.id, ['applied', 'reached'])
    expect(applied.may.undo).toBe(true)
    const back = await ana.does('undo', { run: on.id })
    expect(back).toMatchObject({ undoes: on.id, state: 'ready', risk: 'change' })
    await ana.does('carryOut', { run: back.id, version: back.version })
    await settled(ana, back.id, ['applied', 'reached'])
    const first = await settled(ana, on.id, ['undone'])
    await stop()
    expect(first).toMatchObject({ undoneBy: back.id })
  }, 60_000)
})

describe('secrets (ACT-SEC-01)', () => {
  it('stand in no plan, row, step, record or audit entry, before and after they were sent', async () => {
    const canary = `canary-${randomUUID()}`
    const run = await ana.does('prepare', {
      incidentId,
      action: 'secret.put',
      params: { secret: 'vastai-credentials/VASTAI_API_KEY' },
    })
    expect(run.secretParams).toEqual([{ name: 'value', label: 'New value' }])
    const asked = await ana.does('askSecond', { run: run.id, version: run.version })
    const at = { run: run.id, version: asked.version }
    const agreed = await ben.does('approve', { ...at, planHash: run.planHash })
    const ready = { run: run.id, version: agreed.version }
    await expect(ana.does('carryOut', ready)).rejects.toMatchObject({ code: 'invalid' })
    await ana.does('carryOut', { ...ready, secrets: { value: canary } })
    expect(await everything()).not.toContain(canary)
    const stop = await scene.work()
    await settled(ana, run.id, ['reached'])
    await stop()
    const text = await everything()
    expect(text).not.toContain(canary)
    expect(text).not.toContain(Buffer.from(canary).toString('base64'))
    const row = await scene.app.db.actionRun.findUniqueOrThrow({ where: { id: run.id } })
    expect(row.sealedSecrets).toBeNull()
    expect(JSON.stringify(scene.world.simulator.running().world.cluster.store.list('secrets'))).toContain(
      Buffer.from(canary).toString('base64'),
    )
  }, 60_000)

  it('ACT-MAN-01 pasted output is redacted before it is kept', async () => {
    const run = await ana.does('recordManual', {
      incidentId,
      action: 'account.dashboard',
      output: 'API_KEY=abcdefghij0123456789 and Bearer abcdefghijklmnop',
      outcome: 'worked',
    })
    expect(run).toMatchObject({ state: 'recorded', isManual: true })
    expect(run.output).not.toContain('abcdefghij')
    expect(await everything()).not.toContain('abcdefghij0123456789')
  })
})

async function everything(): Promise<string> {
  const { db } = scene.app
  const rows = await Promise.all([
    db.actionRun.findMany(),
    db.actionStep.findMany(),
    db.actionEvidence.findMany(),
    db.timelineEvent.findMany(),
    db.auditEntry.findMany(),
    db.idempotency.findMany(),
    db.outbox.findMany(),
  ])
  return JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
}

describe('in a drill (ACT-DRL-01)', () => {
  it('is carried out where the world is simulated, and only exercised where it is real', async () => {
    const real = await openScene({ simulated: false })
    const person = await real.someone('responder')
    const drill = await person.declare({ drill: true })
    const run = await person.does('prepare', restart({ incidentId: drill }))
    const exercised = await person.does('carryOut', { run: run.id, version: run.version })
    expect(exercised).toMatchObject({ state: 'exercised', sentAtMs: null })
    await real.close()
  }, 60_000)
})
