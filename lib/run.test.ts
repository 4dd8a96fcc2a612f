import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Role } from './access/permissions'
import type { Console } from './console'
import {
  type Actor,
  type AnyCommand,
  type AnyQuery,
  defineCommand,
  defineQuery,
  type Scope,
} from './operation'
import type { SteppedClock } from './platform/clock'
import { AppError } from './platform/errors'
import { t0, testConsole } from './platform/testing/database'
import { runCommand, runQuery } from './run'

let console: Console & { readonly clock: SteppedClock }

beforeAll(async () => {
  console = await testConsole()
})

afterAll(async () => {
  await console.close()
})

function person(roles: readonly Role[], authAt = t0): Actor {
  return { kind: 'person', id: randomUUID(), handle: 'ana', name: 'Ana', roles, sessionId: 's1', authAt }
}

function scope(actor: Actor): Scope {
  return { console, actor, now: console.clock.now(), requestId: randomUUID() }
}

const ran: string[] = []

const note = defineCommand({
  name: 'test.note',
  summary: 'For these tests.',
  permission: 'health.save-filter',
  input: z.strictObject({ text: z.string().min(1) }),
  run: async ({ tx, now }, { text }) => {
    ran.push(text)
    const kept = await tx.savedFilter.create({
      data: { personId: randomUUID(), name: text, query: 'rating=breach', createdAt: now },
    })
    return {
      result: { id: kept.id, at: now },
      audit: { subject: `note:${text}`, detail: { text } },
      touched: [{ topic: 'health', ref: kept.id }],
      intents: [
        {
          kind: 'slack.post',
          target: '#inc',
          orderKey: 'inc-1',
          dedupKey: `note-${kept.id}`,
          payload: { text },
        },
      ],
    }
  },
}) as AnyCommand

const failing = defineCommand({
  name: 'test.failing',
  summary: 'For these tests.',
  permission: 'health.save-filter',
  input: z.strictObject({}),
  run: async ({ tx, now }) => {
    await tx.savedFilter.create({ data: { personId: randomUUID(), name: 'lost', query: '', createdAt: now } })
    throw new AppError('conflict', 'Someone was faster.', { current: { version: 2 } })
  },
}) as AnyCommand

const configure = defineCommand({
  name: 'test.configure',
  summary: 'For these tests.',
  permission: 'sources.configure',
  input: z.strictObject({}),
  run: async () => ({ result: null, audit: { subject: 'x', detail: {} }, touched: [] }),
}) as AnyCommand

const count = defineQuery({
  name: 'test.count',
  summary: 'For these tests.',
  permission: 'audit.read',
  input: z.strictObject({ action: z.string() }),
  run: ({ console: { db } }, { action }) => db.auditEntry.count({ where: { action } }),
}) as AnyQuery

const numbered = defineQuery({
  name: 'test.numbered',
  summary: 'For these tests.',
  permission: 'audit.read',
  input: z.strictObject({ number: z.int() }),
  run: ({ console: { db } }, { number }) => db.incident.count({ where: { number } }),
}) as AnyQuery

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return 'fine'
  } catch (error) {
    return error instanceof AppError ? error.code : String(error)
  }
}

describe('a command', () => {
  it('commits its change, audit row, hint and intent together', async () => {
    const actor = person(['responder'])
    const result = (await runCommand(note, scope(actor), { text: 'first' })) as { id: string }
    const [entry] = await console.db.auditEntry.findMany({ where: { subject: 'note:first' } })
    expect(entry).toMatchObject({
      action: 'test.note',
      actor: actor.kind === 'person' ? actor.id : '',
      detail: { text: 'first' },
    })
    expect(await console.db.liveHint.count({ where: { topic: 'health', ref: result.id } })).toBe(1)
    expect(await console.db.outbox.findUnique({ where: { dedupKey: `note-${result.id}` } })).toMatchObject({
      state: 'queued',
      payload: { text: 'first' },
    })
  })

  it('that throws leaves nothing behind', async () => {
    expect(await codeOf(runCommand(failing, scope(person(['responder'])), {}))).toBe('conflict')
    expect(await console.db.savedFilter.count({ where: { name: 'lost' } })).toBe(0)
    expect(await console.db.auditEntry.count({ where: { action: 'test.failing' } })).toBe(0)
  })

  it('with a character that no column takes is invalid and leaves nothing behind', async () => {
    expect(await codeOf(runCommand(note, scope(person(['responder'])), { text: 'a\u0000b' }))).toBe('invalid')
    expect(await console.db.auditEntry.count({ where: { subject: { startsWith: 'note:a' } } })).toBe(0)
  })

  it('runs once under one key, however often and however many at a time it is sent', async () => {
    const actor = person(['responder'])
    const key = randomUUID()
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => runCommand(note, scope(actor), { text: 'once' }, key)),
    )
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(ran.filter((text) => text === 'once')).toHaveLength(1)
  })

  it('refuses the same key with another body, and lets another person use the key', async () => {
    const actor = person(['responder'])
    const key = randomUUID()
    await runCommand(note, scope(actor), { text: 'mine' }, key)
    expect(await codeOf(runCommand(note, scope(actor), { text: 'other' }, key))).toBe('key_reused')
    expect(await codeOf(runCommand(note, scope(person(['responder'])), { text: 'theirs' }, key))).toBe('fine')
  })

  it('names the field that does not fit', async () => {
    const error = await runCommand(note, scope(person(['responder'])), { text: '' }).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(AppError)
    expect((error as AppError).issues[0]?.path).toBe('text')
  })

  it('is refused without the permission and, for grave ones, without a recent sign-in', async () => {
    expect(await codeOf(runCommand(configure, scope(person(['viewer'])), {}))).toBe('forbidden')
    expect(await codeOf(runCommand(configure, scope(person(['admin'])), {}))).toBe('fine')
    const old = new Date(t0.getTime() - 11 * 60_000)
    expect(await codeOf(runCommand(configure, scope(person(['admin'], old)), {}))).toBe('step_up')
  })

  it('gives hint numbers that follow commit order without a gap under concurrency', async () => {
    const before = await console.db.ledgerHead.findUniqueOrThrow({ where: { id: 1 } })
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        runCommand(note, scope(person(['responder'])), { text: `c${index}` }),
      ),
    )
    const hints = await console.db.liveHint.findMany({
      where: { seq: { gt: before.hintSeq } },
      orderBy: { seq: 'asc' },
    })
    expect(hints.map((hint) => Number(hint.seq - before.hintSeq))).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    )
  })
})

describe('a query', () => {
  it('is refused without the permission', async () => {
    expect(await codeOf(runQuery(count, scope(person(['responder'])), { action: 'x' }))).toBe('forbidden')
    expect(await runQuery(count, scope(person(['reviewer'])), { action: 'none' })).toBe(0)
  })

  it('for a number that no column holds is invalid, not an error of ours', async () => {
    const reviewer = scope(person(['reviewer']))
    expect(await codeOf(runQuery(numbered, reviewer, { number: 3_000_000_000 }))).toBe('invalid')
    expect(await runQuery(numbered, reviewer, { number: 2_000_000_000 })).toBe(0)
  })

  it('for a machine needs the exact permission', async () => {
    const machine: Actor = { kind: 'machine', id: 'ci', permissions: ['health.read'] }
    expect(await codeOf(runQuery(count, scope(machine), { action: 'x' }))).toBe('forbidden')
  })
})
