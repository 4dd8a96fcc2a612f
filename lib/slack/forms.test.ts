import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SlackSent, submitted, typed } from '@/simulator/protocols/slack-user'
import type { Role } from '../access/permissions'
import { showForm } from '../connect-slack'
import { channelPlace } from '../delivery/settings'
import { openScene, type Scene } from '../delivery/testing/scene'
import { type SlackAnswer, takeSlack } from './door-collect'
import type { SlackView } from './forms'
import type { SlackReply } from './replies'
import { SLACK_KEY, slackPlace } from './settings-load'

const SECRET = 'a signing secret of the test'
let scene: Scene
let now = Date.now()
const late: { readonly url: string; readonly reply: SlackReply }[] = []

beforeAll(async () => {
  scene = await openScene()
  const { app } = scene
  await app.db.setting.create({
    data: {
      key: SLACK_KEY,
      value: {},
      sealed: app.seal.seal(SECRET, slackPlace),
      version: 1,
      updatedAt: new Date(),
      updatedBy: 'test',
    },
  })
}, 60_000)

afterAll(() => scene.close())

async function send({ headers, body }: SlackSent, answerMs = 60_000): Promise<SlackAnswer> {
  const request = {
    timestamp: headers['x-slack-request-timestamp'] ?? null,
    signature: headers['x-slack-signature'] ?? null,
    body,
  }
  return takeSlack(scene.app, request, {
    answerMs,
    later: async (url, reply) => {
      late.push({ url, reply })
    },
    show: (from, view) => showForm(scene.app, from, view),
  })
}

let users = 0

async function someone(...roles: readonly Role[]): Promise<string> {
  users += 1
  const user = `U10000${users}`
  const handle = `p${randomUUID().slice(0, 8)}`
  const { app } = scene
  const { id } = await app.db.person.create({
    data: { handle, name: handle, email: `${handle}@northlight.example`, roles: [...roles] },
  })
  await app.db.slackPerson.create({ data: { slackUser: user, personId: id, at: new Date(), by: 'test' } })
  return user
}

/** Each request has a second of its own, so that none is the repeat of another. */
function next(): number {
  now += 1_000
  return now
}

const types = (user: string, text: string): Promise<SlackAnswer> =>
  send(typed(SECRET, { user, text, atMs: next() }))

/** The forms that Slack has opened, the newest last. */
function opened(): readonly SlackView[] {
  const forms = scene.world.outside.received().filter(({ what }) => what === 'views.open')
  return forms.map(({ text }) => JSON.parse(text) as SlackView)
}

describe('a form in Slack', () => {
  it('declares what was filled in, and says so where it was called', async () => {
    const ana = await someone('commander')
    expect(await types(ana, 'declare')).toEqual({ status: 200 })
    const view = opened().at(-1) ?? {}
    const values = { severity: 'P2', title: 'Training jobs stop &amp; wait' }
    late.length = 0
    expect(await send(submitted(SECRET, { user: ana, view, values, atMs: next() }))).toEqual({ status: 200 })
    await expect.poll(() => late.length).toBe(1)
    expect(late[0]?.url).toContain('https://hooks.slack.com/commands/')
    expect(late[0]?.reply.text).toContain('is declared as P2')
    const made = await scene.app.db.incident.findFirst({ where: { title: 'Training jobs stop & wait' } })
    expect(made?.severity).toBe('P2')
  })

  it('shows the drafted update and sends what was written in its place; a finding keeps it open', async () => {
    const ben = await someone('commander')
    await types(ben, 'declare P3 Webhooks are late')
    const made = await scene.app.db.incident.findFirstOrThrow({ where: { title: 'Webhooks are late' } })
    const name = `INC-${String(made.number).padStart(4, '0')}`
    await types(ben, `ack ${name}`)
    expect(await types(ben, `update ${name}`)).toEqual({ status: 200 })
    const view = opened().at(-1) ?? {}
    expect(JSON.stringify(view.blocks)).toContain('The draft from the facts')
    const sends = (text: string) =>
      send(submitted(SECRET, { user: ben, view, values: { audience: 'internal', text }, atMs: next() }))
    const refused = await sends('Look at xoxb-123456789012-abcdefghij now.')
    expect(refused.problem).toMatchObject({
      response_action: 'errors',
      errors: { text: expect.stringContaining('X01') },
    })
    expect(await scene.app.db.publication.count({ where: { incidentId: made.id } })).toBe(0)
    expect(await sends('')).toEqual({ status: 200 })
    expect(await scene.app.db.publication.count({ where: { incidentId: made.id } })).toBe(1)
  })

  it('is refused under its field for somebody who may not, and for a stranger', async () => {
    const ana = await someone('commander')
    const eve = await someone('viewer')
    await types(ana, 'declare')
    const view = opened().at(-1) ?? {}
    const values = { severity: 'P1', title: 'Everything is down' }
    for (const user of [eve, 'U999999']) {
      const { problem } = await send(submitted(SECRET, { user, view, values, atMs: next() }))
      expect(problem?.errors).toEqual({ title: expect.stringMatching(/permission|Nobody here is known/) })
    }
    expect(await scene.app.db.incident.count({ where: { title: 'Everything is down' } })).toBe(0)
  })

  it('closes in time, and is said later, when the work takes longer than Slack waits', async () => {
    const ana = await someone('commander')
    await types(ana, 'declare')
    const view = opened().at(-1) ?? {}
    const values = { severity: 'P4', title: 'Slow' }
    late.length = 0
    expect(await send(submitted(SECRET, { user: ana, view, values, atMs: next() }), 0)).toEqual({
      status: 200,
    })
    await expect.poll(() => late.map(({ reply }) => reply.text), { timeout: 20_000 }).toHaveLength(1)
    expect(late[0]?.reply.text).toContain('is declared as P4')
  })

  it('falls back to what is typed when the token may not open one, and does nothing', async () => {
    const ana = await someone('commander')
    scene.world.outside.set('slack', { fault: 'not-ok', error: 'missing_scope' })
    const before = await scene.app.db.publication.count()
    for (const text of ['declare', 'update']) {
      const { reply } = await types(ana, text === 'update' ? await oneOf(ana) : text)
      expect(reply?.text).toContain('Slack opened no form (missing_scope), and nothing was done')
      expect(reply?.text).toContain('/inc declare P2')
    }
    expect(await scene.app.db.publication.count()).toBe(before)
    scene.world.outside.set('slack', undefined)
  })

  it('is opened by the bot of the workspace that asked, else by the oldest one', async () => {
    const ana = await someone('commander')
    const { app, base } = scene
    const id = 'slack-of-another-workspace'
    const other = await app.db.channel.create({
      data: {
        id,
        kind: 'slack-bot',
        name: id,
        audiences: ['internal'],
        config: { apiUrl: `${base}/slack/api`, channel: 'C0OTHERS' },
        sealed: app.seal.seal('xoxb-T2OTHER-simulated', channelPlace(id)),
        createdAt: new Date(0),
        updatedAt: new Date(0),
      },
    })
    const asks = (team: string) => send(typed(SECRET, { user: ana, text: 'declare', atMs: next(), team }))
    const before = opened().length
    expect(await asks('T1DC2JH3J')).toEqual({ status: 200 })
    expect(await asks('T2OTHER')).toEqual({ status: 200 })
    expect(opened()).toHaveLength(before + 2)
    // Nobody is known to be of that one: the oldest tries, and what Slack says to it is told.
    expect((await asks('T3NOBODY')).reply?.text).toContain('Slack opened no form (trigger_of_another_team)')
    await app.db.channel.update({ where: { id: other.id }, data: { removedAt: new Date() } })
  })

  it('is not asked for where there is no bot: what was typed counts as before', async () => {
    const ana = await someone('commander')
    await scene.app.db.channel.updateMany({ where: { kind: 'slack-bot' }, data: { pausedAt: new Date() } })
    expect((await types(ana, 'declare')).reply?.text).toContain('Say how bad it is first')
    await scene.app.db.channel.updateMany({ where: { kind: 'slack-bot' }, data: { pausedAt: null } })
  })
})

async function oneOf(user: string): Promise<string> {
  const { reply } = await types(user, 'declare P4 Another one')
  return `update ${/INC-\d{4}/.exec(reply?.text ?? '')?.[0] ?? ''}`
}
