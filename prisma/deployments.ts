import { randomUUID } from 'node:crypto'
import { rolesOf } from '../lib/access/permissions'
import { type Console, createConsole } from '../lib/console'
import { ITEMS } from '../lib/deployments/checklist'
import type { Looks, Seen } from '../lib/deployments/looks'
import type { DeploymentState } from '../lib/deployments/model'
import type { Prober } from '../lib/deployments/ports'
import { moveDeployment, noteSoak } from '../lib/deployments/start-store'
import type { Actor } from '../lib/operation'
import {
  type CommandInput,
  type CommandName,
  type CommandResult,
  findCommand,
  findQuery,
  type QueryResult,
} from '../lib/registry'
import { runCommand, runQuery } from '../lib/run'
import { imageDigest } from '../simulator/world/images'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const SERVICE = 'vastai-integration'
const IMAGE = `ghcr.io/example-team/${SERVICE}`
const ROLLOUTS = { id: 'machine:rollouts', name: 'rollouts' }
const CI = 'https://ci.northlight.example/runs/8841'

/** EVIDENCE is what CI and people said of everything that no probe finds out. */
const EVIDENCE = ITEMS.filter(({ by, providers }) => by === 'person' && providers === undefined).map(
  ({ id }) => ({
    item: id,
    words: id.startsWith('code.') ? 'run 8841' : 'reviewed',
    link: CI,
  }),
)

function seen<Value>(value: Value, now: Date): Seen<Value> {
  return { kind: 'known', value, source: 'before the console looked', atMs: now.getTime() }
}

/** The world as it stands before anything listens; the worker looks anew as soon as it runs. */
function proberOfSeed(): Prober {
  const unknown = (now: Date) =>
    ({ kind: 'unknown', why: 'not looked at yet', source: 'seed', atMs: now.getTime() }) as const
  return {
    look: async (ask, now): Promise<Looks> => ({
      images: ask.images.map(({ digest }) => ({
        digest,
        look: seen({ isThere: true, detail: '', sizeMb: 406 }, now),
      })),
      rollback: seen({ isThere: true, detail: '', sizeMb: 406 }, now),
      health: unknown(now),
      stagingHealth: unknown(now),
      secrets: unknown(now),
      place: unknown(now),
      staging: unknown(now),
      rules: unknown(now),
      limits: unknown(now),
      signals: unknown(now),
      stagingSignals: unknown(now),
    }),
    digestOf: async (image, tag, now) => seen(imageDigest(`${image}:${tag}`), now),
    signals: async (_service, now) => unknown(now),
    close: async () => undefined,
  }
}

type Team = {
  readonly does: <Name extends CommandName>(
    who: string,
    at: Date,
    name: Name,
    input: CommandInput<Name>,
  ) => Promise<CommandResult<Name>>
  readonly sees: (who: string, at: Date, number: number) => Promise<QueryResult<'deployments.one'>>
}

async function teamIn(app: Console): Promise<Team> {
  const rows = await app.db.person.findMany({ where: { handle: { in: ['ana', 'li', 'raj'] } } })
  const scopeOf = (who: string, at: Date) => {
    const person = rows.find(({ handle }) => handle === who)
    if (!person) throw new Error(`the demo has lost @${who}`)
    const actor: Actor = {
      kind: 'person',
      id: person.id,
      handle: person.handle,
      name: person.name,
      roles: rolesOf(person.roles),
      sessionId: 'seed',
      authAt: at,
    }
    return { console: app, actor, now: at, requestId: randomUUID() }
  }
  return {
    does: async (who, at, name, input) =>
      (await runCommand(findCommand(name), scopeOf(who, at), input)) as CommandResult<typeof name>,
    sees: async (who, at, number) =>
      (await runQuery(findQuery('deployments.one'), scopeOf(who, at), {
        number,
      })) as QueryResult<'deployments.one'>,
  }
}

/** One deployment of the past, from its plan to its end, each step at its own hour. */
async function past(
  app: Console,
  team: Team,
  { from, to, startAt }: { readonly from: string; readonly to: string; readonly startAt: Date },
): Promise<void> {
  const at = (minutes: number): Date => new Date(startAt.getTime() + minutes * MINUTE_MS)
  const made = await team.does('ana', at(-60), 'deployments.plan', {
    service: SERVICE,
    tag: to,
    baseline: { digest: imageDigest(`${IMAGE}:${from}`), tag: from },
    startAt: startAt.toISOString(),
    notes: `Release ${to}, with its notes in the repository.`,
    link: CI,
    committedAt: at(-300).toISOString(),
    evidence: EVIDENCE,
  })
  const row = await app.db.deployment.findUniqueOrThrow({ where: { number: made.number } })
  for (let minute = -55; minute <= -24; minute += 1)
    await app.db.$transaction((tx) =>
      noteSoak({
        tx,
        service: SERVICE,
        digest: imageDigest(`${IMAGE}:${to}`),
        trouble: '',
        signals: {},
        now: at(minute),
      }),
    )
  const move = (state: DeploymentState, minutes: number) =>
    app.db.$transaction((tx) =>
      moveDeployment({ tx, deploymentId: row.id, to: state, why: '', by: ROLLOUTS, now: at(minutes) }),
    )
  await move('awaiting_approval', -24)
  for (const who of ['li', 'raj']) {
    await team.does(who, at(-20), 'deployments.approve', {
      number: made.number,
      revision: 1,
      hash: row.planHash,
      typed: SERVICE,
      whenMet: await unmetOf(team, made.number, at(-20)),
    })
  }
  await move('scheduled', -18)
  await move('announced', -16)
  await move('progressing', 0)
  await move('baking', 25)
  await move('succeeded', 40)
}

async function unmetOf(team: Team, number: number, at: Date): Promise<string[]> {
  const page = await team.sees('li', at, number)
  return page.conditions.filter((it) => it.stage === 'approve' && !it.isMet).map(({ id }) => id)
}

/** The last Wednesday before an instant at 11:00 in Chicago, so many weeks back. */
function wednesday(now: Date, weeks: number): Date {
  const day = new Date(now.getTime() - weeks * 7 * DAY_MS)
  const back = (day.getUTCDay() + 4) % 7
  const date = new Date(day.getTime() - (back === 0 ? 7 : back) * DAY_MS)
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), 17))
}

/** seedDeployments tells two releases of the past and leaves one plan that is not ready; once. */
export async function seedDeployments(now: Date): Promise<void> {
  const made = createConsole({ name: 'seed', dbConnections: 2 })
  const app: Console = { ...made, db: made.db, prober: async () => proberOfSeed() }
  try {
    if ((await app.db.deployment.count()) > 0) return
    const team = await teamIn(app)
    await past(app, team, { from: '4.10.0', to: '4.11.0', startAt: wednesday(now, 2) })
    await past(app, team, { from: '4.11.0', to: '4.12.0', startAt: wednesday(now, 1) })
    await team.does('ana', new Date(now.getTime() - 10 * MINUTE_MS), 'deployments.plan', {
      service: SERVICE,
      tag: '4.13.0',
      notes: 'Retries with backoff on 429; BATCH_MAX from 8 to 16.',
      link: CI,
      config: { BATCH_MAX: '16' },
      committedAt: new Date(now.getTime() - 3 * 60 * MINUTE_MS).toISOString(),
      commits: { from: '9c41e0a7', to: '51fab2d3', count: 14, authors: ['li', 'bo', 'ana'] },
      evidence: EVIDENCE.filter(({ item }) => item !== 'before.smoke'),
    })
    await team.does('raj', now, 'deployments.addSecret', {
      name: 'VASTAI_API_KEY',
      service: SERVICE,
      owner: 'li',
      rotatedAt: new Date(now.getTime() - 80 * DAY_MS).toISOString(),
      consumers: [SERVICE, 'gpu-workers'],
    })
  } finally {
    await made.close()
  }
}
