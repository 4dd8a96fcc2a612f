import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Somebody, somebodyIn } from '../access/testing/somebody'
import { PRESENCE_ENDS_MS } from '../incidents/presence'
import { advanceLetters } from '../letters/advance'
import { testConsole } from '../platform/testing/database'
import type { Mail } from '../subscribers/model'
import { askWriter, callWriter } from './call-advance'
import { draftedIn } from './testing/drafted'

let app: Awaited<ReturnType<typeof testConsole>>
let ana: Somebody
let mei: Somebody
let raj: Somebody

beforeAll(async () => {
  app = await testConsole()
  ana = await somebodyIn(app, ['responder', 'commander'])
  mei = await somebodyIn(app, ['reviewer'])
  raj = await somebodyIn(app, ['responder'])
})

afterAll(async () => {
  await app.close()
})

const drafted = (changes: { readonly incidentId?: string } = {}): Promise<string> =>
  draftedIn(app, { by: ana, also: raj, ...changes })

describe('calls that reach people', () => {
  async function handedOver(): Promise<readonly Mail[]> {
    const mails: Mail[] = []
    const send = async (mail: Mail) => {
      mails.push(mail)
      return { kind: 'accepted' } as const
    }
    await advanceLetters(
      {
        hot: app.hot,
        run: randomUUID(),
        held: () => true,
        writers: {
          call: callWriter('https://console.example'),
          ask: askWriter('https://console.example'),
          nag: async () => undefined,
        },
        open: async () => ({ host: 'console.example', mailer: { send, close: () => undefined } }),
      },
      () => app.clock.now(),
    )
    return mails
  }

  async function channelLines(word: string): Promise<readonly string[]> {
    const { rows } = await app.hot.query<{ text: string }>(
      `SELECT payload->>'text' AS text FROM delivery WHERE payload->>'text' LIKE $1`,
      [`%${word}%`],
    )
    return rows.map(({ text }) => text)
  }

  test('PM-COM-05 who is called gets one mail with the words, and a line in the internal channels names them', async () => {
    await app.hot.query(
      `INSERT INTO channel (id, kind, name, audiences, config, created_at, updated_at)
       VALUES ('ops', 'slack-bot', 'Operations', '["internal"]', '{}', $1, $1)`,
      [app.clock.now()],
    )
    await handedOver()
    const id = await drafted()
    const text = `How many hosts? @${raj.handle} @${mei.handle}`
    await mei.does('postmortems.addComment', { id, section: 'impact', text })
    const mails = await handedOver()
    expect(mails.map(({ to }) => to)).toEqual([`${raj.handle}@northlight.example`])
    expect(mails[0]?.text).toContain('How many hosts?')
    expect(mails[0]?.text).toMatch(/https:\/\/console\.example\/postmortems\/PM-\d{4}\/edit/)
    expect(await channelLines(`@${raj.handle}`)).toHaveLength(1)
    expect(await handedOver()).toEqual([])
  })

  test('PM-COM-06 no mail comes once its person answered or the thread is settled', async () => {
    const id = await drafted()
    const call = async (who: Somebody) =>
      (await mei.does('postmortems.addComment', { id, section: 'lucky', text: `Really? @${who.handle}` }))
        .commentId
    const [answered, settled] = [await call(ana), await call(raj)]
    await ana.does('postmortems.addComment', { id, section: 'lucky', threadId: answered, text: 'Yes.' })
    await mei.does('postmortems.settleThread', { id, threadId: settled, isSettled: true })
    expect(await handedOver()).toEqual([])
  })

  test('PM-COM-05 in a restricted incident nobody is called who may not know of it, and nothing leaves the console', async () => {
    const boss = await somebodyIn(app, ['admin', 'manager'])
    const made = await ana.does('incidents.declare', {
      title: 'Key of the zebra tenant',
      severity: 'P3',
      visibility: 'restricted',
    })
    const id = await drafted({ incidentId: made.id })
    const text = `The quagga key? @${raj.handle} @${boss.handle}`
    const added = await ana.does('postmortems.addComment', { id, section: 'impact', text })
    expect(added).toMatchObject({ called: [boss.handle], blind: [raj.handle], unknown: [] })
    const mails = await handedOver()
    expect(mails.map(({ to }) => to)).toEqual([`${boss.handle}@northlight.example`])
    expect(JSON.stringify(mails)).not.toMatch(/quagga|Inference 503s/)
    expect(await channelLines(`@${boss.handle}`)).toEqual([])
  })

  test('PM-REV-13 who is asked for a review gets one mail with the words, and a line in the internal channels names them', async () => {
    await handedOver()
    const id = await drafted()
    const text = 'Is the cause right?'
    await ana.does('postmortems.askReview', { id, reviewerIds: [mei.id], text })
    const mails = await handedOver()
    expect(mails.map(({ to }) => to)).toEqual([`${mei.handle}@northlight.example`])
    expect(mails[0]?.subject).toContain(`@${ana.handle} asks for your review`)
    expect(mails[0]?.text).toContain(text)
    expect(mails[0]?.text).toMatch(/https:\/\/console\.example\/postmortems\/PM-\d{4}\/edit/)
    expect(await channelLines(`asks you to review`)).toEqual([
      expect.stringContaining(`@${mei.handle} ${ana.handle} asks you`),
    ])
    expect(await handedOver()).toEqual([])
  })

  test('PM-REV-13 no mail comes once the review is taken back or answered, and another ask is another mail', async () => {
    const id = await drafted()
    await ana.does('postmortems.askReview', { id, reviewerIds: [mei.id] })
    await ana.does('postmortems.takeBack', { id })
    expect(await handedOver()).toEqual([])
    await ana.does('postmortems.askReview', { id, reviewerIds: [mei.id] })
    expect(await handedOver()).toHaveLength(1)
    await ana.does('postmortems.askReview', { id, reviewerIds: [mei.id] })
    const said = { id, version: 1, read: {}, text: 'Name the host.' }
    await mei.does('postmortems.askChanges', said)
    expect(await handedOver()).toEqual([])
  })

  test('PM-REV-13 of a restricted document the ask leaves the console without its words', async () => {
    const boss = await somebodyIn(app, ['admin', 'manager'])
    const made = await ana.does('incidents.declare', {
      title: 'Key of the zebra tenant',
      severity: 'P3',
      visibility: 'restricted',
    })
    const id = await drafted({ incidentId: made.id })
    await ana.does('postmortems.askReview', { id, reviewerIds: [boss.id], text: 'The quagga key?' })
    const mails = await handedOver()
    expect(mails.map(({ to }) => to)).toEqual([`${boss.handle}@northlight.example`])
    expect(JSON.stringify(mails)).not.toMatch(/quagga|Inference 503s/)
    expect(await channelLines(`@${boss.handle}`)).toEqual([])
  })
})

describe('who writes where right now', () => {
  test('PM-EDT-04 two who have a document open see in which section the other types, until 45 s after the last sign', async () => {
    const id = await drafted()
    expect((await ana.does('postmortems.beHere', { id, editing: 'causes' })).present).toEqual([])
    expect((await mei.does('postmortems.beHere', { id })).present).toMatchObject([
      { handle: ana.handle, editing: 'causes' },
    ])
    expect((await ana.asks('postmortems.present', { id })).present).toMatchObject([
      { handle: mei.handle, editing: '' },
    ])
    app.clock.advanceMs(PRESENCE_ENDS_MS)
    expect((await mei.asks('postmortems.present', { id })).present).toEqual([])
  })
})
