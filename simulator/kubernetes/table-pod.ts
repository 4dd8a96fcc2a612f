import { sinceText } from './ages'
import { isFields, type KubeObject } from './model'

export type Cells = readonly (string | number)[]

/** The row of a pod; its status is the reason of the container when there is one. */
export function podCells(object: KubeObject, age: string, timeMs: number): Cells {
  const spec = isFields(object.spec) ? object.spec : {}
  const status = isFields(object.status) ? object.status : {}
  const containers = Array.isArray(status.containerStatuses) ? status.containerStatuses.filter(isFields) : []
  const wanted = Array.isArray(spec.containers) ? spec.containers.length : containers.length
  const ready = containers.filter((one) => one.ready === true).length
  return [
    object.metadata.name,
    `${ready}/${wanted}`,
    statusWord(object, containers),
    restarts(containers, timeMs),
    age,
    String(status.podIP ?? '<none>'),
    String(spec.nodeName ?? '<none>'),
    '<none>',
    '<none>',
  ]
}

function statusWord(object: KubeObject, containers: readonly Readonly<Record<string, unknown>>[]): string {
  if (object.metadata.deletionTimestamp !== undefined) return 'Terminating'
  const status = isFields(object.status) ? object.status : {}
  for (const { state } of containers) {
    if (!isFields(state)) continue
    if (isFields(state.waiting)) return String(state.waiting.reason)
    if (isFields(state.terminated)) return String(state.terminated.reason)
  }
  return String(status.phase)
}

function restarts(containers: readonly Readonly<Record<string, unknown>>[], timeMs: number): string {
  const count = containers.reduce((sum, one) => sum + Number(one.restartCount ?? 0), 0)
  const ends = containers.flatMap(({ lastState }) =>
    isFields(lastState) && isFields(lastState.terminated) ? [String(lastState.terminated.finishedAt)] : [],
  )
  const last = ends.toSorted().at(-1)
  return count === 0 || last === undefined ? String(count) : `${count} (${sinceText(last, timeMs)} ago)`
}
