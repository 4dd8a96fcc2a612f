import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { recordingOf } from '../drills/queries-export'
import { recordedYaml } from '../drills/record'
import { line } from '../incidents/text'
import { defineCommand } from '../operation'
import type { Tx } from '../platform/db'
import { AppError } from '../platform/errors'
import { judgeProposal, keepProposal, proposalInput } from '../runbooks/commands'
import { personIn, postmortemId, subjectOf } from './commands-edit'
import { lockPostmortem, type PostmortemRow } from './document-store'
import { loadTrees } from './load-trees'
import { postmortemName } from './model'
import { NODE_FAULTS } from './nodes'
import type { NodeRow } from './review-store'

/** nameNode says which question of the triage was wrong, missing or slow in this incident. */
export const nameNode = defineCommand({
  name: 'postmortems.nameNode',
  summary: 'Says which question of the triage was wrong, missing or slow in the incident of a postmortem.',
  permission: 'postmortems.edit',
  input: z.strictObject({
    id: postmortemId,
    path: z.string().min(1).max(200),
    /** node is a question or diagnosis of that tree; for one that is missing, the one after which it belongs. */
    node: z.string().min(1).max(120),
    fault: z.enum(NODE_FAULTS),
    text: line(500, 'say what it should do'),
  }),
  before: async ({ console, now }, input) => {
    const tree = (await loadTrees(console, now)).find(({ path }) => path === input.path)
    if (!tree?.nodes.some(({ id }) => id === input.node))
      throw new AppError('invalid', `There is no question ${input.node} in ${input.path}.`, {
        issues: [{ path: 'node', message: 'is not in this tree' }],
      })
    return undefined
  },
  run: async (scope, { id, path, node, fault, text }) => {
    const { tx, actor, now } = scope
    const by = personIn(actor).handle
    const row = await lockPostmortem(scope, id)
    const nodeId = randomUUID()
    await tx.postmortemNode.create({
      data: { id: nodeId, postmortemId: id, path, node, fault, text, by, at: now },
    })
    return {
      result: { nodeId },
      audit: {
        subject: subjectOf(row),
        detail: { postmortem: id, node: nodeId, path, question: node, fault, text },
      },
      touched: [{ topic: 'postmortems', ref: id }],
    }
  },
})

async function nodeIn(tx: Tx, id: string, nodeId: string): Promise<NodeRow> {
  const node = await tx.postmortemNode.findFirst({ where: { id: nodeId, postmortemId: id, droppedBy: '' } })
  if (node === null) throw new AppError('not_found', 'There is no such question named here.')
  if (node.proposalId !== null)
    throw new AppError('conflict', 'A change is proposed for it already.', {
      current: { proposalId: node.proposalId },
    })
  return node
}

/** dropNode takes a named question back, as long as nothing is proposed for it. */
export const dropNode = defineCommand({
  name: 'postmortems.dropNode',
  summary:
    'Takes back that a question of the triage was wrong, missing or slow, while nothing is proposed for it.',
  permission: 'postmortems.edit',
  input: z.strictObject({ id: postmortemId, nodeId: z.uuid() }),
  run: async (scope, { id, nodeId }) => {
    const row = await lockPostmortem(scope, id)
    await nodeIn(scope.tx, id, nodeId)
    const droppedBy = personIn(scope.actor).handle
    await scope.tx.postmortemNode.update({ where: { id: nodeId }, data: { droppedBy } })
    return {
      result: { nodeId },
      audit: { subject: subjectOf(row), detail: { postmortem: id, node: nodeId } },
      touched: [{ topic: 'postmortems', ref: id }],
    }
  },
})

type Incident = Awaited<ReturnType<typeof incidentOf>>

async function incidentOf(tx: Tx, { incidentId }: PostmortemRow) {
  return incidentId === null ? null : tx.incident.findUnique({ where: { id: incidentId } })
}

/** Without a kept triage there is nothing to replay; the proposal then stands without a scenario and says so. */
async function scenarioOf(
  tx: Tx,
  incident: Incident,
): Promise<{ readonly scenario: string | null; readonly scenarioName: string }> {
  if (incident === null) return { scenario: null, scenarioName: '' }
  try {
    const recorded = await recordingOf(tx, incident)
    return { scenario: recordedYaml(recorded), scenarioName: recorded.id }
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return { scenario: null, scenarioName: '' }
    throw error
  }
}

/** Whoever reads runbooks may not know of a restricted incident: only the question is named then. */
function reasonOf(row: PostmortemRow, node: NodeRow, incident: Incident): string {
  const head = `${postmortemName(row.number)}: ${node.node} was ${node.fault}.`
  const isOpen = (incident?.visibility ?? row.visibility) !== 'restricted'
  return (isOpen ? `${head} ${node.text}` : head).slice(0, 500)
}

/** proposeChange proposes a runbook that does better at a named question, with the incident attached as a scenario. */
export const proposeChange = defineCommand({
  name: 'postmortems.proposeChange',
  summary:
    'Proposes a changed runbook for a named question, with the incident attached as a scenario that replays.',
  permission: 'runbooks.edit',
  input: z.strictObject({
    id: postmortemId,
    nodeId: z.uuid(),
    path: proposalInput.path,
    text: proposalInput.text,
    baseHash: proposalInput.baseHash,
  }),
  output: z.object({ proposalId: z.uuid(), hasScenario: z.boolean() }),
  before: (scope, input) => judgeProposal(scope, { ...input, kind: 'edit', why: '' }),
  run: async (scope, { id, nodeId, path, text, baseHash }) => {
    const { tx, now } = scope
    const row = await lockPostmortem(scope, id)
    const node = await nodeIn(tx, id, nodeId)
    if (node.path !== path) throw new AppError('invalid', `The question stands in ${node.path}.`)
    const incident = await incidentOf(tx, row)
    const why = reasonOf(row, node, incident)
    const kept = await keepProposal(scope, { path, kind: 'edit', text, baseHash, why }, scope.before)
    const attached = await scenarioOf(tx, incident)
    await tx.postmortemNode.update({
      where: { id: nodeId },
      data: { proposalId: kept.id, proposedAt: now, ...attached },
    })
    return {
      result: { proposalId: kept.id, hasScenario: attached.scenario !== null },
      audit: {
        subject: `runbook:${path}`,
        detail: { ...kept.detail, postmortem: id, node: nodeId, scenario: attached.scenario !== null },
      },
      touched: [
        { topic: 'runbooks', ref: path },
        { topic: 'postmortems', ref: id },
      ],
    }
  },
})
