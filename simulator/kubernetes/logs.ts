import { hash32, unit } from '../world/random'
import { errorShares } from '../world/traffic'
import type { World } from '../world/world'
import { envOf } from './impact'
import { RIGHT_ENV } from './initial'
import { KEY_VARIABLE, type PodRun, type Run } from './pod-run'

export type LogLine = { readonly atMs: number; readonly text: string }

type LogInput = {
  readonly world: World
  readonly pod: PodRun
  readonly run: Run
  readonly fromMs: number
  readonly toMs: number
}

const EVERY_MS = 5000
const KEPT_MS = 6 * 3_600_000
const ROUTES = ['instances', 'instance', 'users', 'mutate', 'logs'] as const

/** What one run of a container has said in a span of time; the node keeps the last six hours. */
export function logLines({ world, pod, run, fromMs, toMs }: LogInput): readonly LogLine[] {
  const lastMs = Math.min(toMs, run.endedMs ?? toMs, wedgedSince(world, pod, run))
  const firstMs = Math.max(fromMs, toMs - KEPT_MS)
  const lines: LogLine[] = [...openingLines(world, pod, run)]
  for (
    let tick = Math.ceil(Math.max(firstMs, run.startedMs + 1500) / EVERY_MS);
    tick * EVERY_MS <= lastMs;
    tick += 1
  )
    lines.push(requestLine(world, pod, tick))
  lines.push(...lastLines(world, pod, run))
  return lines.filter(({ atMs }) => atMs >= firstMs && atMs <= toMs)
}

function line(world: World, atMs: number, fields: Readonly<Record<string, unknown>>): LogLine {
  const { level, ...rest } = fields
  const time = new Date(world.startMs + atMs).toISOString()
  return { atMs, text: JSON.stringify({ level, time, ...rest }) }
}

function openingLines(world: World, pod: PodRun, { startedMs }: Run): LogLine[] {
  const image = pod.template.spec.containers[0]?.image ?? ''
  return [
    line(world, startedMs, { level: 'info', msg: 'starting', image }),
    line(world, startedMs + 600, {
      level: 'info',
      msg: 'configuration read',
      rateLimitMode: envOf(pod, 'RATE_LIMIT_MODE'),
      fallback: envOf(pod, 'VASTAI_FALLBACK'),
    }),
    line(world, startedMs + 900, { level: 'info', msg: 'listening', port: 8080 }),
  ]
}

function lastLines(world: World, pod: PodRun, run: Run): LogLine[] {
  if (run.endedMs === undefined || run.reason !== 'Error') return []
  const hasKey = pod.template.spec.containers[0]?.env?.some((entry) => entry.name === KEY_VARIABLE)
  const isIntegration = pod.deployment === world.scenario.world.kubernetes.deployment
  const said =
    isIntegration && hasKey !== true
      ? `${KEY_VARIABLE} is not set`
      : "TypeError: Cannot read properties of undefined (reading 'offers')"
  return [
    line(world, run.endedMs - 40, {
      level: 'fatal',
      msg: said,
      stack: 'at start (/app/dist/server.js:118:23)',
    }),
  ]
}

function requestLine(world: World, pod: PodRun, tick: number): LogLine {
  const atMs = tick * EVERY_MS + (hash32(pod.salt, tick, 3) % 1000)
  const isIntegration = pod.deployment === world.scenario.world.kubernetes.deployment
  if (!isIntegration) return line(world, atMs, { level: 'info', msg: 'request', path: '/query', status: 200 })
  const route = ROUTES[hash32(pod.salt, tick, 4) % ROUTES.length] ?? 'instances'
  const failure = failureOf(world, pod, { route, atMs, draw: unit(pod.salt, tick, 5) })
  if (failure !== undefined)
    return line(world, atMs, { level: 'error', msg: 'vastai request failed', route, ...failure })
  return line(world, atMs, {
    level: 'info',
    msg: 'vastai request',
    route,
    status: 200,
    ms: 180 + (hash32(pod.salt, tick, 6) % 320),
  })
}

type Request = { readonly route: (typeof ROUTES)[number]; readonly atMs: number; readonly draw: number }

function failureOf(world: World, pod: PodRun, { route, atMs, draw }: Request) {
  if (world.effects.active('cluster-network', atMs).some(({ event }) => event.kind === 'dns'))
    return { error: 'getaddrinfo EAI_AGAIN console.vast.ai' }
  if (envOf(pod, 'VASTAI_API_URL') !== RIGHT_ENV.VASTAI_API_URL)
    return { error: 'connect ETIMEDOUT', url: envOf(pod, 'VASTAI_API_URL') ?? '' }
  let reached = 0
  for (const [status, share] of Object.entries(errorShares(world, route, atMs))) {
    reached += share
    if (draw < reached) return status === 'timeout' ? { error: 'ETIMEDOUT' } : { status: Number(status) }
  }
  return undefined
}

/** A wedged process writes nothing more. */
function wedgedSince(world: World, pod: PodRun, run: Run): number {
  if (pod.fate !== 'wedged') return Number.POSITIVE_INFINITY
  const since = world.effects
    .ofKind('pods')
    .filter(({ event, fromMs }) => event.state === 'Wedged' && fromMs >= run.startedMs)
    .map(({ fromMs }) => fromMs)
  return Math.max(...since, run.startedMs)
}
