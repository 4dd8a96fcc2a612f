import type { Instant, Reply, SimRequest, Sink } from '../reply'
import type { World } from '../world/world'
import { type LogLine, logLines } from './logs'
import type { PodRun, Run } from './pod-run'
import { badRequest, notFound } from './status'

type LogCall = { readonly request: SimRequest; readonly name: string | undefined; readonly at: Instant }

type Wanted = {
  readonly tailLines: number
  readonly sinceMs: number
  readonly limitBytes: number
  readonly timestamps: boolean
}

const LOOK_MS = 100

/** `pods/NAME/log`: what the container said, and with `follow` what it says from now on. */
export function podLog(world: World, { request, name = '', at }: LogCall, refresh: () => boolean): Reply {
  const pod = world.cluster.pod(name)
  if (pod === undefined) throw notFound({ resource: 'pods', group: '', name })
  const { query } = request
  const container = pod.template.spec.containers[0]?.name ?? 'app'
  const asked = query.get('container') ?? container
  if (!pod.template.spec.containers.some((one) => one.name === asked))
    throw badRequest(`container ${asked} is not valid for pod ${name}`)
  const run = runOf(pod, { previous: query.get('previous') === 'true', container: asked })
  const wanted = wantedOf(query, at)
  const lines = logLines({ world, pod, run, fromMs: wanted.sinceMs, toMs: at.offsetMs })
  const shown = textOf(lines.slice(-wanted.tailLines), world, wanted)
  if (query.get('follow') !== 'true')
    return { status: 200, type: 'text/plain', body: shown.slice(0, wanted.limitBytes) }
  return {
    status: 200,
    type: 'text/plain',
    body: '',
    stream: (sink) => {
      sink.write(shown)
      follow({ world, pod, run, wanted, refresh, sink, toMs: at.offsetMs })
    },
  }
}

function runOf(
  pod: PodRun,
  { previous, container }: { readonly previous: boolean; readonly container: string },
): Run {
  if (previous) {
    if (pod.last !== undefined && pod.phase !== 'stopped') return pod.last
    throw badRequest(`previous terminated container "${container}" in pod "${pod.name}" not found`)
  }
  const run = pod.current ?? pod.last
  if (run !== undefined) return run
  throw badRequest(
    `container "${container}" in pod "${pod.name}" is waiting to start: ${pod.waiting?.reason ?? 'ContainerCreating'}`,
  )
}

function wantedOf(query: URLSearchParams, { offsetMs, timeMs }: Instant): Wanted {
  const number = (name: string, otherwise: number): number => {
    const text = query.get(name)
    if (text === null) return otherwise
    const value = Number(text)
    if (!Number.isInteger(value) || value < 0) throw badRequest(`${name}: Invalid value: "${text}"`)
    return value
  }
  const sinceTime = query.get('sinceTime')
  const seconds = number('sinceSeconds', Number.POSITIVE_INFINITY)
  const fromTime = sinceTime === null ? Number.NEGATIVE_INFINITY : Date.parse(sinceTime) - (timeMs - offsetMs)
  const tail = number('tailLines', Number.POSITIVE_INFINITY)
  return {
    tailLines: tail === 0 ? Number.NEGATIVE_INFINITY : tail,
    sinceMs: Math.max(offsetMs - seconds * 1000, fromTime),
    limitBytes: number('limitBytes', Number.POSITIVE_INFINITY),
    timestamps: query.get('timestamps') === 'true',
  }
}

function textOf(lines: readonly LogLine[], world: World, { timestamps }: Wanted): string {
  return lines
    .map(
      ({ atMs, text }) => `${timestamps ? `${new Date(world.startMs + atMs).toISOString()} ` : ''}${text}\n`,
    )
    .join('')
}

type Follow = {
  readonly world: World
  readonly pod: PodRun
  readonly run: Run
  readonly wanted: Wanted
  readonly refresh: () => boolean
  readonly sink: Sink
  readonly toMs: number
}

/** A followed log ends with its container, as with the real kubelet. */
function follow({ world, pod, run, wanted, refresh, sink, toMs }: Follow): void {
  let sentMs = toMs
  const timer = setInterval(() => {
    const isOpen = refresh()
    const nowMs = world.cluster.reachedMs
    const present = pod.current?.startedMs === run.startedMs ? pod.current : (pod.last ?? run)
    const lines = logLines({ world, pod, run: present, fromMs: sentMs + 1, toMs: nowMs })
    if (lines.length > 0) sink.write(textOf(lines, world, wanted))
    sentMs = nowMs
    const ended = pod.current?.startedMs !== run.startedMs || world.cluster.pod(pod.name) !== pod
    if (isOpen && !ended) return
    clearInterval(timer)
    sink.end()
  }, LOOK_MS)
  sink.onClose(() => clearInterval(timer))
}
