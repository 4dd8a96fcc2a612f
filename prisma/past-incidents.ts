import { randomUUID } from 'node:crypto'
import { rolesOf } from '../lib/access/permissions'
import { dayOf } from '../lib/action-items/model'
import { type Console, createConsole } from '../lib/console'
import type { Actor } from '../lib/operation'
import { type CommandInput, type CommandName, type CommandResult, findCommand } from '../lib/registry'
import { runCommand } from '../lib/run'

const MINUTE_MS = 60_000
const DAY_MS = 1_440 * MINUTE_MS

type Deed = <Name extends CommandName>(
  who: string,
  name: Name,
  input: CommandInput<Name>,
) => Promise<CommandResult<Name>>

type Item = {
  readonly title: string
  readonly kind: 'prevent' | 'detect' | 'mitigate' | 'process'
  readonly owner: string
  /** dueDays counts from now; what is due in the past was promised before that day. */
  readonly dueDays: number
  readonly doneWhen: string
  readonly evidence?: string
}

type Past = {
  readonly title: string
  readonly severity: 'P1' | 'P2' | 'P3'
  readonly impact: string
  readonly daysAgo: number
  /** minutes after the declaration: impact began (negative), answered, monitored, resolved. */
  readonly minutes: readonly [impact: number, answered: number, monitored: number, resolved: number]
  readonly notes: readonly (readonly [minute: number, text: string])[]
  readonly sections?: Readonly<Partial<Record<'summary' | 'causes' | 'lucky', string>>>
  readonly tags?: readonly string[]
  readonly items?: readonly Item[]
}

const PAST: readonly Past[] = [
  {
    title: 'Inference 503s from the EU pool',
    severity: 'P1',
    impact: 'A third of European video requests failed.',
    daysAgo: 41,
    minutes: [-6, 3, 58, 106],
    notes: [
      [9, 'The gateway refuses new leases; running instances answer.'],
      [25, 'Fallback to Fly is on; the failing share falls.'],
    ],
    sections: {
      summary:
        'For 25 minutes a third of European video requests failed, because the provider’s EU gateway refused new leases and our fallback waited for a person to turn it on.',
      causes:
        'The gateway returned 503 for new leases only. Our integration took every 503 for a passing fault and retried for 90 seconds, which filled the queue **gpu**.',
      lucky: 'The fallback had been tested the week before.',
    },
    tags: ['eu', 'provider', 'fallback'],
    items: [
      {
        title: 'Keep fallback capacity warm in Amsterdam',
        kind: 'prevent',
        owner: 'li',
        dueDays: -3,
        doneWhen: 'a weekly drill serves 60 % of the load for five minutes',
      },
      {
        title: 'Probe the EU gateway from two networks',
        kind: 'detect',
        owner: 'bo',
        dueDays: -12,
        doneWhen: 'a lost route shows as unknown within a minute',
        evidence: 'The probe of the second network stands on the board since Monday.',
      },
    ],
  },
  {
    title: 'Training queue stalled behind dead pollers',
    severity: 'P2',
    impact: 'Training jobs waited up to 40 minutes.',
    daysAgo: 26,
    minutes: [-14, 6, 31, 44],
    notes: [[12, 'No poller of the queue gpu has answered since the kernel update of host 41.']],
    sections: {
      summary:
        'Training jobs waited up to 40 minutes, because the pollers of the queue gpu had ended with a kernel update and nobody was told.',
      causes: 'Supervisor restarts a poller three times and gives up. Nothing watched the number of pollers.',
    },
    tags: ['queue', 'kernel'],
    items: [
      {
        title: 'Alert when a queue has fewer than two pollers',
        kind: 'detect',
        owner: 'bo',
        dueDays: 1,
        doneWhen: 'the drill “no poller” fires it within a minute',
      },
      {
        title: 'Drain hosts before a kernel update',
        kind: 'process',
        owner: 'raj',
        dueDays: 9,
        doneWhen: 'the runbook says so and two updates were done by it',
      },
    ],
  },
  {
    title: 'GPU falls off the bus on one host',
    severity: 'P3',
    impact: 'Eleven renders were done twice.',
    daysAgo: 18,
    minutes: [-2, 11, 19, 27],
    notes: [[8, 'XID 79 on card 5 of host 8841; drained.']],
  },
  {
    title: 'Provider answers 429 to every read',
    severity: 'P2',
    impact: 'New instances could not be rented for an hour.',
    daysAgo: 11,
    minutes: [-21, 4, 49, 66],
    notes: [[15, 'Two programs of ours poll with the same key.']],
  },
]

async function deedsIn(app: Console): Promise<{
  readonly app: Console
  readonly does: Deed
  readonly at: (ms: number) => void
  readonly ids: ReadonlyMap<string, string>
}> {
  const rows = await app.db.person.findMany({ where: { disabledAt: null } })
  const people = new Map(rows.map((row) => [row.handle, row]))
  let moment = new Date(0)
  return {
    app,
    ids: new Map(rows.map(({ handle, id }) => [handle, id])),
    at: (ms) => {
      moment = new Date(ms)
    },
    does: async <Name extends CommandName>(who: string, name: Name, input: CommandInput<Name>) => {
      const person = people.get(who)
      if (!person) throw new Error(`the demo has lost @${who}`)
      const actor: Actor = {
        kind: 'person',
        id: person.id,
        handle: who,
        name: person.name,
        roles: rolesOf(person.roles),
        sessionId: 'seed',
        authAt: moment,
      }
      const scope = { console: app, actor, now: moment, requestId: randomUUID() }
      return (await runCommand(findCommand(name), scope, input)) as CommandResult<Name>
    },
  }
}

type Stage = Awaited<ReturnType<typeof deedsIn>>

async function incidentOf(stage: Stage, past: Past, startMs: number): Promise<string> {
  const { does, at } = stage
  const [impact, answered, monitored, resolved] = past.minutes
  const minute = (count: number): void => at(startMs + count * MINUTE_MS)
  minute(0)
  const { id } = await does('ana', 'incidents.declare', {
    title: past.title,
    severity: past.severity,
    severityReason: past.impact,
    impact: past.impact,
    impactStartedAt: new Date(startMs + impact * MINUTE_MS).toISOString(),
  })
  minute(answered)
  await does('ana', 'incidents.acknowledge', { id })
  for (const [count, text] of past.notes) {
    minute(count)
    await does('li', 'incidents.addNote', { id, text })
  }
  minute(monitored)
  await does('ana', 'incidents.setStatus', { id, version: 1, to: 'monitoring' })
  minute(resolved)
  await does('ana', 'incidents.setStatus', {
    id,
    version: 2,
    to: 'resolved',
    waiver: 'It is over; what was owed was said by telephone.',
  })
  return id
}

async function learn(
  stage: Stage,
  past: Past,
  around: { readonly id: string; readonly nowMs: number; readonly startMs: number },
): Promise<void> {
  const { app, does, at, ids } = stage
  at(around.startMs + DAY_MS)
  const { id } = await does('li', 'postmortems.draft', { incidentId: around.id })
  for (const [key, body] of Object.entries(past.sections ?? {})) {
    const text = await app.db.postmortemSection.findUnique({
      where: { postmortemId_key: { postmortemId: id, key } },
    })
    await does('li', 'postmortems.saveSection', {
      id,
      key: key as 'summary',
      body,
      baseVersion: text?.version ?? 0,
    })
  }
  if (past.tags) await does('li', 'library.setTags', { postmortemId: id, tags: [...past.tags] })
  for (const item of past.items ?? []) {
    const { id: itemId } = await does('li', 'action-items.add', {
      postmortemId: id,
      title: item.title,
      kind: item.kind,
      ownerId: ids.get(item.owner) ?? null,
      dueOn: dayOf(around.nowMs + item.dueDays * DAY_MS),
      doneWhen: item.doneWhen,
    })
    if (item.evidence === undefined) continue
    at(around.startMs + 9 * DAY_MS)
    await does(item.owner, 'action-items.finish', { id: itemId, version: 1, evidence: item.evidence })
    at(around.startMs + DAY_MS)
  }
}

/** seedPastIncidents leaves incidents of the last weeks in the demo with what was learnt of them, unless there is any incident. */
export async function seedPastIncidents(now: Date): Promise<void> {
  const app = createConsole({ name: 'seed', dbConnections: 2 })
  try {
    if ((await app.db.incident.count()) > 0) return
    const stage = await deedsIn(app)
    for (const [place, past] of PAST.entries()) {
      const startMs = now.getTime() - past.daysAgo * DAY_MS - place * 137 * MINUTE_MS
      const id = await incidentOf(stage, past, startMs)
      if (past.sections) await learn(stage, past, { id, nowMs: now.getTime(), startMs })
    }
  } finally {
    await app.close()
  }
}
