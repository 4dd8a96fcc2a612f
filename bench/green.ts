import type { HealthState } from '../lib/health/state'
import type { Figure } from '../lib/health/wire'

/** GREEN is the wire code of a clear rating. */
const GREEN = 0

/** Cell is one thing that a screen would show green: whose reading it rests on and when that was taken (epoch s). */
export type Cell = { readonly source: string; readonly what: string; readonly at: number }

const GPU_SOURCES: readonly (string | undefined)[] = [undefined, 'dcgm', 'agent', 'vast']

/** greenCells lists everything in a snapshot that rates clear, with the source and the time of the reading behind it. */
export function greenCells(state: HealthState): Cell[] {
  return [...greenGpus(state), ...greenInstances(state), ...greenBoard(state)]
}

function greenGpus({ gpus, instances }: HealthState): Cell[] {
  const cells: Cell[] = []
  for (let row = 0; row < gpus.count; row += 1) {
    if (gpus.rating[row] !== GREEN) continue
    const instance = gpus.instance[row] ?? -1
    const source = GPU_SOURCES[gpus.source[row] ?? 0] ?? 'nothing'
    const times: Readonly<Record<string, number | undefined>> = {
      dcgm: instances.dcgmAt[instance],
      agent: instances.agentAt[instance],
      vast: instances.vastAt[instance],
    }
    cells.push({ source, what: `GPU ${row} of ${instances.id[instance]}`, at: times[source] ?? 0 })
  }
  return cells
}

function greenInstances({ instances }: HealthState): Cell[] {
  return instances.id.flatMap((id, row) =>
    instances.rating[row] === GREEN
      ? [{ source: 'vast', what: `instance ${id}`, at: instances.vastAt[row] ?? 0 }]
      : [],
  )
}

function greenBoard({ board }: HealthState): Cell[] {
  const cells: Cell[] = []
  for (const queue of board.queues)
    if (queue.rating === 'clear')
      cells.push({ source: 'temporal', what: `queue ${queue.name}`, at: queue.backlog.at })
  for (const service of board.services)
    if (service.rating === 'clear')
      cells.push({ source: 'services', what: `service ${service.id}`, at: service.lastSuccessAt })
  for (const [name, figure] of Object.entries(board.api) as [string, Figure][])
    if (figure.rating === 'clear') cells.push({ source: 'prometheus', what: `API ${name}`, at: figure.at })
  if (board.page.rating === 'clear')
    cells.push({ source: 'statuspage', what: 'provider status page', at: board.page.at })
  return cells
}

/** tooOld picks the green cells whose reading is older than its source may be; ages in seconds. */
export function tooOld(
  cells: readonly Cell[],
  options: {
    readonly limits: Readonly<Record<string, number>>
    readonly now: number
    readonly grace: number
  },
): Cell[] {
  const { limits, now, grace } = options
  return cells.filter(({ source, at }) => now - at > (limits[source] ?? 0) + grace)
}
