import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Somebody, somebodyIn } from '../access/testing/somebody'
import { declaredIn } from '../incidents/testing/declared'
import { testConsole } from '../platform/testing/database'
import { createDocument, type NewDocument, saveSection } from '../postmortems/document-store'
import { recordWith, rowWith } from '../postmortems/testing/record'
import { piecesOf } from './model'

let app: Awaited<ReturnType<typeof testConsole>>
let reader: Somebody

beforeAll(async () => {
  app = await testConsole()
  reader = await somebodyIn(app, ['reviewer'])
})

afterAll(async () => {
  await app.close()
})

function made(changes: Partial<NewDocument> = {}) {
  const record =
    changes.record ??
    recordWith({
      meta: { ...recordWith().meta, errorType: '' },
      timeline: [rowWith({ text: 'Declared P1 by a heron' })],
    })
  return app.db.$transaction((tx) =>
    createDocument(
      tx,
      {
        incidentId: null,
        title: 'Inference 503s',
        state: 'draft',
        severity: 'P1',
        visibility: 'internal',
        leafIds: [],
        componentIds: [],
        tags: [],
        record,
        corrections: [],
        isDrill: false,
        origin: 'test',
        createdBy: 'mei',
        publishedAt: null,
        closedAt: null,
        sections: [],
        ...changes,
      },
      app.clock.now(),
    ),
  )
}

async function found(text: string, narrowing = {}) {
  return (await reader.asks('library.search', { text, ...narrowing })).found
}

it('L-SEA-1: finds by stems, by the begin of the last word, by number and in the frozen record', async () => {
  const { number } = await made({
    title: 'Pollers stalled behind a kestrel',
    sections: [{ key: 'causes', body: 'The draining of hosts was never tested with a nightingale.' }],
  })
  for (const text of ['stalling poller', 'kestr', 'host drained nightingales', '"never tested"', 'heron'])
    expect(
      (await found(text)).map((one) => one.number),
      text,
    ).toContain(number)
  expect((await found(`PM-${String(number).padStart(4, '0')}`)).map((one) => one.number)).toContain(number)
  expect(await found('kestrel -pollers')).toEqual([])
  expect(await found('zebra')).toEqual([])
  expect(await found('the')).toEqual([])
})

it('L-SEA-2 L-SEA-3: the title weighs most, and what was searched for is marked where it stands', async () => {
  const low = await made({
    sections: [{ key: 'was-hard', body: 'Nobody knew the ibis by name, but the **ibis** knew us.' }],
  })
  const high = await made({ title: 'Ibis on the wire' })
  const hits = await found('ibis')
  expect(hits.map(({ number }) => number)).toEqual([high.number, low.number])
  expect(piecesOf(hits[0]?.titleSnippet ?? '').find(({ isHit }) => isHit)?.text).toBe('Ibis')
  expect(hits[1]?.section).toBe('was-hard')
  expect(piecesOf(hits[1]?.snippet ?? '').filter(({ isHit }) => isHit)).toHaveLength(2)
})

it('L-SEA-4: a saved text is found at once and an overwritten one no more', async () => {
  const { id } = await made()
  const save = (body: string, baseVersion: number) =>
    app.db.$transaction((tx) =>
      saveSection({
        tx,
        postmortemId: id,
        key: 'lucky',
        body,
        baseVersion,
        author: 'raj',
        now: app.clock.now(),
      }),
    )
  await save('A pelican was on call.', 0)
  expect(await found('pelican')).toHaveLength(1)
  await save('A cormorant was on call.', 1)
  expect(await found('pelican')).toHaveLength(0)
  expect(await found('cormorant')).toHaveLength(1)
})

it('a search is narrowed by severity, state, diagnosis, component and tag', async () => {
  await made({
    title: 'Narrow gull',
    severity: 'P2',
    leafIds: ['card-gone'],
    componentIds: ['api'],
    tags: ['eu'],
  })
  await made({ title: 'Narrow gull', isDrill: true })
  expect(await found('gull')).toHaveLength(1)
  expect(await found('gull', { drills: 'with' })).toHaveLength(2)
  expect(
    await found('gull', { severity: 'P2', leaf: 'card-gone', component: 'api', tag: 'eu' }),
  ).toHaveLength(1)
  for (const other of [
    { severity: 'P1' },
    { state: 'closed' },
    { leaf: 'x' },
    { component: 'x' },
    { tag: 'x' },
  ])
    expect(await found('gull', other)).toHaveLength(0)
})

it('L-SEA-5: what somebody may not know of is not found, not counted, not similar and not among the tags', async () => {
  const { ana, id: incidentId } = await declaredIn(app, { visibility: 'restricted', title: 'Quiet egret' })
  await made({ incidentId, title: 'Quiet egret', leafIds: ['secret-leaf'], tags: ['egret'] })
  await made({ title: 'Quiet egret', visibility: 'restricted', leafIds: ['secret-leaf'], createdBy: 'mei' })
  const open = await made({ title: 'Open stork', leafIds: ['secret-leaf'] })
  const answer = await reader.asks('library.search', { text: 'egret' })
  expect(answer).toMatchObject({ matching: 0, found: [] })
  expect((await ana.asks('library.search', { text: 'egret' })).matching).toBe(1)
  expect((await reader.asks('library.similar', { postmortemId: open.id })).alike).toEqual([])
  expect((await ana.asks('library.similar', { postmortemId: open.id })).alike).toHaveLength(1)
  expect(JSON.stringify(await reader.asks('library.tags', {}))).not.toContain('egret')
  await expect(reader.asks('library.similar', { incidentId })).rejects.toMatchObject({ code: 'not_found' })
})

it('L-SIM-1 L-SIM-4: similar ones are named with why, for a postmortem and for an incident that goes on', async () => {
  const past = await made({
    title: 'Training queue stalled behind dead pollers',
    leafIds: ['pollers-gone'],
    componentIds: ['training'],
  })
  await made({ title: 'Training queue stalled', leafIds: ['pollers-gone'], isDrill: true })
  const now = await made({ title: 'Another stalled queue: pollers dead', leafIds: ['pollers-gone'] })
  const { alike } = await reader.asks('library.similar', { postmortemId: now.id })
  expect(alike[0]?.number).toBe(past.number)
  expect(alike.every(({ isDrill }) => !isDrill)).toBe(true)
  expect(alike[0]?.reasons.map(({ kind }) => kind)).toEqual(['leaf', 'words'])
  const { id } = await declaredIn(app, { title: 'Pollers of the training queue are dead' })
  const going = await reader.asks('library.similar', { incidentId: id })
  expect(going.alike.map(({ number }) => number)).toContain(past.number)
})

it('L-TAG-2: tags raise the version before an approval and stand between approval and publication', async () => {
  const { id, number } = await made()
  await reader.does('library.setTags', { postmortemId: id, tags: ['GPU Fault', 'eu'] })
  expect(await reader.asks('postmortems.one', { number })).toMatchObject({
    tags: ['gpu-fault', 'eu'],
    version: 2,
  })
  expect(await found('gpu-fault', { tag: 'eu' })).toHaveLength(1)
  await app.db.postmortem.update({ where: { id }, data: { state: 'approved' } })
  await expect(reader.does('library.setTags', { postmortemId: id, tags: [] })).rejects.toMatchObject({
    code: 'conflict',
  })
  await app.db.postmortem.update({ where: { id }, data: { state: 'published' } })
  await reader.does('library.setTags', { postmortemId: id, tags: [] })
  expect(await reader.asks('postmortems.one', { number })).toMatchObject({ tags: [], version: 2 })
})
