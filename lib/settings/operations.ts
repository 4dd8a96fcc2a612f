import { z } from 'zod'
import { ordersKeyPlace } from '../actions/executors/orders'
import { defineCommand, defineQuery } from '../operation'
import { randomToken, sha256Hex } from '../platform/crypto'
import { AppError } from '../platform/errors'
import { rememberSecret } from '../platform/redact'
import type { TestVerdict } from '../sources/source'
import { SOURCE_IDS, SOURCE_SCHEMAS, SOURCE_WORDS, type SourceId } from './sources'
import { readRawSources } from './store'

const sourceId = z.enum([
  'vast',
  'prometheus',
  'alertmanager',
  'temporal',
  'services',
  'kubernetes',
  'statuspage',
])

/** sourcesList tells what is connected, from where its settings come and whether a secret is held; never the secret. */
const sourcesList = defineQuery({
  name: 'sources.list',
  summary: 'Tells what is connected, from where its settings come and whether a secret is held.',
  permission: 'sources.read',
  input: z.strictObject({}),
  run: async ({ console }) => {
    const raw = await readRawSources(console)
    return SOURCE_IDS.map((id) => {
      const entry = raw[id]
      const off = entry?.value !== null && typeof entry?.value === 'object' && 'off' in entry.value
      return {
        id,
        ...SOURCE_WORDS[id],
        connected: entry !== undefined && !off,
        origin: entry?.origin ?? null,
        version: entry?.version ?? 0,
        hasSecret: entry?.secret !== undefined,
        settings: (entry && !off ? entry.value : null) as Readonly<Record<string, unknown>> | null,
      }
    })
  },
})

function parseSettings(id: SourceId, settings: unknown): object {
  const parsed = SOURCE_SCHEMAS[id].safeParse(settings)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map((issue) => ({
    path: `settings.${issue.path.join('.')}`,
    message: issue.message,
  }))
  throw new AppError('invalid', 'The settings do not fit.', { issues })
}

/** sourcesConfigure sets or removes (`settings: null`) a source; a secret left out keeps the one held. */
const sourcesConfigure = defineCommand({
  name: 'sources.configure',
  summary: 'Sets or removes (settings: null) a source.',
  permission: 'sources.configure',
  input: z.strictObject({
    id: sourceId,
    settings: z.record(z.string(), z.unknown()).nullable(),
    secret: z.string().trim().min(1).max(4_000).optional(),
    version: z.number().int().min(0),
  }),
  run: async ({ console, tx, actor, now }, input) => {
    const key = `source:${input.id}`
    const value = input.settings === null ? { off: true } : parseSettings(input.id, input.settings)
    rememberSecret(input.secret)
    const before = await tx.setting.findUnique({ where: { key } })
    if ((before?.version ?? 0) !== input.version) {
      throw new AppError('conflict', 'Someone changed this source meanwhile.', { current: before?.value })
    }
    const heldByEnvironment = (await readRawSources(console))[input.id]?.secret
    const sealed = input.secret
      ? console.seal.seal(input.secret, `setting|${key}|sealed`)
      : (before?.sealed ??
        (heldByEnvironment ? console.seal.seal(heldByEnvironment, `setting|${key}|sealed`) : null))
    const updatedBy = actor.kind === 'person' ? actor.id : actor.id
    const data = {
      value,
      sealed: input.settings === null ? null : sealed,
      version: input.version + 1,
      updatedAt: now,
      updatedBy,
    }
    await tx.setting.upsert({ where: { key }, create: { key, ...data }, update: data })
    return {
      result: { id: input.id, version: input.version + 1 },
      audit: { subject: key, detail: { settings: value, secretChanged: input.secret !== undefined } },
      touched: [{ topic: 'sources', ref: input.id }],
    }
  },
})

/** sourcesTest looks at the source now, with the given settings or the stored ones, and says plainly what came back. */
const sourcesTest = defineCommand({
  name: 'sources.test',
  summary:
    'Looks at the source now, with the given settings or the stored ones, and says plainly what came back.',
  permission: 'sources.test',
  input: z.strictObject({
    id: sourceId,
    settings: z.record(z.string(), z.unknown()).optional(),
    secret: z.string().trim().max(4_000).optional(),
  }),
  before: async ({ console }, input): Promise<TestVerdict> => {
    const held = (await readRawSources(console))[input.id]
    const settings = input.settings ? parseSettings(input.id, input.settings) : held?.value
    if (settings === undefined)
      return { ok: false, sentence: 'This source is not connected.', repair: 'Fill in its address first.' }
    return console.testSource(input.id, settings, input.secret ?? held?.secret)
  },
  run: async ({ before }, input) => ({
    result: before,
    audit: { subject: `source:${input.id}`, detail: { ok: before.ok, sentence: before.sentence } },
    touched: [],
  }),
})

/** agentsList gives every issued token's instance and the arrival of its newest report. */
const agentsList = defineQuery({
  name: 'agents.list',
  summary: "Gives every issued token's instance and the arrival of its newest report.",
  permission: 'agents.read',
  input: z.strictObject({}),
  run: async ({ console }) => {
    const tokens = await console.db.agentToken.findMany({ orderBy: { issuedAt: 'desc' }, take: 5_000 })
    const reports = await console.db.agentReport.findMany({ select: { instanceId: true, receivedAt: true } })
    const seen = new Map(reports.map((report) => [report.instanceId, report.receivedAt]))
    return tokens.map((token) => ({
      instanceId: token.instanceId,
      issuedAt: token.issuedAt,
      issuedBy: token.issuedBy,
      revokedAt: token.revokedAt,
      orders: token.ordersAt === null ? null : { since: token.ordersAt, by: token.ordersBy ?? '' },
      lastReportAt: seen.get(token.instanceId) ?? null,
    }))
  },
})

const instanceId = z.string().regex(/^[\w.-]{1,64}$/, 'letters, digits, dot, hyphen, underscore')

const ORDERS_OFF = { ordersKey: null, ordersBy: null, ordersAt: null }

/** agentsIssueToken makes a new token for an instance, ending an older one; the token is shown this once. */
const agentsIssueToken = defineCommand({
  name: 'agents.issueToken',
  summary: 'Makes a new token for an instance, ending an older one.',
  permission: 'agents.manage',
  input: z.strictObject({ instanceId }),
  run: async ({ console, tx, actor, now }, input) => {
    const token = `wfa_${randomToken()}`
    const data = {
      tokenHash: sha256Hex(token),
      issuedAt: now,
      issuedBy: actor.id,
      revokedAt: null,
      ...ORDERS_OFF,
    }
    await tx.agentToken.upsert({
      where: { instanceId: input.instanceId },
      create: { ...input, ...data },
      update: data,
    })
    const base = console.env.WATCHFLOOR_PUBLIC_URL ?? console.env.NEXTAUTH_URL
    const answer = (shown: string) => ({
      instanceId: input.instanceId,
      token: shown,
      install: `curl -fsSL ${base}/agent/install.sh | WATCHFLOOR_TOKEN=${shown} bash -s -- --url ${base} --instance ${input.instanceId}`,
    })
    return {
      result: answer(token),
      replay: answer('shown-once'),
      audit: { subject: `agent:${input.instanceId}`, detail: {} },
      touched: [{ topic: 'agents', ref: input.instanceId }],
    }
  },
})

/** agentsRevokeToken ends an instance's token: its next report is refused. */
const agentsRevokeToken = defineCommand({
  name: 'agents.revokeToken',
  summary: "Ends an instance's token: its next report is refused.",
  permission: 'agents.manage',
  input: z.strictObject({ instanceId }),
  run: async ({ tx, now }, input) => {
    const changed = await tx.agentToken.updateMany({
      where: { instanceId: input.instanceId, revokedAt: null },
      data: { revokedAt: now, ...ORDERS_OFF },
    })
    if (changed.count === 0) throw new AppError('not_found', 'There is no token in force for this instance.')
    return {
      result: { instanceId: input.instanceId },
      audit: { subject: `agent:${input.instanceId}`, detail: {} },
      touched: [{ topic: 'agents', ref: input.instanceId }],
    }
  },
})

/**
 * agentsAllowOrders makes the key that signs orders for an instance, shown this once: until it stands in the orders file
 * of the instance, and that file allows something, its agent carries out nothing.
 */
const agentsAllowOrders = defineCommand({
  name: 'agents.allowOrders',
  summary: 'Turns orders on for one instance and gives the key for its orders file, once.',
  permission: 'agents.manage',
  input: z.strictObject({ instanceId }),
  run: async ({ console, tx, actor, now }, input) => {
    const key = `wfo_${randomToken()}`
    rememberSecret(key)
    const changed = await tx.agentToken.updateMany({
      where: { instanceId: input.instanceId, revokedAt: null },
      data: {
        ordersKey: console.seal.seal(key, ordersKeyPlace(input.instanceId)),
        ordersBy: actor.kind === 'person' ? actor.handle : actor.id,
        ordersAt: now,
      },
    })
    if (changed.count === 0) throw new AppError('not_found', 'There is no token in force for this instance.')
    return {
      result: { instanceId: input.instanceId, key },
      replay: { instanceId: input.instanceId, key: 'shown-once' },
      audit: { subject: `agent:${input.instanceId}`, detail: { orders: 'on' } },
      touched: [{ topic: 'agents', ref: input.instanceId }],
    }
  },
})

/** agentsEndOrders turns orders off for an instance: what waits is not handed out any more. */
const agentsEndOrders = defineCommand({
  name: 'agents.endOrders',
  summary: 'Turns orders off for one instance; what waits is not handed out any more.',
  permission: 'agents.manage',
  input: z.strictObject({ instanceId }),
  run: async ({ tx }, input) => {
    const changed = await tx.agentToken.updateMany({
      where: { instanceId: input.instanceId, ordersKey: { not: null } },
      data: ORDERS_OFF,
    })
    if (changed.count === 0) throw new AppError('not_found', 'Orders are off for this instance already.')
    return {
      result: { instanceId: input.instanceId },
      audit: { subject: `agent:${input.instanceId}`, detail: { orders: 'off' } },
      touched: [{ topic: 'agents', ref: input.instanceId }],
    }
  },
})

/** settingsOperations are the commands and queries of connections: sources and agents. */
export const settingsOperations = [
  sourcesList,
  sourcesConfigure,
  sourcesTest,
  agentsList,
  agentsIssueToken,
  agentsRevokeToken,
  agentsAllowOrders,
  agentsEndOrders,
] as const
