import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { unopenedText } from '../comms/links'
import { lint } from '../comms/lint'
import type { LintPolicy, Message } from '../comms/model'
import { keptTargets } from '../connect-status'
import { copyRows } from '../jobs/status'
import { systemClock } from '../platform/clock'
import { createSeal } from '../platform/crypto'
import { type EmergencyEntry, emergencyEntry, withEntry } from './emergency'
import { idsOf, keepEntry } from './emergency-load'
import { COMPONENT_STATES, type PublicRows } from './model'
import { keepRows, keptRows } from './projection-load'

const USAGE = `npm run status:emergency -- --title TEXT --body TEXT --by NAME [options]
Publishes an update of the public page without the console and without its database.
  --list                     says what the page shows: components and open incidents with their ids
  --incident ID              updates this open incident instead of beginning one
  --status STATUS            investigating (default), identified, monitoring, resolved
  --severity P1..P4          P2 unless told
  --component "NAME=STATE"   may be repeated; STATE: ${COMPONENT_STATES.join(', ')}
  --next INSTANT             the next update: 2026-11-18T03:00Z, or +20 for minutes from now; needed unless resolved
  --override RULE            lets a finding of the linter pass that may be passed; may be repeated
  --check                    only judges the text
  --json                     prints what was done as JSON
The folder is WATCHFLOOR_STATUS_DIR, else .watchfloor/status; the key is WATCHFLOOR_KEY, else that of .watchfloor/secrets.json.`

const OPTIONS = {
  title: { type: 'string' },
  body: { type: 'string' },
  by: { type: 'string' },
  list: { type: 'boolean' },
  incident: { type: 'string' },
  status: { type: 'string', default: 'investigating' },
  severity: { type: 'string', default: 'P2' },
  component: { type: 'string', multiple: true },
  next: { type: 'string' },
  override: { type: 'string', multiple: true },
  check: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']

const NO_CADENCE = { investigating: null, identified: null, monitoring: null, resolved: null }

function policyFor(rows: PublicRows): LintPolicy {
  return {
    channels: ['page'],
    cadenceMinutes: { P1: NO_CADENCE, P2: NO_CADENCE, P3: NO_CADENCE, P4: NO_CADENCE },
    allowedLinkHosts: [new URL(rows.page.url).host],
    internalLinkHosts: [],
    securityApproved: true,
    numbersNeedFacts: false,
  }
}

const EMPTY_INVENTORY = {
  hosts: [],
  instances: [],
  people: [],
  customers: [],
  keys: [],
  providers: [],
  codeNames: [],
}

/** The words of the linter on this entry; what it blocks and nobody let pass stops the command. */
function findingsOn(rows: PublicRows, entry: EmergencyEntry, now: Date) {
  const known = rows.incidents.find(({ id }) => id === entry.incident)
  const updates = rows.updates
    .filter(({ incidentId }) => known !== undefined && incidentId === known.id)
    .sort((a, b) => b.at.getTime() - a.at.getTime())
  const [last] = updates
  const components = entry.components.flatMap(({ id, to }) => {
    const one = rows.components.find((each) => each.id === id)
    return one ? [{ componentId: id, name: one.name, from: one.state, to }] : []
  })
  const message: Message = {
    audience: 'public',
    kind: 'update',
    severity: entry.severity,
    status: entry.status,
    title: entry.title,
    body: entry.body,
    nextUpdateAt: entry.nextUpdateAt,
    components,
  }
  return lint({
    message,
    facts: {},
    incident: {
      name: 'the incident',
      title: entry.title,
      severity: entry.severity,
      status: entry.status,
      isDrill: false,
      visibility: 'public',
      isSecurity: false,
      commander: entry.by,
      startedAt: (known?.startedAt ?? now).toISOString(),
      resolvedAt: entry.status === 'resolved' ? entry.at : null,
      wasIdentified: updates.some(({ status }) => status === 'identified'),
      workaround: null,
      firingAlerts: null,
      hostsOut: null,
      postmortem: null,
    },
    last:
      known && last
        ? {
            severity: entry.severity,
            status: known.status,
            title: known.name,
            body: last.body,
            publishedAt: last.at.toISOString(),
            nextUpdateAt: known.nextUpdateAt?.toISOString() ?? null,
            components: [],
          }
        : null,
    inventory: EMPTY_INVENTORY,
    policy: policyFor(rows),
    now,
  })
}

function instantOf(text: string | undefined, now: Date): string | null {
  if (text === undefined) return null
  const minutes = /^\+(\d{1,4})$/.exec(text)
  const at = minutes ? new Date(now.getTime() + Number(minutes[1]) * 60_000) : new Date(text)
  if (Number.isNaN(at.getTime())) throw new Error(`--next ${text} is no instant and no +MINUTES`)
  return at.toISOString()
}

function entryOf(values: Values, rows: PublicRows, now: Date): EmergencyEntry {
  const components = (values.component ?? []).map((text) => {
    const [name = '', to = ''] = text.split('=', 2).map((part) => part.trim())
    const known = rows.components.find(
      (one) => one.id === name || one.name.toLowerCase() === name.toLowerCase(),
    )
    if (!known)
      throw new Error(
        `there is no component ${name}; the page lists ${rows.components.map((one) => one.name).join(', ') || 'none'}`,
      )
    return { id: known.id, to }
  })
  const known = rows.incidents.find(({ id }) => id === values.incident)
  if (values.incident !== undefined && !known)
    throw new Error(`the page shows no incident ${values.incident}`)
  const parsed = emergencyEntry.safeParse({
    id: randomUUID(),
    at: now.toISOString(),
    by: values.by ?? '',
    incident: values.incident ?? null,
    title: values.title ?? known?.name ?? '',
    status: values.status,
    severity: values.severity,
    body: values.body ?? '',
    nextUpdateAt: values.status === 'resolved' ? null : instantOf(values.next, now),
    components,
  })
  if (parsed.success) return parsed.data
  throw new Error(
    parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n'),
  )
}

function stateFolder(): string {
  return process.env.WATCHFLOOR_STATE ?? '.watchfloor'
}

function keyText(): string {
  if (process.env.WATCHFLOOR_KEY) return process.env.WATCHFLOOR_KEY
  const path = join(stateFolder(), 'secrets.json')
  const known: unknown = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
  if (
    known !== null &&
    typeof known === 'object' &&
    'WATCHFLOOR_KEY' in known &&
    typeof known.WATCHFLOOR_KEY === 'string'
  )
    return known.WATCHFLOOR_KEY
  throw new Error(
    'Set WATCHFLOOR_KEY to the console’s key: it signs the update and opens the buckets’ secrets.',
  )
}

function list(rows: PublicRows): number {
  const open = rows.incidents.filter(({ resolvedAt }) => resolvedAt === null)
  console.log(`As the worker knew it at ${rows.page.confirmedAt?.toISOString() ?? 'no time'}:`)
  for (const { name, state } of rows.components) console.log(`  component  ${name}: ${state}`)
  for (const { id, name, status } of open) console.log(`  incident   ${id}  ${status}: ${name}`)
  if (open.length === 0) console.log('  no open incident')
  return 0
}

async function publish(values: Values, rows: PublicRows, statusDir: string): Promise<number> {
  const now = systemClock.now()
  const entry = entryOf(values, rows, now)
  const findings = findingsOn(rows, entry, now)
  for (const { level, rule, why } of findings) console.error(`${level.padEnd(5)} ${rule} ${why}`)
  const unopened = unopenedText(`${entry.title}\n${entry.body}`, policyFor(rows).allowedLinkHosts)
  if (unopened !== undefined) console.error(`not judged X09 ${unopened}`)
  const stopping = findings.filter(
    ({ level, rule, isOverridable }) =>
      level === 'block' && !(isOverridable && values.override?.includes(rule)),
  )
  if (stopping.length > 0) {
    console.error('Nothing was published. Change the text; what may be passed takes --override RULE.')
    return 1
  }
  if (values.check) return 0
  const key = keyText()
  const path = await keepEntry(statusDir, { entry, key })
  const ids = idsOf(entry)
  const next = withEntry(rows, entry, ids)
  await keepRows(statusDir, next)
  const { targets, broken, close } = await keptTargets({
    seal: createSeal([key]),
    clock: systemClock,
    statusDir,
  })
  const results: { id: string; error?: string; files?: number }[] = broken.map(({ id, why }) => ({
    id,
    error: why,
  }))
  await copyRows(next, {
    targets,
    now,
    done: async (id, result) => {
      results.push('error' in result ? { id, error: result.error } : { id, files: result.copied.files })
    },
  })
  await close()
  const told = results.map(({ id, error, files }) => `  ${id}: ${error ?? `${files} files`}`)
  if (values.json)
    console.log(JSON.stringify({ incident: ids.incidentId, update: ids.updateId, entry: path, results }))
  else
    console.log(
      `Published incident ${ids.incidentId} (for --incident next time).\n${told.join('\n')}\nThe console takes it in from ${path} once it runs again.`,
    )
  return results.some(({ error }) => error === undefined) ? 0 : 1
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS, strict: true })
  if (values.help) {
    console.log(USAGE)
    return 0
  }
  const statusDir = process.env.WATCHFLOOR_STATUS_DIR ?? join(stateFolder(), 'status')
  const rows = await keptRows(statusDir)
  if (!rows)
    throw new Error(
      `${statusDir} holds no public rows: run this where the worker runs, or set WATCHFLOOR_STATUS_DIR.`,
    )
  return values.list ? list(rows) : publish(values, rows, statusDir)
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
    process.exitCode = 2
  },
)
