import { afterAll, beforeAll, expect, test } from 'vitest'
import { inSql } from '../platform/sql'
import { enqueueMention, enqueuePage } from './enqueue-store'
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
