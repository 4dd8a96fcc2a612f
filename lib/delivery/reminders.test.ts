import { afterAll, beforeAll, expect, test } from 'vitest'
import { inSql } from '../platform/sql'
import { enqueueMention, enqueueNag, enqueuePage } from './enqueue-store'
import { openScene, type Scene } from './testing/scene'

let scene: Scene
let stop: () => Promise<void>

beforeAll(async () => {
  scene = await openScene()
  stop = await scene.start()
}, 60_000)
afterAll(async () => {
  await stop()
  await scene.close()
})

test('R-STEP-7 a call and a page for a missing update leave by the same worker as updates do', async () => {
  const reminder = {
    id: crypto.randomUUID(),
    incidentId: crypto.randomUUID(),
    ref: 'INC-0042',
    href: '',
    severity: 'P2',
    isDrill: false,
  }
  const now = scene.app.clock.now()
  await inSql(scene.app.hot, async (tx) => {
    await enqueueMention({ tx, reminder, text: '<!here> an update is missing', now })
    await enqueuePage({ tx, reminder, step: 'post', summary: 'late', now })
    await enqueuePage({ tx, reminder, step: 'resolve', summary: '', now })
  })
  const rows = await scene.until((all) => {
    const own = all.filter((row) => row.publicationId === null)
    return own.length > 0 && own.every((row) => row.state === 'delivered')
  })
  const own = rows.filter((row) => row.publicationId === null)
  expect(own.map((row) => `${row.channelId} ${row.step}`).sort()).toEqual([
    'pagerduty post',
    'pagerduty resolve',
    'slack-bot post',
    'slack-webhook post',
  ])
})

test('DLV-ORD-01 a call that may have been sent, and waits for a person, holds back no other call', async () => {
  scene.world.outside.set('slack-hook', { fault: 'error-after-accept', times: 1 })
  const ids = [crypto.randomUUID(), crypto.randomUUID()]
  const call = (id: string) =>
    inSql(scene.app.hot, (tx) =>
      enqueueNag({ tx, nag: { id, isDrill: false }, text: `call ${id}`, now: scene.app.clock.now() }),
    )
  const stateOf = async (id: string | undefined): Promise<string | undefined> => {
    const row = await scene.app.db.delivery.findFirst({
      where: { reminderId: id ?? '', channelId: 'slack-webhook' },
    })
    return row?.state
  }
  await call(ids[0] ?? '')
  await expect.poll(() => stateOf(ids[0]), { timeout: 20_000 }).toBe('needs-person')
  await call(ids[1] ?? '')
  await expect.poll(() => stateOf(ids[1]), { timeout: 20_000 }).toBe('delivered')
})
