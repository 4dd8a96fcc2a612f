import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inSql, sqlOf } from '../platform/sql'
import { testConsole } from '../platform/testing/database'
import { advanceMail, type MailRoom } from './advance'
import { enqueueMails, type MailedPublication } from './enqueue-store'
import { REPEAT_AFTER_MS } from './ledger'
import { linksOf } from './links-verify'
import { countMails, readLane } from './mail-store'
import type { Mail, SmtpOutcome } from './model'
import {
  ADDRESS_SIGN_UPS,
  canConfirm,
  confirm,
  type Desk,
  linkUseOf,
  NETWORK_SIGN_UPS,
  takeSignUp,
  unsubscribe,
} from './sign-up-collect'
import { CONFIRM_MS, countSubscribers } from './subscriber-store'

let console: Awaited<ReturnType<typeof testConsole>>
const links = linksOf('a key of the test')

beforeAll(async () => {
  console = await testConsole()
})

afterAll(async () => {
  await console.close()
})

function desk(): Desk {
  const { seal, clock, hot } = console
  return { within: (work) => inSql(hot, work), seal, links, now: clock.now() }
}

type Server = { readonly mails: Mail[]; answer: (mail: Mail) => SmtpOutcome | Promise<SmtpOutcome> }

function server(): Server {
  return { mails: [], answer: () => ({ kind: 'accepted' }) }
}

function room(post: Server, run: string = randomUUID()): MailRoom {
  return {
    sql: sqlOf(console.hot),
    seal: console.seal,
    links,
    run,
    baseUrl: 'https://status.example',
    now: () => console.clock.now(),
    held: () => true,
    open: async () => ({
      page: 'Northlight status',
      host: 'status.example',
      mailer: {
        send: async (mail) => {
          post.mails.push(mail)
          return post.answer(mail)
        },
        close: () => undefined,
      },
    }),
    told: async () => undefined,
  }
}

function linkIn(mail: Mail | undefined, what: string): URLSearchParams {
  const found = new RegExp(`https://status\\.example/status/${what}\\?(\\S+)`).exec(mail?.text ?? '')
  return new URLSearchParams(found?.[1])
}

async function send(post: Server): Promise<readonly Mail[]> {
  const before = post.mails.length
  await advanceMail(room(post))
  return post.mails.slice(before)
}

const known = ['training', 'inference']

async function signUp(address: string, components: readonly string[] = [], network: string = randomUUID()) {
  return takeSignUp(desk(), { address, components, trap: '', network }, known)
}

/** A confirmed subscriber with an address of its own. */
async function subscribed(components: readonly string[] = []) {
  const address = `${randomUUID().slice(0, 8)}@example.com`
  const post = server()
  await signUp(address, components)
  const mail = (await send(post)).find(({ to }) => to === address)
  const use = linkUseOf(linkIn(mail, 'confirm'))
  if (use === undefined) throw new Error('there is no link in the mail')
  expect(await confirm(desk(), use)).toBe(true)
  return { address, id: use.id, use, end: linkUseOf(linkIn(mail, 'unsubscribe')) }
}

function publication(changes: Partial<MailedPublication> = {}): MailedPublication {
  return {
    id: randomUUID(),
    incidentId: randomUUID(),
    kind: 'update',
    audience: 'public',
    status: 'investigating',
    title: 'Training jobs stop',
    body: 'Training jobs stop on some hosts.',
    nextUpdateAt: new Date('2026-11-18T03:00:00Z'),
    components: [{ componentId: 'training', name: 'Training', to: 'partial_outage' }],
    drill: false,
    ...changes,
  }
}

async function publish(changes: Partial<MailedPublication> = {}): Promise<MailedPublication> {
  const made = publication(changes)
  await inSql(console.hot, (tx) => enqueueMails({ tx, publication: made, now: console.clock.now() }))
  return made
}

async function outcome(made: MailedPublication) {
  const [counts] = await countMails(sqlOf(console.hot), [made.id])
  return counts
}

async function nobodyElse(): Promise<void> {
  await console.hot.query("UPDATE subscriber SET state = 'ended' WHERE state = 'confirmed'")
}

describe('signing up', () => {
  it('S-SUB-1 counts only after the link in the mail was used, and the link works once', async () => {
    const post = server()
    const address = 'dana@example.com'
    expect(await signUp(address)).toBe('asked')
    const [mail] = await send(post)
    expect(mail).toMatchObject({ to: address, subject: 'Confirm: updates of Northlight status' })
    expect((await countSubscribers(sqlOf(console.hot))).confirmed).toBe(0)
    const use = linkUseOf(linkIn(mail, 'confirm'))
    if (use === undefined) throw new Error('no link')
    expect(await canConfirm(desk(), use)).toBe(true)
    expect(await confirm(desk(), { ...use, token: 'f'.repeat(64) })).toBe(false)
    expect(await confirm(desk(), use)).toBe(true)
    expect(await confirm(desk(), use)).toBe(false)
    expect(await canConfirm(desk(), use)).toBe(false)
    expect((await countSubscribers(sqlOf(console.hot))).confirmed).toBe(1)
  })

  it('S-SUB-2 the link of a confirmation ends after seven days', async () => {
    const post = server()
    await signUp('late@example.com')
    const use = linkUseOf(linkIn((await send(post))[0], 'confirm'))
    if (use === undefined) throw new Error('no link')
    console.clock.advanceMs(CONFIRM_MS)
    expect(await confirm(desk(), use)).toBe(false)
  })

  it('S-SUB-3 the answer is the same whether or not the address is known', async () => {
    const { address } = await subscribed()
    expect(await signUp(address)).toBe(await signUp('never-heard-of@example.com'))
    expect(await signUp('not an address')).toBe('not-an-address')
  })

  it('S-SUB-4 one address gets few mails an hour, however many networks ask', async () => {
    const post = server()
    await send(post)
    post.mails.length = 0
    for (let ask = 0; ask < ADDRESS_SIGN_UPS + 3; ask += 1) {
      expect(await signUp('flooded@example.com')).toBe('asked')
      await send(post)
    }
    expect(post.mails).toHaveLength(ADDRESS_SIGN_UPS)
    console.clock.advanceMs(3_600_001)
    await signUp('flooded@example.com')
    expect(await send(post)).toHaveLength(1)
  })

  it('S-SUB-5 one network signs few addresses up an hour', async () => {
    const answers = []
    for (let ask = 0; ask <= NETWORK_SIGN_UPS; ask += 1)
      answers.push(await signUp(`many${ask}@example.com`, [], '203.0.113.7'))
    expect(answers.filter((answer) => answer === 'too-many')).toHaveLength(1)
    expect(answers.at(-1)).toBe('too-many')
  })

  it('S-SUB-6 a form filled in by a machine asks nobody', async () => {
    const post = server()
    await send(post)
    const form = { address: 'bot@example.com', components: [], trap: 'http://spam.example', network: 'n' }
    expect(await takeSignUp(desk(), form, known)).toBe('asked')
    expect((await send(post)).filter((mail) => mail.to === 'bot@example.com')).toEqual([])
  })

  it('S-SUB-7 what is in force stays in force until a new wish is confirmed', async () => {
    await nobodyElse()
    const { address } = await subscribed(['training'])
    await signUp(address, ['inference'])
    const post = server()
    const [mail] = await send(post)
    expect(await outcome(await publish())).toMatchObject({ waiting: 1 })
    const use = linkUseOf(linkIn(mail, 'confirm'))
    if (use) await confirm(desk(), use)
    expect(await outcome(await publish())).toBeUndefined()
  })

  it('S-SUB-8 no address stands in the database in plain', async () => {
    await subscribed()
    const { rows } = await console.hot.query<{ text: string }>('SELECT s::text AS text FROM subscriber AS s')
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.filter(({ text }) => text.includes('@example.com'))).toEqual([])
  })
})

describe('unsubscribing', () => {
  it('S-END-1 ends at once by the link of any mail, drops what waits, and may be pressed again', async () => {
    await nobodyElse()
    const { end, address } = await subscribed()
    const made = await publish()
    if (end === undefined) throw new Error('no link')
    expect(await unsubscribe(desk(), { ...end, token: '0'.repeat(64) })).toBe(false)
    expect(await unsubscribe(desk(), end)).toBe(true)
    expect(await unsubscribe(desk(), end)).toBe(true)
    const post = server()
    expect((await send(post)).filter((mail) => mail.to === address)).toEqual([])
    expect(await outcome(made)).toMatchObject({ skipped: 1, waiting: 0 })
  })

  it('S-END-2 every mail carries the one-click way out', async () => {
    await nobodyElse()
    const { id } = await subscribed()
    await publish()
    const post = server()
    const [mail] = await send(post)
    expect(mail?.headers).toMatchObject({
      'List-Unsubscribe': `<https://status.example/status/unsubscribe?s=${id}&t=${links.endToken(id)}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    })
  })
})

describe('whom an update reaches', () => {
  it('S-WHO-1 those who asked for one of its components, or for all; and no other', async () => {
    await nobodyElse()
    await subscribed(['training'])
    await subscribed(['inference'])
    await subscribed()
    expect(await outcome(await publish())).toMatchObject({ waiting: 2 })
  })

  it('S-WHO-2 whoever was told of an incident is told how it ended, whatever it affects by then', async () => {
    await nobodyElse()
    await subscribed(['training'])
    const first = await publish()
    const { incidentId } = first
    const last = await publish({
      incidentId,
      status: 'resolved',
      components: [{ componentId: 'inference', name: 'Inference', to: 'operational' }],
    })
    expect(await outcome(last)).toMatchObject({ waiting: 1 })
  })

  it('S-WHO-3 a correction goes to those who got what it corrects', async () => {
    await nobodyElse()
    await subscribed()
    const wrong = await publish()
    await subscribed()
    expect(await outcome(await publish({ incidentId: wrong.incidentId, corrects: wrong.id }))).toMatchObject({
      waiting: 1,
    })
  })

  it('S-WHO-4 practice and what is not for the public go to nobody', async () => {
    await subscribed()
    expect(await outcome(await publish({ drill: true }))).toBeUndefined()
    expect(await outcome(await publish({ audience: 'internal' }))).toBeUndefined()
  })
})

describe('the ledger', () => {
  it('S-LED-6 one publication is one mail to one subscriber, and an incident is one thread', async () => {
    await nobodyElse()
    const { address } = await subscribed()
    const post = server()
    const first = await publish()
    await inSql(console.hot, (tx) => enqueueMails({ tx, publication: first, now: console.clock.now() }))
    await publish({ incidentId: first.incidentId, status: 'resolved' })
    const mails = (await send(post)).filter((mail) => mail.to === address)
    expect(mails.map((mail) => mail.subject)).toEqual([
      '[Investigating] Training jobs stop',
      '[Resolved] Training jobs stop',
    ])
    expect(mails[1]?.inReplyTo).toBe(mails[0]?.messageId)
    expect(await send(post)).toEqual([])
  })

  it('S-LED-7 a mailbox that does not exist gets nothing more', async () => {
    await nobodyElse()
    const { address } = await subscribed()
    const post = server()
    post.answer = () => ({ kind: 'replied', command: 'RCPT TO', code: 550, text: '550 5.1.1 unknown' })
    const made = await publish()
    await send(post)
    expect(await outcome(made)).toMatchObject({ failed: 1 })
    expect(await outcome(await publish())).toBeUndefined()
    post.answer = () => ({ kind: 'accepted' })
    expect(await signUp(address)).toBe('asked')
    expect(await send(post)).toEqual([])
  })

  it('S-LED-8 a sender that ended in the middle leaves "may have arrived", repeated once under the same id', async () => {
    await nobodyElse()
    await subscribed()
    const post = server()
    const made = await publish()
    post.answer = () => new Promise(() => undefined)
    void advanceMail(room(post)).catch(() => undefined)
    await expect.poll(() => post.mails.length).toBe(1)
    const after = server()
    await advanceMail(room(after))
    expect(after.mails).toEqual([])
    expect(await outcome(made)).toMatchObject({ unknown: 1 })
    console.clock.advanceMs(REPEAT_AFTER_MS)
    await advanceMail(room(after))
    expect(after.mails.map((mail) => mail.messageId)).toEqual(post.mails.map((mail) => mail.messageId))
    expect(await outcome(made)).toMatchObject({ sent: 1 })
  })

  it('S-LED-9 what may have arrived is not repeated once a newer update followed', async () => {
    await nobodyElse()
    await subscribed()
    const post = server()
    post.answer = () => ({ kind: 'broken', hasSentData: true, why: 'Timeout' })
    const made = await publish()
    await send(post)
    post.answer = () => ({ kind: 'accepted' })
    await publish({ incidentId: made.incidentId })
    expect(await send(post)).toHaveLength(1)
    console.clock.advanceMs(REPEAT_AFTER_MS)
    expect(await send(post)).toEqual([])
    expect(await outcome(made)).toMatchObject({ unknown: 1 })
  })

  it('S-LED-10 a server that refuses us stops all mail, says so once, and drops nothing', async () => {
    await nobodyElse()
    await subscribed()
    await subscribed()
    const post = server()
    post.answer = () => ({ kind: 'replied', command: 'AUTH PLAIN', code: 535, text: '535 bad credentials' })
    const made = await publish()
    await send(post)
    expect(await readLane(sqlOf(console.hot))).toMatchObject({ problem: '535 bad credentials' })
    expect(await send(post)).toEqual([])
    expect(await outcome(made)).toMatchObject({ waiting: 2, failed: 0 })
    post.answer = () => ({ kind: 'accepted' })
    console.clock.advanceMs(60_000)
    expect(await send(post)).toHaveLength(2)
    expect(await readLane(sqlOf(console.hot))).toBeUndefined()
    expect(await outcome(made)).toMatchObject({ sent: 2 })
  })

  it('S-LED-11 nothing that is kept of a mail names the address', async () => {
    await nobodyElse()
    const { address } = await subscribed()
    const post = server()
    post.answer = () => ({ kind: 'replied', command: 'RCPT TO', code: 451, text: `451 <${address}> later` })
    await publish()
    await send(post)
    const { rows } = await console.hot.query<{ text: string }>(
      "SELECT m::text AS text FROM subscriber_mail AS m WHERE state = 'retry'",
    )
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.filter(({ text }) => text.includes(address))).toEqual([])
  })
})
