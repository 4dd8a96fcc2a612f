import { z } from 'zod'
import { defineQuery, Encoded, type Scope } from '../operation'
import { sha256Hex } from '../platform/crypto'
import { AppError } from '../platform/errors'
import { postmortemId } from './commands-edit'
import { isCalled, threadsOf } from './comments'
import type { PostmortemRow } from './document-store'
import { type LintFinding, lint } from './lint'
import { loadItems } from './load-items'
import { loadTrees } from './load-trees'
import { type PostmortemRecord, postmortemName, type SectionKey } from './model'
import type { NodeFault } from './nodes'
import { isApprovedBy, reviewersOf } from './review'
import {
  insidersOf,
  type NodeRow,
  readCallingIds,
  readComments,
  readCommentsOf,
  readEvents,
  readEventsOf,
  readNodes,
  readSections,
} from './review-store'
import { postmortemSight } from './sight-queries'

const REVISIONS = 500
const WAITING = 200
const UNDER_REVIEW = ['in-review', 'changes-asked'] as const

async function seen({ console: { db }, actor }: Scope, id: string): Promise<PostmortemRow> {
  const row = await db.postmortem.findFirst({ where: { AND: [{ id }, postmortemSight(actor)] } })
  if (row === null) throw new AppError('not_found', 'There is no such postmortem.')
  return row
}

/** NodeView is a named question of the triage as the page shows it. */
export type NodeView = {
  readonly id: string
  readonly path: string
  readonly node: string
  readonly fault: NodeFault
  readonly text: string
  readonly by: string
  readonly atMs: number
  readonly proposalId: string | null
  readonly hasScenario: boolean
}

function nodeView({ at, fault, ...row }: NodeRow): NodeView {
  const { id, path, node, text, by, proposalId } = row
  return {
    id,
    path,
    node,
    text,
    by,
    proposalId,
    fault: fault as NodeFault,
    atMs: at.getTime(),
    hasScenario: row.scenario !== null,
  }
}

/** review gives how a document's review stands: reviewers, the ledger, findings of the linter, named questions of the triage. */
export const review = defineQuery({
  name: 'postmortems.review',
  summary:
    'Gives how a postmortem’s review stands: reviewers, its ledger, findings, and named questions of the triage.',
  permission: 'postmortems.read',
  input: z.strictObject({ id: postmortemId }),
  run: async (scope, { id }) => {
    const row = await seen(scope, id)
    const { db } = scope.console
    const [events, sections, { items, open }, insiders, nodes] = await Promise.all([
      readEvents(db, id),
      readSections(db, id),
      loadItems(db, row),
      insidersOf(db, row),
      readNodes(db, id),
    ])
    const reviewers = reviewersOf({ events, version: row.version })
    const { timeline } = row.record as PostmortemRecord
    const findings: readonly LintFinding[] = lint({ sections, timeline, severity: row.severity, items })
    return {
      version: row.version,
      reviewers,
      isApprovable: isApprovedBy(reviewers),
      events: events.map(({ byId: _id, ...event }) => event),
      findings,
      items,
      openItems: open,
      insiders: [...insiders].toSorted(),
      nodes: nodes.map(nodeView),
    }
  },
})

/** comments gives a document's threads, oldest first, and which of them call who asks. */
export const comments = defineQuery({
  name: 'postmortems.comments',
  summary: 'Gives the threads of comments on a postmortem, and which of them call who asks.',
  permission: 'postmortems.read',
  input: z.strictObject({ id: postmortemId }),
  run: async (scope, { id }) => {
    await seen(scope, id)
    const threads = threadsOf(await readComments(scope.console.db, id))
    const handle = scope.actor.kind === 'person' ? scope.actor.handle : ''
    return {
      threads,
      open: threads.filter(({ isOpen }) => isOpen).length,
      calling: threads.filter((thread) => isCalled(thread, handle)).map((thread) => thread.id),
    }
  },
})

/** called gives the documents in which an open thread calls who asks. */
export const called = defineQuery({
  name: 'postmortems.called',
  summary: 'Gives the postmortems whose open comments call who asks, and those whose review asks for them.',
  permission: 'postmortems.read',
  input: z.strictObject({}),
  run: async ({ console: { db }, actor }) => {
    if (actor.kind !== 'person') return { comments: [], reviews: [] }
    const naming = await readCallingIds(db, actor.handle)
    const rows = await db.postmortem.findMany({
      where: {
        AND: [
          postmortemSight(actor),
          { OR: [{ id: { in: [...naming] } }, { state: { in: [...UNDER_REVIEW] } }] },
        ],
        state: { not: 'closed' },
      },
      select: { id: true, number: true, title: true, version: true, state: true },
      orderBy: { updatedAt: 'desc' },
      take: WAITING,
    })
    const [comments, events] = await Promise.all([
      readCommentsOf(
        db,
        rows.filter(({ id }) => naming.has(id)).map(({ id }) => id),
      ),
      readEventsOf(
        db,
        rows.filter(({ state }) => UNDER_REVIEW.some((one) => one === state)).map(({ id }) => id),
      ),
    ])
    const isAsked = ({ id, version }: { readonly id: string; readonly version: number }): boolean =>
      reviewersOf({ events: events.get(id) ?? [], version }).some(
        ({ id: who, stand }) => who === actor.id && (stand === 'asked' || stand === 'approved-older'),
      )
    const head = ({ number, title }: { readonly number: number; readonly title: string }) => ({
      number,
      name: postmortemName(number),
      title,
    })
    return {
      comments: rows.flatMap((row) => {
        const count = threadsOf(comments.get(row.id) ?? []).filter((thread) =>
          isCalled(thread, actor.handle),
        ).length
        return count === 0 ? [] : [{ ...head(row), count }]
      }),
      reviews: rows.filter(isAsked).map(head),
    }
  },
})

/** history gives the revisions of a document's texts without their bodies, newest first, at most 500. */
export const history = defineQuery({
  name: 'postmortems.history',
  summary: 'Gives the revisions of a postmortem’s texts, newest first.',
  permission: 'postmortems.read',
  input: z.strictObject({ id: postmortemId, key: z.string().max(40).optional() }),
  run: async (scope, { id, key }) => {
    await seen(scope, id)
    const rows = await scope.console.db.postmortemRevision.findMany({
      where: { postmortemId: id, ...(key === undefined ? {} : { section: key }) },
      orderBy: { seq: 'desc' },
      take: REVISIONS,
      select: { seq: true, section: true, version: true, author: true, at: true },
    })
    return {
      revisions: rows.map(({ at, section, ...row }) => ({
        ...row,
        section: section as SectionKey,
        atMs: at.getTime(),
      })),
    }
  },
})

/** revision gives one text that a section held, and a text to compare it with: `against`, or the one that it replaced. */
export const revision = defineQuery({
  name: 'postmortems.revision',
  summary: 'Gives a text that a section of a postmortem held, and the text to compare it with.',
  permission: 'postmortems.read',
  input: z.strictObject({
    id: postmortemId,
    seq: z.int().min(1),
    /** against is the section's version to compare with, 0 for none; left out: the one before. */
    against: z.int().min(0).optional(),
  }),
  run: async (scope, { id, seq, against }) => {
    await seen(scope, id)
    const { db } = scope.console
    const found = await db.postmortemRevision.findUnique({
      where: { postmortemId_seq: { postmortemId: id, seq } },
    })
    if (found === null) throw new AppError('not_found', 'There is no such revision.')
    const before = await db.postmortemRevision.findFirst({
      where: { postmortemId: id, section: found.section, version: against ?? found.version - 1 },
    })
    return {
      seq,
      section: found.section as SectionKey,
      version: found.version,
      author: found.author,
      atMs: found.at.getTime(),
      body: found.body,
      before: before?.body ?? '',
    }
  },
})

/** trees gives the trees whose questions may be named, those that the incident's triage asked first. */
export const trees = defineQuery({
  name: 'postmortems.trees',
  summary: 'Gives the triage trees whose questions may be named in a postmortem, and those that were asked.',
  permission: 'postmortems.read',
  input: z.strictObject({ id: postmortemId }),
  run: async (scope, { id }) => {
    const row = await seen(scope, id)
    const { triage } = row.record as PostmortemRecord
    return {
      trees: await loadTrees(scope.console, scope.now),
      asked: triage.path.map(({ question }) => question),
      causes: triage.causes.map(({ leaf }) => leaf),
    }
  },
})

/** scenario gives the incident that is attached to a proposed runbook change, as a scenario file that replays. */
export const scenario = defineQuery({
  name: 'postmortems.scenario',
  summary:
    'Gives the incident that is attached to a proposed runbook change, as a scenario file that replays.',
  permission: 'postmortems.read',
  input: z.strictObject({ nodeId: z.uuid() }),
  run: async (scope, { nodeId }) => {
    const node = await scope.console.db.postmortemNode.findUnique({ where: { id: nodeId } })
    if (node === null || node.scenario === null) throw new AppError('not_found', 'No scenario is attached.')
    await seen(scope, node.postmortemId)
    return new Encoded({
      bytes: new TextEncoder().encode(node.scenario),
      contentType: 'application/yaml; charset=utf-8',
      etag: `"${sha256Hex(node.scenario)}"`,
      filename: `watchfloor-${node.scenarioName}.yaml`,
    })
  },
})

/** ofProposal gives the postmortem from which a runbook change was proposed, with the attached scenario; null for any other, and for one that may not be known of. */
export const ofProposal = defineQuery({
  name: 'postmortems.ofProposal',
  summary:
    'Gives the postmortem from which a runbook change was proposed, and whether a scenario is attached.',
  permission: 'postmortems.read',
  input: z.strictObject({ proposalId: z.uuid() }),
  run: async ({ console: { db }, actor }, { proposalId }) => {
    const node = await db.postmortemNode.findUnique({ where: { proposalId } })
    const row =
      node === null
        ? null
        : await db.postmortem.findFirst({
            where: { AND: [{ id: node.postmortemId }, postmortemSight(actor)] },
          })
    if (node === null || row === null) return { source: null }
    const { incident } = (row.record as PostmortemRecord).meta
    return {
      source: {
        number: row.number,
        name: postmortemName(row.number),
        title: row.title,
        incident,
        incidentId: row.incidentId,
        node: nodeView(node),
      },
    }
  },
})
