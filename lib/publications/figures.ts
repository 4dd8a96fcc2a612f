import type { Fact } from '../comms/model'
import { RATINGS } from '../health/model'
import type { HealthState } from '../health/state'
import type { Figure } from '../health/wire'

type Read = Pick<Fact, 'id' | 'value' | 'asOf' | 'source'>

const BREACH = RATINGS.indexOf('breach')

function instant(seconds: number): string {
  return new Date(seconds * 1_000).toISOString()
}

function ofFigure(id: string, figure: Figure): Read {
  return {
    id,
    value: figure.value,
    asOf: instant(figure.at),
    source: figure.source === '' ? 'nobody' : figure.source,
  }
}

/** figuresOf gives the measured facts of the present state, each with the time and source of its own reading. */
export function figuresOf(state: HealthState): readonly Read[] {
  const { api, queues, page, credit } = state.board
  const oldest = queues.reduce<Figure | undefined>(
    (worst, { oldestSeconds }) =>
      (oldestSeconds.value ?? -1) > (worst?.value ?? -1) ? oldestSeconds : worst,
    undefined,
  )
  return [
    ofFigure('error_rate', api.errorRatio),
    ofFigure('latency_p95', api.p95),
    ofFigure('credit_runway', credit.runwayHours),
    ...(oldest === undefined ? [] : [ofFigure('queue_age', oldest)]),
    ...backlog(state),
    ...fleet(state),
    ...(page.at === 0
      ? []
      : [{ id: 'provider_status', value: page.sentence, asOf: instant(page.at), source: 'provider’s page' }]),
  ]
}

/** One queue that nobody knows leaves the sum unknown. */
function backlog({ board: { queues } }: HealthState): readonly Read[] {
  const first = queues[0]
  if (first === undefined) return []
  const values = queues.map(({ backlog }) => backlog.value)
  const isKnown = values.every((value) => value !== null)
  return [
    {
      id: 'queue_depth',
      value: isKnown ? values.reduce<number>((sum, value) => sum + (value ?? 0), 0) : null,
      asOf: instant(Math.min(...queues.map(({ backlog }) => backlog.at))),
      source: first.backlog.source,
    },
  ]
}

function fleet({ at, gpus, instances }: HealthState): readonly Read[] {
  if (gpus.count === 0) return []
  let down = 0
  const hosts = new Set<string>()
  for (let row = 0; row < gpus.count; row += 1) {
    if (gpus.rating[row] !== BREACH) continue
    down += 1
    hosts.add(instances.host[gpus.instance[row] ?? 0] ?? '')
  }
  const read = { asOf: instant(at), source: 'fleet' }
  return [
    { id: 'gpus_down', value: down, ...read },
    { id: 'gpus_total', value: gpus.count, ...read },
    { id: 'hosts_down', value: hosts.size, ...read },
  ]
}
