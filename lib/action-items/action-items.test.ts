import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { somebodyIn } from '../access/testing/somebody'
import type { Console } from '../console'
import { declaredIn } from '../incidents/testing/declared'
import { advanceLetters, type LetterRoom } from '../letters/advance'
import type { SteppedClock } from '../platform/clock'
import { testConsole } from '../platform/testing/database'
import { writeHints } from '../run'
import type { Mail, SmtpOutcome } from '../subscribers/model'
import { advanceNags, type NagRoom, nagWriter } from './advance'
import { dayOf } from './model'

const DAY_MS = 86_400_000
let app: Console & { readonly clock: SteppedClock }

beforeAll(async () => {
  app = await testConsole()
  await app.hot.query(
    `INSERT INTO channel (id, kind, name, audiences, config, created_at, updated_at) VALUES
      ('ops', 'slack-bot', 'Operations', '["internal"]', '{}', $1, $1)`,
    [app.clock.now()],
  )
})

afterAll(async () => {
  await app.close()
})

function inDays(days: number): string {
  return dayOf(app.clock.now().getTime() + days * DAY_MS)
}

let epoch = 0

async function worker(answer: (mail: Mail) => SmtpOutcome = () => ({ kind: 'accepted' })) {
  epoch += 1
  const own = epoch
  await app.hot.query(
    `INSERT INTO lease (name, owner, epoch, expires_at) VALUES ('action-items', 'test', $1, now())
     ON CONFLICT (name) DO UPDATE SET epoch = $1`,
    [own],
  )
  const mails: Mail[] = []
  const room: NagRoom = {
    hot: app.hot,
    lease: { name: 'action-items', epoch: own },
    held: () => true,
    baseUrl: 'https://console.example',
    hint: (sql, ref, now) => writeHints(sql, [{ topic: 'action-items', ref }], now),
    told: () => undefined,
  }
  const letters: LetterRoom = {
    hot: app.hot,
    run: randomUUID(),
    held: () => true,
    writers: { nag: nagWriter(room.baseUrl), call: async () => undefined, ask: async () => undefined },
    open: async () => ({
      host: 'console.example',
      mailer: {
        send: async (mail) => {
          mails.push(mail)
          return answer(mail)
        },
        close: () => undefined,
      },
    }),
  }
  return {
    mails,
    look: async () => {
      const given = await advanceNags(room, app.clock.now())
      await advanceLetters(letters, () => app.clock.now())
      return given
    },
  }
}

async function channelTexts(number: string): Promise<readonly string[]> {
  const { rows } = await app.hot.query<{ text: string }>(
    `SELECT payload->>'text' AS text FROM delivery WHERE payload->>'text' LIKE $1 ORDER BY seq`,
    [`%${number}>%`],
  )
  return rows.map(({ text }) => text)
}

describe('an item from its writing to its end', () => {
  it('A-ITM-1 A-ITM-3: is kept incomplete, completed, done with evidence, and opened again with a reason', async () => {
    const { ana, id: incidentId, name: incident } = await declaredIn(app)
    const { id, name } = await ana.does('action-items.add', {
      title: 'Watch the age of the queue',
      incidentId,
    })
    const listed = async () =>
      (await ana.asks('action-items.list', { incident, state: 'all' })).items.find((item) => item.id === id)
    expect((await listed())?.missing).toEqual(['kind', 'owner', 'due date', 'done-when'])
    expect((await ana.asks('action-items.list', { incident, due: 'incomplete' })).matching).toBe(1)
    await ana.does('action-items.change', {
      id,
      version: 1,
      kind: 'detect',
      ownerId: ana.id,
      dueOn: inDays(3),
      doneWhen: 'a drill fires the alert',
      externalUrl: 'https://github.com/northlight/serving/issues/42',
    })
    expect(await listed()).toMatchObject({
      name,
      version: 2,
      missing: [],
      owner: ana.handle,
      issue: { label: 'northlight/serving#42' },
    })
    await expect(ana.does('action-items.finish', { id, version: 2, evidence: ' ' })).rejects.toMatchObject({
      code: 'invalid',
    })
    await ana.does('action-items.finish', { id, version: 2, evidence: 'fired in DRILL-0003' })
    expect((await ana.asks('action-items.list', { incident })).matching).toBe(0)
    await expect(
      ana.does('action-items.drop', { id, version: 3, reason: 'no' + ' more' }),
    ).rejects.toMatchObject({
      code: 'conflict',
    })
    await ana.does('action-items.reopen', { id, version: 3, reason: 'it fired for one queue only' })
    const { history } = await ana.asks('action-items.one', { number: Number(name.slice(3)) })
    expect(history.map(({ state }) => state)).toEqual(['open', 'open', 'done', 'open'])
    expect(history[1]?.fields.owner).toEqual({ from: '', to: ana.handle })
  })

  it('A-ITM-6: the counts leave drills out where the list does', async () => {
    const { ana, id: incidentId } = await declaredIn(app)
    await app.hot.query('UPDATE incident SET drill = true WHERE id = $1', [incidentId])
    const open = async (drills: 'with' | 'without' | 'only') =>
      (await ana.asks('action-items.list', { drills })).counts.open
    const before = [await open('with'), await open('without'), await open('only')]
    await ana.does('action-items.add', { title: 'Practise the hand-over', incidentId })
    const after = [await open('with'), await open('without'), await open('only')]
    expect(after.map((count, at) => count - (before[at] ?? 0))).toEqual([1, 0, 1])
  })

  it('A-ITM-5: a change over an older version is refused with what stands now', async () => {
    const ana = await somebodyIn(app, ['responder'])
    const { id } = await ana.does('action-items.add', { title: 'Pin the driver' })
    await ana.does('action-items.change', { id, version: 1, kind: 'prevent' })
    await expect(ana.does('action-items.change', { id, version: 1, kind: 'process' })).rejects.toMatchObject({
      code: 'conflict',
      current: { version: 2, kind: 'prevent' },
    })
  })

  it('a due date in the past and an owner without an account are refused', async () => {
    const ana = await somebodyIn(app, ['responder'])
    await expect(ana.does('action-items.add', { title: 'x', dueOn: inDays(-1) })).rejects.toMatchObject({
      code: 'invalid',
    })
    await expect(ana.does('action-items.add', { title: 'x', ownerId: randomUUID() })).rejects.toMatchObject({
      code: 'invalid',
    })
  })

  it('A-ITM-4: an item of a restricted incident is unknown to others, and none of them can own it', async () => {
    const { ana, id: incidentId } = await declaredIn(app, { visibility: 'restricted' })
    const other = await somebodyIn(app, ['manager', 'responder'])
    const { id, name } = await ana.does('action-items.add', { title: 'Rotate the zebra key', incidentId })
    const number = Number(name.slice(3))
    expect((await other.asks('action-items.list', { text: 'zebra', state: 'all' })).matching).toBe(0)
    await expect(other.asks('action-items.one', { number })).rejects.toMatchObject({ code: 'not_found' })
    await expect(
      other.does('action-items.finish', { id, version: 1, evidence: 'done it' }),
    ).rejects.toMatchObject({ code: 'not_found' })
    await expect(
      ana.does('action-items.change', { id, version: 1, ownerId: other.id }),
    ).rejects.toMatchObject({ code: 'invalid' })
  })
})

describe('the worker', () => {
  it('A-NAG-2 A-NAG-4: reminds the owner once of each step, also after the incident is over and after a restart', async () => {
    const { ana, id: incidentId } = await declaredIn(app)
    await app.hot.query(`UPDATE incident SET status = 'resolved', phase = 'closed' WHERE id = $1`, [
      incidentId,
    ])
    const { name } = await ana.does('action-items.add', {
      title: 'Drain hosts before the kernel update',
      incidentId,
      ownerId: ana.id,
      dueOn: inDays(4),
    })
    const about = ({ mails }: { readonly mails: readonly Mail[] }) =>
      mails.filter(({ subject }) => subject.includes('Drain hosts'))
    const first = await worker()
    await first.look()
    expect(about(first)).toEqual([])
    app.clock.set(new Date(`${inDays(2)}T08:00:00Z`))
    await first.look()
    const again = await worker()
    await again.look()
    expect([...about(first), ...about(again)].map(({ to }) => to)).toEqual([
      `${ana.handle}@northlight.example`,
    ])
    expect(await channelTexts(name)).toEqual([expect.stringContaining('is due in 2 days')])
    app.clock.set(new Date(`${inDays(2)}T08:00:00Z`))
    again.mails.length = 0
    await again.look()
    expect(about(again).map(({ subject }) => subject)).toEqual([expect.stringContaining('[Due today]')])
    const { nags } = await ana.asks('action-items.one', { number: Number(name.slice(3)) })
    expect(nags.map(({ step, mails }) => [step, mails.map(({ state }) => state)])).toEqual([
      ['before', ['sent']],
      ['due', ['sent']],
    ])
  })

  it('A-NAG-3: the manager hears of it a week after the day', async () => {
    const ana = await somebodyIn(app, ['responder'])
    const boss = await somebodyIn(app, ['manager'])
    await ana.does('action-items.add', { title: 'Write the limit down', ownerId: ana.id, dueOn: inDays(0) })
    app.clock.set(new Date(`${inDays(7)}T08:00:01Z`))
    const late = await worker()
    await late.look()
    const told = late.mails
      .filter(({ subject }) => subject.includes('Write the limit down'))
      .map(({ to }) => to)
    expect(told).toContain(`${ana.handle}@northlight.example`)
    expect(told).toContain(`${boss.handle}@northlight.example`)
  })

  it('A-NAG-6: of a restricted incident’s item no channel hears, and no manager whom it does not name', async () => {
    const { ana, id: incidentId } = await declaredIn(app, { visibility: 'restricted' })
    const boss = await somebodyIn(app, ['manager'])
    const { name } = await ana.does('action-items.add', {
      title: 'Quiet quagga',
      incidentId,
      ownerId: ana.id,
      dueOn: inDays(0),
    })
    app.clock.set(new Date(`${inDays(7)}T08:00:01Z`))
    const late = await worker()
    await late.look()
    const told = late.mails.filter(({ subject }) => subject.includes('quagga')).map(({ to }) => to)
    expect(told).toEqual([`${ana.handle}@northlight.example`])
    expect(told).not.toContain(`${boss.handle}@northlight.example`)
    expect(await channelTexts(name)).toEqual([])
  })

  it('A-NAG-8: however many items are late, each is reached, those reminded longest ago first', async () => {
    const ana = await somebodyIn(app, ['responder'])
    app.clock.set(new Date(`${inDays(1)}T06:00:00Z`))
    const due = { ownerId: ana.id, dueOn: inDays(2) }
    const { name } = await ana.does('action-items.add', { title: 'Last lemming', ...due })
    app.clock.set(new Date(`${inDays(0)}T09:00:00Z`))
    await (await worker()).look()
    app.clock.set(new Date(`${inDays(2)}T09:00:00Z`))
    const [now, past] = [app.clock.now(), inDays(-364)]
    await app.hot.query(
      `WITH crowd AS (
        INSERT INTO action_item (id, title, due_on, due_set_at, created_by, created_at)
        SELECT gen_random_uuid(), 'Crowd', $1::date, '2020-01-01', 'crowd', $2 FROM generate_series(1, 2000)
        RETURNING id)
      INSERT INTO action_nag (id, item_id, due_on, step, fired_at)
      SELECT gen_random_uuid(), id, $1::date, 'week-52', $2::timestamptz - interval '9 days' FROM crowd`,
      [past, now],
    )
    expect(await (await worker()).look()).toBeGreaterThan(0)
    await app.hot.query(`DELETE FROM action_nag WHERE due_on = $1::date`, [past])
    await app.hot.query(`DELETE FROM action_item WHERE created_by = 'crowd'`)
    const { nags } = await ana.asks('action-items.one', { number: Number(name.slice(3)) })
    expect(nags.map(({ step }) => step)).toEqual(['before', 'due'])
  })

  it('A-NAG-7: a mail that waited is not sent once its item is done', async () => {
    const ana = await somebodyIn(app, ['responder'])
    const { id, name } = await ana.does('action-items.add', {
      title: 'Waiting walrus',
      ownerId: ana.id,
      dueOn: inDays(2),
    })
    app.clock.set(new Date(`${inDays(0)}T09:00:00Z`))
    await ana.does('action-items.change', { id, version: 1, dueOn: inDays(3) })
    app.clock.set(new Date(`${inDays(1)}T08:00:00Z`))
    const refused = await worker(() => ({
      kind: 'replied',
      command: 'RCPT TO',
      code: 451,
      text: '4.2.1 later',
    }))
    await refused.look()
    expect(refused.mails.filter(({ subject }) => subject.includes('walrus'))).toHaveLength(1)
    await ana.does('action-items.finish', { id, version: 2, evidence: 'it is in the runbook' })
    app.clock.set(new Date(app.clock.now().getTime() + 10 * 60_000))
    const next = await worker()
    await next.look()
    expect(next.mails.filter(({ subject }) => subject.includes('walrus'))).toEqual([])
    const { nags } = await ana.asks('action-items.one', { number: Number(name.slice(3)) })
    expect(nags.at(-1)?.mails).toEqual([expect.objectContaining({ state: 'skipped' })])
  })
})
