import { createHash } from 'node:crypto'
import { z } from 'zod'
import { defineQuery, Encoded, type Scope } from '../operation'
import type { Db } from '../platform/db'
import { inventoryOf } from '../publications/queries-inventory'
import { documentSchema } from './document-schema'
import { findPostmortem } from './document-store'
import { documentOf, markdownOf } from './export'
import { publicOf } from './export-public'
import type { PostmortemDocument } from './model'
import { viewOf } from './queries'

async function itemsOf(
  db: Db,
  postmortem: { readonly id: string; readonly incidentId: string | null },
): Promise<PostmortemDocument['actionItems']> {
  const rows = await db.actionItem.findMany({
    where: {
      OR: [
        { postmortemId: postmortem.id },
        ...(postmortem.incidentId === null ? [] : [{ incidentId: postmortem.incidentId }]),
      ],
    },
    orderBy: { number: 'asc' },
    take: 500,
  })
  const owners = await db.person.findMany({
    where: { id: { in: rows.flatMap(({ ownerId }) => (ownerId === null ? [] : [ownerId])) } },
    select: { id: true, handle: true },
  })
  return rows.map((row) => ({
    title: row.title,
    kind: row.kind as PostmortemDocument['actionItems'][number]['kind'],
    owner: owners.find(({ id }) => id === row.ownerId)?.handle ?? null,
    dueOn: row.dueOn?.toISOString().slice(0, 10) ?? null,
    doneWhen: row.doneWhen,
    state: row.state as PostmortemDocument['actionItems'][number]['state'],
    evidence: row.evidence,
    externalUrl: row.externalUrl,
  }))
}

async function documentFor({ console: { db }, actor }: Scope, number: number): Promise<PostmortemDocument> {
  const row = await findPostmortem(db, actor, number)
  const [view, items] = await Promise.all([viewOf(db, row), itemsOf(db, row)])
  return documentOf(view, items)
}

function encoded(text: string, contentType: string, filename: string): Encoded {
  const bytes = Buffer.from(text)
  const etag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`
  return new Encoded({ bytes, contentType, etag, filename })
}

/** exportOne gives a whole postmortem as a file: JSON by the published schema, or Markdown. */
export const exportOne = defineQuery({
  name: 'postmortems.export',
  summary: 'Gives a whole postmortem as a file: JSON by the published schema, or Markdown.',
  permission: 'postmortems.read',
  input: z.strictObject({ number: z.int().min(1), format: z.enum(['json', 'markdown']).default('json') }),
  run: async (scope, { number, format }) => {
    const document = await documentFor(scope, number)
    const name = document.name.toLowerCase()
    return format === 'json'
      ? encoded(`${JSON.stringify(document, null, 2)}\n`, 'application/json', `${name}.json`)
      : encoded(markdownOf(document), 'text/markdown; charset=utf-8', `${name}.md`)
  },
})

/** publicVersion gives what customers may read of a postmortem, and what the linter of public texts left out, with why. */
export const publicVersion = defineQuery({
  name: 'postmortems.publicVersion',
  summary: 'Gives what customers may read of a postmortem, and what was left out of it, with why.',
  permission: 'postmortems.read',
  input: z.strictObject({ number: z.int().min(1) }),
  run: async (scope, { number }) => {
    const { env, db } = scope.console
    const document = await documentFor(scope, number)
    const hosts = [env.NEXTAUTH_URL, env.WATCHFLOOR_PUBLIC_URL, env.PROMETHEUS_URL]
    const internalLinkHosts = hosts.flatMap((url) => (url === undefined ? [] : [new URL(url).host]))
    return publicOf(document, { inventory: await inventoryOf(db), internalLinkHosts, now: scope.now })
  },
})

/** schema gives the JSON Schema (draft 2020-12) that exported files fit and imported ones must fit. */
export const schema = defineQuery({
  name: 'postmortems.schema',
  summary: 'Gives the JSON Schema that exported postmortems fit and imported ones must fit.',
  permission: 'postmortems.read',
  input: z.strictObject({}),
  run: async () =>
    encoded(
      `${JSON.stringify(z.toJSONSchema(documentSchema), null, 2)}\n`,
      'application/schema+json',
      'postmortem.schema.json',
    ),
})
