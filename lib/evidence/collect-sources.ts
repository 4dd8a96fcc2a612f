import type { Answer } from '../sources/source'
import { type Gathered, type Missing, NOTHING, type Part, type Window } from './model'
import type { EvidencePorts } from './ports'

const STEP_SECONDS = 15
const AT_ONCE = 4

type Failure = Extract<Answer<unknown>, { readonly ok: false }>

function whyOf({ why, detail }: Failure): string {
  return `${why.replaceAll('_', ' ')}${detail === '' ? '' : `: ${detail}`}`
}

async function safely<T>(work: () => Promise<Answer<T>>): Promise<Answer<T>> {
  try {
    return await work()
  } catch (error) {
    return { ok: false, why: 'source_error', detail: error instanceof Error ? error.message : 'it failed' }
  }
}

/** collectMetrics asks for the past of every query of the catalogue over the window, four at a time. */
export async function collectMetrics({ metrics }: EvidencePorts, window: Window): Promise<Gathered> {
  const wayRound = 'The console’s own minutes stand under metrics/own.'
  if (metrics === undefined)
    return { parts: [], missing: [{ what: 'metrics/', why: 'Prometheus is not connected', wayRound }] }
  const range = {
    start: new Date(window.metricsFromMs),
    end: new Date(window.toMs),
    stepSeconds: STEP_SECONDS,
  }
  const parts: Part[] = []
  const missing: Missing[] = []
  const waiting = [...metrics.queries]
  const turn = async (): Promise<void> => {
    for (let query = waiting.shift(); query; query = waiting.shift()) {
      const { name, expr, unit, meaning } = query
      const path = `metrics/${name}.json`
      const answer = await safely(() => metrics.range(expr, range))
      if (!answer.ok) missing.push({ what: path, why: whyOf(answer), wayRound })
      else
        parts.push({
          path,
          kind: 'json',
          value: { name, expr, unit, meaning, stepSeconds: STEP_SECONDS, series: answer.value },
        })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, turn))
  return { parts, missing }
}

/** collectCluster takes one look at the cluster and the logs of the watched pods since the window began. */
export async function collectCluster({ cluster }: EvidencePorts, window: Window): Promise<Gathered> {
  const wayRound = 'Use kubectl from a machine that reaches the cluster.'
  if (cluster === undefined)
    return {
      parts: [],
      missing: [
        { what: 'cluster.json', why: 'Kubernetes is not connected', wayRound },
        { what: 'logs/kubernetes/', why: 'Kubernetes is not connected', wayRound },
      ],
    }
  const [look, logs] = await Promise.all([
    safely(() => cluster.look()),
    safely(() => cluster.logs(new Date(window.logsFromMs))),
  ])
  const parts: Part[] = []
  const missing: Missing[] = []
  if (look.ok) parts.push({ path: 'cluster.json', kind: 'json', value: look.value })
  else missing.push({ what: 'cluster.json', why: whyOf(look), wayRound })
  if (!logs.ok) missing.push({ what: 'logs/kubernetes/', why: whyOf(logs), wayRound })
  else {
    if (logs.value.length === 0)
      missing.push({ what: 'logs/kubernetes/', why: 'no pod of the watched deployments runs' })
    for (const { pod, text, problem } of logs.value) {
      const path = `logs/kubernetes/${safeName(pod)}.log`
      if (problem !== '') missing.push({ what: path, why: problem, wayRound })
      else parts.push({ path, kind: 'text', text: within(text, window.toMs), keeps: 'end' })
    }
  }
  return { parts, missing }
}

/** Lines begin with their time; those after the window's end belong to something else. */
function within(text: string, toMs: number): string {
  const end = new Date(toMs).toISOString()
  return text
    .split('\n')
    .filter((line) => !/^\d{4}-\d{2}-\d{2}T/.test(line) || line.slice(0, 23) <= end)
    .join('\n')
}

/** safeName makes a name fit for a file. */
export function safeName(name: string): string {
  return name.replace(/[^\w.-]+/g, '_').slice(0, 80)
}

/** collectConfiguration gives the policy files that count, and how the sources are configured, without secrets. */
export async function collectConfiguration(ports: EvidencePorts): Promise<Gathered> {
  const gathered: Gathered[] = []
  const failed = (what: string, error: unknown): Gathered => ({
    parts: [],
    missing: [{ what, why: error instanceof Error ? error.message : 'it could not be read' }],
  })
  gathered.push(
    await ports.configuration().then(
      (value): Gathered => ({
        parts: [{ path: 'configuration/sources.json', kind: 'json', value }],
        missing: [],
      }),
      (error: unknown) => failed('configuration/sources.json', error),
    ),
  )
  gathered.push(
    await ports.runbooks().then(
      ({ hash, files }): Gathered => ({
        parts: [
          {
            path: 'configuration/runbooks.json',
            kind: 'json',
            value: { hash, files: files.map((it) => it.path) },
          },
          ...files
            .filter(({ path }) => path.startsWith('policy/'))
            .map(({ path, value }): Part => ({ path: `configuration/${path}.json`, kind: 'json', value })),
        ],
        missing: [],
      }),
      (error: unknown) => failed('configuration/policy/', error),
    ),
  )
  return together(gathered)
}

/** together joins what several steps came to. */
export function together(gathered: readonly Gathered[]): Gathered {
  return gathered.reduce(
    (all, one) => ({ parts: [...all.parts, ...one.parts], missing: [...all.missing, ...one.missing] }),
    NOTHING,
  )
}
