import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Somebody, somebodyIn } from '../access/testing/somebody'
import { testConsole } from '../platform/testing/database'
import { createDocument, lockPostmortem, saveSection } from './document-store'
import { durationWords, parsePostmortemName, postmortemName, type SectionKey } from './model'
import { recordSchema } from './record-schema'
import { correctionWith, recordWith } from './testing/record'

let app: Awaited<ReturnType<typeof testConsole>>
let reader: Somebody

beforeAll(async () => {
  app = await testConsole()
  reader = await somebodyIn(app, ['reviewer'])
})

afterAll(async () => {
  await app.close()
})

async function makeDocument(changes: { readonly visibility?: string } = {}) {
  const record = recordWith()
  return app.db.$transaction((tx) =>
    createDocument(
      tx,
      {
        incidentId: null,
        title: record.meta.title,
        state: 'draft',
        severity: 'P1',
        visibility: 'internal',
        leafIds: ['provider.outage'],
        componentIds: [],
        tags: ['eu'],
        record,
        corrections: [correctionWith()],
        isDrill: false,
        origin: 'test',
        createdBy: 'mei',
        publishedAt: null,
        closedAt: null,
        sections: [
          { key: 'summary', body: 'It was down.' },
          { key: 'lucky', body: '' },
        ],
        ...changes,
      },
      app.clock.now(),
    ),
  )
}

function save(postmortemId: string, key: SectionKey, body: string, baseVersion: number) {
  return app.db.$transaction((tx) =>
    saveSection({ tx, postmortemId, key, body, baseVersion, author: 'raj', now: app.clock.now() }),
  )
}

test('a new document gives its record, its texts in order and a version to write upon', async () => {
  const { number } = await makeDocument()
  const view = await reader.asks('postmortems.one', { number })
  expect(view.name).toBe(postmortemName(number))
  expect(parsePostmortemName(view.name)).toBe(number)
  expect(recordSchema.parse(view.record)).toEqual(recordWith())
  expect(view.sections.map(({ key, version }) => [key, version])).toEqual([
    ['summary', 1],
    ['impact', 0],
    ['timeline', 0],
    ['causes', 0],
    ['went-well', 0],
    ['was-hard', 0],
    ['lucky', 0],
    ['resolution', 0],
  ])
})

test('a text written upon another version changes nothing and gives the stored one back', async () => {
  const { id, number } = await makeDocument()
  expect(await save(id, 'summary', 'Half of it was down.', 1)).toEqual({
    kind: 'saved',
    version: 2,
    documentVersion: 2,
  })
  expect(await save(id, 'summary', 'All of it was down.', 1)).toMatchObject({
    kind: 'conflict',
    version: 2,
    body: 'Half of it was down.',
    editedBy: 'raj',
  })
  expect(await save(id, 'summary', 'Half of it was down.', 1)).toMatchObject({ kind: 'saved', version: 2 })
  const { sections, version } = await reader.asks('postmortems.one', { number })
  expect([sections[0]?.body, version]).toEqual(['Half of it was down.', 2])
})

test('every text that a section held stays, in order, and can be neither changed nor taken out', async () => {
  const { id } = await makeDocument()
  await save(id, 'summary', 'Two', 1)
  await save(id, 'causes', 'One', 0)
  const rows = await app.db.postmortemRevision.findMany({
    where: { postmortemId: id },
    orderBy: { seq: 'asc' },
  })
  expect(rows.map(({ seq, section, version, body }) => [seq, section, version, body])).toEqual([
    [1, 'summary', 1, 'It was down.'],
    [2, 'summary', 2, 'Two'],
    [3, 'causes', 1, 'One'],
  ])
  await expect(app.db.postmortemRevision.deleteMany({ where: { postmortemId: id } })).rejects.toThrow(
    'append-only',
  )
})

test('a restricted document without an incident is known to nobody but admins and its author', async () => {
  const { id, number } = await makeDocument({ visibility: 'restricted' })
  const lock = (who: Somebody) => app.db.$transaction((tx) => lockPostmortem({ tx, actor: who.actor() }, id))
  await expect(reader.asks('postmortems.one', { number })).rejects.toThrow('no postmortem')
  await expect(lock(reader)).rejects.toThrow('no such postmortem')
  const listed = await reader.asks('postmortems.list', {})
  expect(listed.postmortems.some((one) => one.number === number)).toBe(false)
  const admin = await somebodyIn(app, ['admin'])
  expect((await lock(admin)).id).toBe(id)
})

test('of a restricted document without an incident the audit trail says to others only that something was done', async () => {
  const { id } = await makeDocument({ visibility: 'restricted' })
  const admin = await somebodyIn(app, ['admin', 'manager', 'reviewer'])
  await admin.does('library.setTags', { postmortemId: id, tags: ['zebra-quartz'] })
  const item = await admin.does('action-items.add', { title: 'Tell the quagga tenant', postmortemId: id })
  const other = await somebodyIn(app, ['manager'])
  const trail = async (by: Somebody) =>
    JSON.stringify((await by.asks('audit.list', { actor: admin.id })).rows)
  const seen = await trail(admin)
  for (const word of [id, item.id, 'zebra-quartz', 'quagga']) expect(seen).toContain(word)
  const told = await trail(other)
  for (const word of [id, item.id, 'zebra-quartz', 'quagga']) expect(told).not.toContain(word)
  expect(told).toContain('postmortem:restricted')
  expect(told).toContain('action-item:restricted')
})

test.each([
  [0, '0h 00m'],
  [59_999, '0h 00m'],
  [106 * 60_000, '1h 46m'],
  [25 * 3_600_000 + 61_000, '25h 01m'],
])('%i ms are told as %s', (ms, words) => {
  expect(durationWords(ms)).toBe(words)
})
