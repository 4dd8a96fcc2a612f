import { z } from 'zod'
import { withinSight } from '../access/sight'
import { list as listItems } from '../action-items/queries'
import { SEVERITIES } from '../incidents/model'
import { defineQuery } from '../operation'
import type { Db } from '../platform/db'
import { factOf } from './facts'
import { readFacts } from './facts-store'
import { type Cut, cutsOf, figureOf, heatOf, isZone, keysOf, promisesOf } from './figures'
import { type Fact, GROUPINGS, type Grouping, MEASURES } from './model'

const DAY_MS = 86_400_000
const MOST = 5_000
const key = z.string().min(1).max(200).optional()

/** summary counts how long incidents took and when they came, cut as asked; drills never stand among real incidents. */
export const summary = defineQuery({
  name: 'insights.summary',
  summary:
    'Counts times to detect, acknowledge, mitigate and resolve, with definition, n, exclusions and distribution.',
  permission: 'insights.read',
  input: z.strictObject({
    days: z.union([z.literal(30), z.literal(90), z.literal(365), z.literal(1_825)]).default(90),
    kind: z.enum(['real', 'drill']).default('real'),
    severity: z.enum(SEVERITIES).optional(),
    leaf: key,
    component: key,
    host: key,
    zone: z.string().max(60).refine(isZone, 'must be a time zone').default('Etc/UTC'),
  }),
  run: async (scope, input) => {
    const { console, actor, now } = scope
    const { db } = console
    const fromAt = new Date(now.getTime() - input.days * DAY_MS)
    const rows = await db.incident.findMany({
      where: {
        AND: [withinSight(actor), { drill: input.kind === 'drill', declaredAt: { gte: fromAt, lte: now } }],
      },
      orderBy: { declaredAt: 'desc' },
      select: { id: true, mergedInto: true },
      take: MOST,
    })
    const kept = rows.filter(({ mergedInto }) => mergedInto === null)
    const [raw, names, items] = await Promise.all([
      readFacts(
        db,
        kept.map(({ id }) => id),
      ),
      componentNames(db),
      listItems.run(scope, listItems.input.parse({ drills: input.kind === 'drill' ? 'only' : 'without' })),
    ])
    const all = raw.map((one) => factOf(one, now.getTime()))
    const facts = all.filter((fact) => isWithin(fact, input))
    const nameOf = (grouping: Grouping, cut: Cut) => ({
      ...cut,
      label: grouping === 'component' ? (names.get(cut.key) ?? cut.key) : cut.key,
    })
    return {
      nowMs: now.getTime(),
      fromMs: fromAt.getTime(),
      incidents: facts.length,
      merged: rows.length - kept.length,
      isCut: rows.length === MOST,
      figures: MEASURES.map((measure) => figureOf(facts, measure)),
      cuts: GROUPINGS.map((grouping) => ({
        grouping,
        /** unknown counts the incidents of which this is not known. */
        unknown: facts.filter((fact) => keysOf(fact, grouping).length === 0).length,
        rows: cutsOf(facts, grouping).map((cut) => nameOf(grouping, cut)),
      })),
      heat: heatOf(facts, input.zone),
      promises: promisesOf(facts),
      actionItems: overdueOf(items, now.getTime()),
    }
  },
})

function isWithin(fact: Fact, wanted: { readonly [Key in Grouping]?: string | undefined }): boolean {
  return GROUPINGS.every((grouping) => {
    const value = wanted[grouping]
    return value === undefined || keysOf(fact, grouping).includes(value)
  })
}

async function componentNames(db: Db): Promise<ReadonlyMap<string, string>> {
  const rows = await db.statusComponent.findMany({ select: { id: true, name: true } })
  return new Map(rows.map(({ id, name }) => [id, name]))
}

type Items = Awaited<ReturnType<typeof listItems.run>>

/** What is overdue stands first in the list of open items, which is ordered by due date. */
function overdueOf({ items, counts }: Items, nowMs: number) {
  const late = items.filter(({ isOverdue }) => isOverdue)
  return {
    ...counts,
    oldest: late.slice(0, 5).map(({ number, name, title, owner, dueOn }) => ({
      number,
      name,
      title,
      owner,
      days: dueOn === null ? 0 : Math.floor((nowMs - Date.parse(dueOn)) / DAY_MS),
    })),
  }
}
