import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type Somebody, somebodyIn } from '../access/testing/somebody'
import type { Encoded } from '../operation'
import { testConsole } from '../platform/testing/database'
import { documentSchema } from './document-schema'
import { markdownOf } from './export'
import { publicOf } from './export-public'
import type { PostmortemDocument } from './model'
import { correctionWith, recordWith, rowWith } from './testing/record'

const NOBODY = { hosts: [], instances: [], people: [], customers: [], keys: [], providers: [], codeNames: [] }
const now = new Date('2026-11-20T09:00:00Z')

let app: Awaited<ReturnType<typeof testConsole>>
let mei: Somebody

beforeAll(async () => {
  app = await testConsole()
  mei = await somebodyIn(app, ['reviewer'])
})

afterAll(async () => {
  await app.close()
})

function documentWith(changes: Partial<PostmortemDocument> = {}): PostmortemDocument {
  return {
    format: 'watchfloor.postmortem',
    formatVersion: 1,
    name: 'PM-0007',
    title: 'Inference 503s, EU pool',
    state: 'approved',
    severity: 'P1',
    version: 9,
    leafIds: ['provider.outage'],
    componentIds: [],
    tags: ['eu'],
    createdBy: 'mei',
    createdAtMs: now.getTime(),
    updatedAtMs: now.getTime(),
    publishedAtMs: null,
    record: recordWith(),
    corrections: [correctionWith()],
    sections: [{ key: 'summary', body: 'A third of video requests failed.' }],
    actionItems: [
      {
        title: 'Keep fallback capacity warm',
        kind: 'prevent',
        owner: null,
        dueOn: '2026-12-01',
        doneWhen: 'a weekly drill serves 60 %',
        state: 'done',
        evidence: 'drill 12',
        externalUrl: '',
      },
    ],
    ...changes,
  }
}

async function exported(number: number): Promise<PostmortemDocument> {
  const file = (await mei.asks('postmortems.export', { number })) as Encoded
  return documentSchema.parse(JSON.parse(new TextDecoder().decode(file.bytes)))
}

test('PM-EXP-01 what is exported can be imported and comes out the same; the same file twice is one postmortem', async () => {
  const document = documentWith()
  const first = await mei.does('postmortems.import', { document })
  expect(await mei.does('postmortems.import', { document })).toMatchObject({
    number: first.number,
    isNew: false,
  })
  const out = await exported(first.number)
  expect(out).toMatchObject({
    title: document.title,
    record: document.record,
    corrections: document.corrections,
    actionItems: document.actionItems,
    tags: document.tags,
  })
  expect(out.sections.filter(({ body }) => body !== '')).toEqual(document.sections)
  // An approval elsewhere is none here.
  expect(out.state).toBe('draft')
})

test.each([
  ['an unknown key', { surprise: 1 }, 'document'],
  ['a state of another vocabulary', { state: 'done' }, 'document.state'],
  [
    'an instant that is none',
    { record: { ...recordWith(), timeline: [rowWith({ eventAtMs: -1 })] } },
    'document.record.timeline.0.eventAtMs',
  ],
])('PM-EXP-02 an import with %s says where it does not fit', async (_name, changes, path) => {
  const document = { ...documentWith(), ...changes } as PostmortemDocument
  await expect(mei.does('postmortems.import', { document })).rejects.toMatchObject({
    code: 'invalid',
    issues: [expect.objectContaining({ path })],
  })
})

test('PM-EXP-03 the published schema is the one that imports are held to', () => {
  const published = JSON.parse(readFileSync('docs/postmortem.schema.json', 'utf8')) as unknown
  expect(published).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(documentSchema))))
})

test('PM-EXP-04 what a source said stays text in Markdown', () => {
  const text = markdownOf(
    documentWith({
      record: recordWith({ timeline: [rowWith({ text: 'see <b>[x](javascript:1)</b> | `rm`' })] }),
    }),
  )
  expect(text).toContain('see \\<b\\>\\[x\\](javascript:1)\\</b\\> \\| \\`rm\\`')
  expect(text).toContain('21,000')
  expect(text).toContain('Counted: 20,402')
})

test('PM-PUB-01 a sentence that customers may not read is left out with why, and the rest passes the linter', () => {
  const document = documentWith({
    sections: [
      {
        key: 'summary',
        body: 'Some video requests failed. Host gpu-prod-7.internal lost its disk. The token was sk-live-abcdefghijklmnopqrstuv. @ana restarted it.',
      },
    ],
  })
  const made = publicOf(document, { inventory: { ...NOBODY, people: ['ana'] }, internalLinkHosts: [], now })
  expect(made.body).toContain('Some video requests failed.')
  expect(made.body).toContain('after 1h 46m')
  expect(made.body).not.toMatch(/internal|sk-live|ana/)
  expect(made.leftOut.map(({ text }) => text)).toEqual(
    expect.arrayContaining([expect.stringContaining('gpu-prod-7'), expect.stringContaining('sk-live')]),
  )
})
