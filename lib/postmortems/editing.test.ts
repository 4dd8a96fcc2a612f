import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Somebody, somebodyIn } from '../access/testing/somebody'
import type { AppError } from '../platform/errors'
import { testConsole } from '../platform/testing/database'
import { CHECKLIST, type ChecklistKey } from './review'
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

const checklist = CHECKLIST.map(({ key }) => key) as ChecklistKey[]

const drafted = (changes: { readonly incidentId?: string } = {}): Promise<string> =>
  draftedIn(app, { by: ana, also: raj, ...changes })

async function refused(deed: Promise<unknown>): Promise<AppError> {
  return deed.then(
    () => {
      throw new Error('it went through')
    },
    (error: AppError) => error,
  )
}

async function stateOf(id: string): Promise<string> {
  const { state, approvedVersion } = await app.db.postmortem.findUniqueOrThrow({ where: { id } })
  return `${state} ${approvedVersion}`
}

const read = { summary: 1, impact: 1, causes: 1, resolution: 1 }
const approval = (id: string, version: number) => ({ id, version, read, checklist, text: '' })

async function approvedDocument(): Promise<string> {
  const id = await drafted()
  await ana.does('postmortems.askReview', { id, reviewerIds: [mei.id] })
  await mei.does('postmortems.approve', approval(id, 1))
  return id
}

describe('writing together', () => {
  test('PM-EDT-01 the second of two who write over one version gets both texts, and nothing is overwritten', async () => {
    const id = await drafted()
    const given = { id, key: 'causes', baseVersion: 1 } as const
    await ana.does('postmortems.saveSection', { ...given, body: 'Ana’s words.' })
    const error = await refused(mei.does('postmortems.saveSection', { ...given, body: 'Mei’s words.' }))
    expect(error.code).toBe('conflict')
    expect(error.current).toMatchObject({
      theirs: 'Ana’s words.',
      yours: 'Mei’s words.',
      by: ana.handle,
      version: 2,
    })
    await mei.does('postmortems.saveSection', { id, key: 'lucky', baseVersion: 0, body: 'Another section.' })
    const stored = await app.db.postmortemSection.findMany({
      where: { postmortemId: id, key: { in: ['causes', 'lucky'] } },
    })
    expect(stored.map(({ body }) => body).toSorted()).toEqual(['Ana’s words.', 'Another section.'])
  })

  test('PM-EDT-02 what a section held can be read, compared and written again', async () => {
    const id = await drafted()
    for (const [baseVersion, body] of ['One.', 'Two.'].entries())
      await ana.does('postmortems.saveSection', { id, key: 'lucky', baseVersion, body })
    const { revisions } = await ana.asks('postmortems.history', { id, key: 'lucky' })
    expect(revisions.map(({ version, author }) => `${version} ${author}`)).toEqual([
      `2 ${ana.handle}`,
      `1 ${ana.handle}`,
    ])
    const seq = revisions[0]?.seq ?? 0
    expect(await ana.asks('postmortems.revision', { id, seq })).toMatchObject({
      body: 'Two.',
      before: 'One.',
    })
    expect(await ana.asks('postmortems.revision', { id, seq, against: 0 })).toMatchObject({ before: '' })
    await ana.does('postmortems.saveSection', { id, key: 'lucky', baseVersion: 2, body: 'One.' })
    expect((await ana.asks('postmortems.history', { id, key: 'lucky' })).revisions).toHaveLength(3)
  })

  test('PM-EDT-03 a change after the approval takes it away, a change of nothing does not', async () => {
    const id = await approvedDocument()
    await ana.does('postmortems.saveSection', { id, key: 'causes', baseVersion: 1, body: 'Written.' })
    expect(await stateOf(id)).toBe('approved 1')
    await ana.does('postmortems.saveSection', { id, key: 'causes', baseVersion: 1, body: 'Changed.' })
    expect(await stateOf(id)).toBe('in-review null')
    const { reviewers } = await ana.asks('postmortems.review', { id })
    expect(reviewers.map(({ stand }) => stand)).toEqual(['approved-older'])
  })

  test('PM-EDT-03 a published document is not changed', async () => {
    const id = await approvedDocument()
    await ana.does('postmortems.publish', { id, version: 1 })
    const error = await refused(
      ana.does('postmortems.saveSection', { id, key: 'causes', baseVersion: 1, body: 'x' }),
    )
    expect(error.code).toBe('conflict')
  })

  test('what looks like a secret is masked on its way into a text and into a remark', async () => {
    const id = await drafted()
    const secret = `xoxb-${'1'.repeat(12)}-${'a'.repeat(24)}`
    const saved = await ana.does('postmortems.saveSection', {
      id,
      key: 'lucky',
      baseVersion: 0,
      body: `so ${secret}`,
    })
    expect(saved.body).not.toContain(secret)
    await ana.does('postmortems.addComment', { id, section: 'lucky', text: `see ${secret}` })
    expect(JSON.stringify(await ana.asks('postmortems.comments', { id }))).not.toContain(secret)
  })
})

describe('remarks', () => {
  test('PM-COM-03 who is named is called until they answer, and told where', async () => {
    const id = await drafted()
    const added = await mei.does('postmortems.addComment', {
      id,
      section: 'impact',
      quote: 'Written',
      text: `How many? @${ana.handle} @nobody-here`,
    })
    expect(added).toMatchObject({ called: [ana.handle], unknown: ['nobody-here'] })
    const calling = async (who: Somebody) => (await who.asks('postmortems.comments', { id })).calling
    expect([await calling(ana), await calling(mei)]).toEqual([[added.commentId], []])
    expect((await ana.asks('postmortems.called', {})).comments.some(({ count }) => count === 1)).toBe(true)
    await ana.does('postmortems.addComment', {
      id,
      section: 'lucky',
      threadId: added.commentId,
      text: 'Nineteen.',
    })
    expect(await calling(ana)).toEqual([])
    const { threads } = await mei.asks('postmortems.comments', { id })
    expect(threads).toMatchObject([
      { section: 'impact', isOpen: true, comments: [{ by: mei.handle }, { section: 'impact' }] },
    ])
    await mei.does('postmortems.settleThread', { id, threadId: added.commentId, isSettled: true })
    expect((await mei.asks('postmortems.comments', { id })).open).toBe(0)
  })
})

describe('review', () => {
  test('PM-REV-02 reviewers who all responded or wrote are refused', async () => {
    const id = await drafted()
    const error = await refused(ana.does('postmortems.askReview', { id, reviewerIds: [ana.id, raj.id] }))
    expect(error.code).toBe('invalid')
    expect(await ana.does('postmortems.askReview', { id, reviewerIds: [raj.id, mei.id] })).toMatchObject({
      state: 'in-review',
    })
    expect((await mei.asks('postmortems.called', {})).reviews.length).toBeGreaterThan(0)
  })

  test('PM-REV-03 an approval of an old version is refused and shows each text as it was and as it is', async () => {
    const id = await drafted()
    await ana.does('postmortems.askReview', { id, reviewerIds: [mei.id] })
    await ana.does('postmortems.saveSection', { id, key: 'causes', baseVersion: 1, body: 'Changed.' })
    const error = await refused(mei.does('postmortems.approve', approval(id, 1)))
    expect(error.code).toBe('conflict')
    expect(error.current).toEqual({
      version: 2,
      changes: [{ key: 'causes', before: 'Written.', after: 'Changed.' }],
    })
    expect(await stateOf(id)).toBe('in-review null')
  })

  test('PM-REV-11 one point of the checklist ticked many times is not the whole checklist', async () => {
    const id = await drafted()
    await ana.does('postmortems.askReview', { id, reviewerIds: [mei.id] })
    const often = checklist.map(() => checklist[0] ?? '')
    const error = await refused(
      mei.does('postmortems.approve', { ...approval(id, 1), checklist: often as ChecklistKey[] }),
    )
    expect(error).toMatchObject({ code: 'invalid', issues: [{ path: 'checklist' }] })
  })

  test('PM-REV-04 somebody who responded approves and it does not suffice', async () => {
    const id = await drafted()
    await ana.does('postmortems.askReview', { id, reviewerIds: [mei.id, raj.id] })
    expect(await raj.does('postmortems.approve', approval(id, 1))).toMatchObject({ state: 'in-review' })
    expect(await mei.does('postmortems.approve', approval(id, 1))).toMatchObject({ state: 'approved' })
  })

  test('PM-REV-08 PM-REV-09 from changes asked to published, closed and opened again', async () => {
    const id = await drafted()
    await ana.does('postmortems.askReview', { id, reviewerIds: [mei.id] })
    await mei.does('postmortems.askChanges', { id, version: 1, read, text: 'More on causes.' })
    expect(await stateOf(id)).toBe('changes-asked null')
    await ana.does('postmortems.saveSection', { id, key: 'causes', baseVersion: 1, body: '' })
    await ana.does('postmortems.askReview', { id, reviewerIds: [mei.id] })
    await mei.does('postmortems.approve', { ...approval(id, 2), read: { ...read, causes: 2 } })
    expect(await stateOf(id)).toBe('approved 2')
    expect((await refused(ana.does('postmortems.publish', { id, version: 2 }))).code).toBe('invalid')
    await ana.does('postmortems.saveSection', { id, key: 'causes', baseVersion: 2, body: 'Three things.' })
    await mei.does('postmortems.approve', { ...approval(id, 3), read: { ...read, causes: 3 } })
    await ana.does('postmortems.publish', { id, version: 3 })
    await ana.does('postmortems.close', { id })
    expect(await stateOf(id)).toBe('closed 3')
    await ana.does('postmortems.reopen', { id, reason: 'The vendor answered.' })
    expect(await stateOf(id)).toBe('draft null')
    const { events } = await ana.asks('postmortems.review', { id })
    expect(events.map(({ deed }) => deed).join(' ')).toBe(
      'ask ask-changes ask approve edit approve publish close reopen',
    )
  })

  test('PM-REV-08 a document that was changed behind the review is not published', async () => {
    const id = await approvedDocument()
    await app.db.postmortem.update({ where: { id }, data: { title: 'Another one' } })
    expect((await refused(ana.does('postmortems.publish', { id, version: 1 }))).message).toContain(
      'not the text',
    )
  })

  test('PM-REV-11 who approves has gone through the whole checklist', async () => {
    const id = await drafted()
    await ana.does('postmortems.askReview', { id, reviewerIds: [mei.id] })
    const error = await refused(
      mei.does('postmortems.approve', { ...approval(id, 1), checklist: ['detail'] }),
    )
    expect(error.issues?.[0]?.path).toBe('checklist')
  })

  test('PM-REV-12 in a restricted incident only those are asked who may know of it', async () => {
    const declared = await ana.does('incidents.declare', {
      title: 'Quiet',
      severity: 'P2',
      visibility: 'restricted',
      named: [],
    })
    const id = await drafted({ incidentId: declared.id })
    const error = await refused(ana.does('postmortems.askReview', { id, reviewerIds: [mei.id] }))
    expect(error.message).toContain(`@${mei.handle}`)
    expect((await refused(mei.asks('postmortems.review', { id }))).code).toBe('not_found')
  })
})

describe('which question was wrong', () => {
  const path = 'triage/trunk.yaml'

  test('PM-NOD-01 PM-NOD-02 a named question becomes one proposed change', async () => {
    const id = await drafted()
    const { trees } = await ana.asks('postmortems.trees', { id })
    const tree = trees.find(({ nodes }) => nodes.some((node) => node.id === 'recent-change')) ?? {
      path,
      nodes: [],
    }
    const named = { id, path: tree.path, fault: 'slow' as const, text: 'Ask it before the probes.' }
    expect((await refused(ana.does('postmortems.nameNode', { ...named, node: 'not-there' }))).code).toBe(
      'invalid',
    )
    const { nodeId } = await ana.does('postmortems.nameNode', { ...named, node: 'recent-change' })
    const slug = tree.path.replace(/\.ya?ml$/, '')
    const file = await ana.asks('runbooks.file', { slug })
    const text = `${file.text}\n# the question comes first`
    const { proposalId, hasScenario } = await ana.does('postmortems.proposeChange', {
      id,
      nodeId,
      path: tree.path,
      text,
      baseHash: file.textHash,
    })
    expect(hasScenario).toBe(false)
    const proposal = await ana.asks('runbooks.proposal', { id: proposalId })
    expect(proposal.why).toMatch(/^PM-\d{4}: recent-change was slow\. Ask it before the probes\.$/)
    const again = { id, nodeId, path: tree.path, text, baseHash: file.textHash }
    expect((await refused(ana.does('postmortems.proposeChange', again))).code).toBe('conflict')
    expect((await refused(ana.does('postmortems.dropNode', { id, nodeId }))).code).toBe('conflict')
    expect((await mei.asks('postmortems.ofProposal', { proposalId })).source?.node.node).toBe('recent-change')
  })

  test('PM-NOD-03 of a restricted incident the proposal tells the question alone', async () => {
    const declared = await ana.does('incidents.declare', {
      title: 'Quiet',
      severity: 'P2',
      visibility: 'restricted',
      named: [],
    })
    const id = await drafted({ incidentId: declared.id })
    const { trees } = await ana.asks('postmortems.trees', { id })
    const tree = trees.find(({ nodes }) => nodes.some((node) => node.id === 'recent-change')) ?? {
      path,
      nodes: [],
    }
    const named = {
      id,
      path: tree.path,
      node: 'recent-change',
      fault: 'wrong' as const,
      text: 'A quiet word.',
    }
    const { nodeId } = await ana.does('postmortems.nameNode', named)
    const file = await ana.asks('runbooks.file', { slug: tree.path.replace(/\.ya?ml$/, '') })
    const { proposalId } = await ana.does('postmortems.proposeChange', {
      id,
      nodeId,
      path: tree.path,
      text: `${file.text}\n# quiet`,
      baseHash: file.textHash,
    })
    expect((await mei.asks('runbooks.proposal', { id: proposalId })).why).not.toContain('quiet word')
    expect((await mei.asks('postmortems.ofProposal', { proposalId })).source).toBeNull()
  })
})
