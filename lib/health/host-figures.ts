/** HostFigures are what an agent says of the machine around its instance, at the agent's own time; undefined is unknown, never zero. */
export type HostFigures = {
  readonly instanceId: string
  readonly at: Date
  /** memoryPercent is used of what the instance may use: its container's limit, or the whole host where there is none. */
  readonly memoryPercent: number | undefined
  /** cpuLoadPercent is the mean number of runnable programs of the last five minutes against the number of processors. */
  readonly cpuLoadPercent: number | undefined
}

/** HOST_FIGURES are the figures that a rule may watch. */
export const HOST_FIGURES = ['memoryPercent', 'cpuLoadPercent'] as const

type Fields = Readonly<Record<string, unknown>>

function numberIn(fields: unknown, key: string): number | undefined {
  if (fields === null || typeof fields !== 'object') return undefined
  const value = (fields as Fields)[key]
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}

function percent(part: number | undefined, whole: number | undefined): number | undefined {
  if (part === undefined || whole === undefined || whole <= 0) return undefined
  return Math.round((1000 * part) / whole) / 10
}

function memoryPercent(memory: unknown): number | undefined {
  const total = numberIn(memory, 'totalBytes')
  const limit = numberIn(memory, 'limitBytes')
  // A limit beyond the host's memory, or none, limits nothing.
  if (limit !== undefined && limit > 0 && (total === undefined || limit <= total))
    return percent(numberIn(memory, 'usedBytes'), limit)
  const available = numberIn(memory, 'availableBytes')
  return total === undefined || available === undefined ? undefined : percent(total - available, total)
}

/** hostFigures reads `memory` and `load` of an agent's report; a field that is not a number stays unknown. */
export function hostFigures(report: {
  readonly instanceId: string
  readonly at: Date
  readonly memory: unknown
  readonly load: unknown
}): HostFigures {
  return {
    instanceId: report.instanceId,
    at: report.at,
    memoryPercent: memoryPercent(report.memory),
    cpuLoadPercent: percent(numberIn(report.load, 'load5'), numberIn(report.load, 'cpuCount')),
  }
}
