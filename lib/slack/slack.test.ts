import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pressed, type SlackSent, typed } from '@/simulator/protocols/slack-user'
import type { Role } from '../access/permissions'
import { testConsole } from '../platform/testing/database'
import { takeSlack } from './door-collect'
import type { SlackReply } from './replies'
import { isFromSlack, signSlack } from './signature-verify'

const SECRET = 'a signing secret of the test'
let console: Awaited<ReturnType<typeof testConsole>>

beforeAll(async () => {
  console = await testConsole({ SLACK_SIGNING_SECRET: SECRET })
})

afterAll(async () => {
  await console.close()
})

const PATIENT_MS = 60_000

async function send(sent: SlackSent, late: SlackReply[] = [], answerMs = PATIENT_MS) {
  const { headers, body } = sent
  const timestamp = headers['x-slack-request-timestamp'] ?? null
  const signature = headers['x-slack-signature'] ?? null
  const later = async (_url: string, reply: SlackReply): Promise<void> => {
    late.push(reply)
  }
  return takeSlack(console, { timestamp, signature, body }, { answerMs, later, show: async () => undefined })
}

let users = 0

/** Somebody with these roles, known in Slack. */
async function someone(...roles: readonly Role[]) {
  users += 1
  const user = `U00000${users}`
  const handle = `p${randomUUID().slice(0, 8)}`
  const person = await console.db.person.create({
    data: { handle, name: handle, email: `${handle}@northlight.example`, roles: [...roles] },
  })
  await console.db.slackPerson.create({
    data: { slackUser: user, personId: person.id, at: console.clock.now(), by: 'test' },
  })
  return {
    handle,
    user,
    types: async (text: string): Promise<SlackReply> => {
      console.clock.advanceMs(1_000)
      const { status, reply } = await send(typed(SECRET, { user, text, atMs: console.clock.now().getTime() }))
      expect(status).toBe(200)
      return reply ?? { response_type: 'ephemeral', text: '' }
    },
    presses: async (action: string, value: string): Promise<SlackReply> => {
      console.clock.advanceMs(1_000)
      const atMs = console.clock.now().getTime()
      const { reply } = await send(pressed(SECRET, { user, action, value, atMs }))
      return reply ?? { response_type: 'ephemeral', text: '' }
    },
  }
}

/** The number of the incident that a reply names. */
function named(reply: SlackReply): string {
  return /INC-\d{4}/.exec(reply.text)?.[0] ?? ''
}

function buttonsOf(reply: SlackReply): ReadonlyMap<string, string> {
  const elements = (reply.blocks ?? []).flatMap(
    (block) => (block.elements ?? []) as readonly { action_id: string; value: string }[],
  )
  return new Map(elements.map(({ action_id, value }) => [action_id, value]))
}

describe('the signature', () => {
  it('is the one of Slack’s own example', () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c'
    const signature = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503'
    const secret = '8f742231b10e8888abcd99yyyzzz85a5'
    expect(signSlack(secret, '1531420618', body)).toBe(signature)
    const signed = { timestamp: '1531420618', signature, body }
    const at = (seconds: number) => new Date((1_531_420_618 + seconds) * 1_000)
    expect(isFromSlack(secret, { ...signed, now: at(300) })).toBe(true)
    expect(isFromSlack(secret, { ...signed, now: at(301) })).toBe(false)
    expect(isFromSlack(secret, { ...signed, now: at(-301) })).toBe(false)
    expect(isFromSlack(secret, { ...signed, body: `${body}&x=1`, now: at(0) })).toBe(false)
    expect(isFromSlack('', { ...signed, now: at(0) })).toBe(false)
    expect(isFromSlack(undefined, { ...signed, now: at(0) })).toBe(false)
    expect(isFromSlack(secret, { ...signed, signature: null, now: at(0) })).toBe(false)
  })

  it('lets nothing in without one, with another secret, or twice', async () => {
    const { user } = await someone('commander')
    const atMs = console.clock.now().getTime()
    const sent = typed(SECRET, { user, text: 'help', atMs })
    expect((await send({ ...sent, headers: {} })).status).toBe(401)
    expect((await send(typed('another secret entirely', { user, text: 'help', atMs }))).status).toBe(401)
    expect((await send(sent)).status).toBe(200)
    expect((await send(sent)).status).toBe(401)
  })
})

describe('/inc', () => {
  it('declares, answers, notes and tells the status in the name of the person', async () => {
    const ana = await someone('commander')
    const incident = named(await ana.types('declare P2 Training jobs stop on eu-4'))
    expect(incident).not.toBe('')
    expect((await ana.types(`ack ${incident}`)).text).toContain('are in command')
    expect((await ana.types(`note ${incident} the host is back`)).text).toContain('Noted in')
    const status = await ana.types(`status ${incident}`)
    expect(status.response_type).toBe('ephemeral')
    expect(status.text).toContain('P2 investigating: Training jobs stop on eu-4')
    expect(status.text).toContain(`Commander: @${ana.handle}`)
    const note = await console.db.timelineEvent.findFirst({ where: { kind: 'note', actorName: ana.handle } })
    expect(note?.body).toMatchObject({ text: 'the host is back' })
  })

  it('says what came of it at the response address when it takes longer than Slack waits', async () => {
    const { user } = await someone('commander')
    const late: SlackReply[] = []
    const atMs = console.clock.now().getTime()
    const { status, reply } = await send(typed(SECRET, { user, text: 'declare P3 slow', atMs }), late, 0)
    expect([status, reply?.text]).toEqual([200, expect.stringContaining('is still working on it')])
    await expect.poll(() => late.length, { timeout: 20_000 }).toBe(1)
    expect(late[0]?.text).toContain('is declared as P3')
  })

  it('gives nobody more than their roles allow, and says so', async () => {
    const eve = await someone('viewer')
    const reply = await eve.types('declare P1 Everything is down')
    expect(reply.response_type).toBe('ephemeral')
    expect(reply.text).toContain('Not done. This needs the permission incidents.declare')
  })

  it('does nothing for a stranger, or for an account that was closed', async () => {
    const atMs = console.clock.now().getTime()
    const { reply } = await send(typed(SECRET, { user: 'U999999', text: 'declare P1 x', atMs }))
    expect(reply?.text).toContain('Nobody here is known as your Slack account (U999999)')
    const gone = await someone('commander')
    await console.db.person.update({ where: { handle: gone.handle }, data: { disabledAt: new Date(0) } })
    expect((await gone.types('declare P1 x')).text).toContain('Nobody here is known')
  })

  it('asks which incident is meant where several go on', async () => {
    const ana = await someone('commander')
    await ana.types('declare P3 one')
    await ana.types('declare P3 two')
    expect((await ana.types('ack')).text).toContain('Several go on; name one: INC-')
    expect((await ana.types('ack INC-9999')).text).toContain('There is no incident INC-9999')
  })

  it('shows the findings of an update, and sends none that is refused', async () => {
    const ana = await someone('commander')
    const incident = named(await ana.types('declare P2 Training jobs stop'))
    await ana.types(`ack ${incident}`)
    const refused = await ana.types(`update ${incident} internal Look at [TBD] <!channel>`)
    expect(refused.text).toContain('Not done.')
    expect(refused.text).toMatch(/• [SLX]\d\d/)
    expect(await console.db.publication.count({ where: { author: ana.handle } })).toBe(0)
    const sent = await ana.types(`update ${incident} internal`)
    expect(sent.text).toContain('leaves in a few seconds')
    expect(await console.db.publication.count({ where: { author: ana.handle, state: 'holding' } })).toBe(1)
  })
})

describe('the buttons', () => {
  async function waiting() {
    const ana = await someone('commander')
    const ben = await someone('comms')
    const incident = named(await ana.types('declare P1 Inference fails'))
    await ana.types(`ack ${incident}`)
    const row = await console.db.incident.findFirstOrThrow({ where: { title: 'Inference fails' } })
    const text = 'Customers cannot run inference in one region. The team moves it to other hosts.'
    const reply = await ana.types(`update ${incident} executive ${text}`)
    return { ana, ben, reply, incident: row, buttons: buttonsOf(reply) }
  }

  it('approve exactly what was shown, for another person than its author', async () => {
    const { ana, ben, reply, buttons } = await waiting()
    expect(reply.response_type).toBe('in_channel')
    const value = buttons.get('publication.approve') ?? ''
    expect((await ana.presses('publication.approve', value)).text).toContain('Another person approves')
    const other = value.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
    expect((await ben.presses('publication.approve', other)).text).toContain('It is not what you read')
    expect((await ben.presses('publication.approve', value)).text).toContain('You approved')
    expect((await ben.presses('publication.approve', value)).text).toContain('It is approved already')
  })

  it('refuse, and take no value that is none of ours', async () => {
    const { ben, buttons } = await waiting()
    expect((await ben.presses('publication.refuse', 'anything')).text).toContain('none of Watchfloor')
    expect((await ben.presses('publication.refuse', buttons.get('publication.refuse') ?? '')).text).toContain(
      'You refused',
    )
  })
})
