import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../access/permissions'
import { somebodyIn } from '../access/testing/somebody'
import type { SteppedClock } from '../platform/clock'
import { testConsole } from '../platform/testing/database'
import type { CommandInput } from '../registry'
import { DRAFT_TEXT_LIMIT } from './drafts'
import { PRESENCE_ENDS_MS } from './presence'

let console: Awaited<ReturnType<typeof testConsole>> & { readonly clock: SteppedClock }

beforeAll(async () => {
  console = await testConsole()
})

afterAll(async () => {
  await console.close()
})

const someone = (...roles: readonly Role[]) => somebodyIn(console, roles)

function slot(changes: Partial<CommandInput<'incidents.saveDraft'>['slots'][number]> = {}) {
  return { writer: randomUUID(), rev: 1, text: 'half a thought', editedAtMs: 1, seen: {}, ...changes }
}

async function countOf(table: 'audit_entry' | 'live_hint' | 'idempotency'): Promise<number> {
  const { rows } = await console.hot.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`)
  return rows[0]?.count ?? Number.NaN
}

describe('drafts on the server', () => {
  const key = `incident:${randomUUID()}:note`

  it('a draft comes back to its writer in any browser and to nobody else', async () => {
    const [ana, li, sam] = [await someone('commander'), await someone('responder'), await someone('admin')]
    await ana.does('incidents.saveDraft', { key, slots: [slot()] })
    expect((await ana.asks('incidents.drafts', {})).slots).toMatchObject([{ key, text: 'half a thought' }])
    for (const other of [li, sam]) expect((await other.asks('incidents.drafts', {})).slots).toEqual([])
  })

  it.each([
    `action-item:${randomUUID()}:change`,
    'action-item:new:add',
    `postmortem:${randomUUID()}:correct-requests-failed`,
    `postmortem:${randomUUID()}:ask-review`,
  ])('what is typed under %s is kept too', async (kept) => {
    const ana = await someone('responder')
    await ana.does('incidents.saveDraft', { key: kept, slots: [slot()] })
    expect((await ana.asks('incidents.drafts', {})).slots).toMatchObject([{ key: kept }])
  })

  it('two tabs that save at once are both there, and neither overwrites the other', async () => {
    const ana = await someone('commander')
    const tabs = Array.from({ length: 8 }, (_, index) => slot({ text: `tab ${index}` }))
    await Promise.all(tabs.map((one) => ana.does('incidents.saveDraft', { key, slots: [one] })))
    const { slots } = await ana.asks('incidents.drafts', {})
    expect(slots.map(({ text }) => text).sort()).toEqual(tabs.map(({ text }) => text).sort())
  })

  it('an older change that arrives late changes nothing', async () => {
    const ana = await someone('commander')
    const one = slot({ rev: 5, text: 'newer' })
    await ana.does('incidents.saveDraft', { key, slots: [one] })
    const after = await ana.does('incidents.saveDraft', { key, slots: [{ ...one, rev: 4, text: 'older' }] })
    expect(after.slots).toMatchObject([{ rev: 5, text: 'newer' }])
  })

  it('what was sent in one tab does not come back from another that saves late', async () => {
    const ana = await someone('commander')
    const typed = slot()
    const sent = slot({ text: null, seen: { [typed.writer]: 1 } })
    await ana.does('incidents.saveDraft', { key, slots: [sent] })
    const { slots } = await ana.does('incidents.saveDraft', { key, slots: [typed] })
    expect(slots.filter(({ text }) => text !== null)).toEqual([])
  })

  it('saving leaves nothing in the audit record and wakes nobody', async () => {
    const ana = await someone('commander')
    const before = [await countOf('audit_entry'), await countOf('live_hint')]
    await ana.does('incidents.saveDraft', { key, slots: [slot({ text: 'kept to myself' })] })
    expect([await countOf('audit_entry'), await countOf('live_hint')]).toEqual(before)
  })

  it.each([
    ['a key of another room', { key: 'sources:vast', slots: [slot()] }],
    ['a text beyond the limit', { key, slots: [slot({ text: 'x'.repeat(DRAFT_TEXT_LIMIT + 1) })] }],
    ['no slot', { key, slots: [] }],
    ['a writer that is no UUID', { key, slots: [slot({ writer: 'me' })] }],
    ['a change before the first', { key, slots: [slot({ rev: 0 })] }],
  ])('%s is refused', async (_what, input) => {
    const ana = await someone('commander')
    await expect(ana.does('incidents.saveDraft', input)).rejects.toMatchObject({ code: 'invalid' })
  })

  it('NUL and lone surrogates do not cost the draft', async () => {
    const ana = await someone('commander')
    const { slots } = await ana.does('incidents.saveDraft', {
      key,
      slots: [slot({ text: 'a\u0000b\uD800c' })],
    })
    expect(slots).toMatchObject([{ text: 'a\uFFFDb\uFFFDc' }])
  })

  it('a person keeps at most 200 drafts, and may still send or drop them', async () => {
    const ana = await someone('commander')
    await console.hot.query(
      `INSERT INTO incident_draft (person_id, key, writer, rev, text, seen, edited_at, saved_at)
       SELECT $1::uuid, 'incident:i' || n, gen_random_uuid(), 1, 'x', '{}', now(), now() FROM generate_series(1, 200) AS n`,
      [ana.id],
    )
    await expect(ana.does('incidents.saveDraft', { key, slots: [slot()] })).rejects.toMatchObject({
      code: 'too_many',
    })
    await ana.does('incidents.saveDraft', { key: 'incident:i1', slots: [slot({ text: null })] })
  })
})

describe('who is there', () => {
  async function incident(by: Awaited<ReturnType<typeof someone>>): Promise<string> {
    const made = await by.does('incidents.declare', { title: 'Queue stalls', severity: 'P3' })
    return made.id
  }

  it('people see each other and what each is writing, until 45 s after the last beat', async () => {
    const [ana, li] = [await someone('commander'), await someone('responder')]
    const id = await incident(ana)
    expect((await ana.does('incidents.beHere', { id })).present).toEqual([])
    const { present } = await li.does('incidents.beHere', { id, editing: 'note' })
    expect(present).toMatchObject([{ handle: ana.handle, editing: '' }])
    expect((await ana.asks('incidents.present', { id })).present).toMatchObject([
      { handle: li.handle, editing: 'note' },
    ])
    console.clock.advanceMs(PRESENCE_ENDS_MS)
    expect((await ana.asks('incidents.present', { id })).present).toEqual([])
  })

  it('a beat leaves nothing in the audit record and no hint', async () => {
    const ana = await someone('commander')
    const id = await incident(ana)
    const before = [await countOf('audit_entry'), await countOf('live_hint')]
    await ana.does('incidents.beHere', { id })
    expect([await countOf('audit_entry'), await countOf('live_hint')]).toEqual(before)
  })

  it('nobody beats at an incident that they may not know of', async () => {
    const [ana, li] = [await someone('commander'), await someone('responder')]
    const id = await incident(ana)
    await console.db.incident.update({ where: { id }, data: { visibility: 'restricted' } })
    await expect(li.does('incidents.beHere', { id })).rejects.toMatchObject({ code: 'not_found' })
    expect((await li.asks('incidents.present', { id })).present).toEqual([])
    await expect(li.does('incidents.beHere', { id: randomUUID() })).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})
