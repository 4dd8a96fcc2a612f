/** Fields is a JSON object of the API as it was read: nothing of it is dropped or renamed on its way back. */
export type Fields = { readonly [key: string]: unknown }

/** Operation is one step of a JSON patch (RFC 6902). */
export type Operation = {
  readonly op: 'test' | 'add' | 'replace'
  readonly path: string
  readonly value: unknown
}

/** RUNS is the annotation that carries the marks of the newest runs, newest last. */
export const RUNS = 'watchfloor.dev/runs'
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt'
const HASH_LABEL = 'pod-template-hash'
const KEPT_RUNS = 5
/** What belongs to the deployment itself and does not come back with an old revision. */
const OWN_ANNOTATIONS: readonly string[] = [
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  RUNS,
]

/** fieldsOf is a value as an object, empty when it is none. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}

/** listOf is a value as a list of objects. */
export function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : []
}

/** runsOf are the marks that an object carries. */
export function runsOf(object: Fields): readonly string[] {
  const text = fieldsOf(fieldsOf(object.metadata).annotations)[RUNS]
  return typeof text === 'string' ? text.split(',').filter((one) => one !== '') : []
}

/** runsWith is the annotation's text with one more run. */
export function runsWith(object: Fields, runId: string): string {
  return [...runsOf(object).filter((one) => one !== runId), runId].slice(-KEPT_RUNS).join(',')
}

/** guards make a patch apply only to the deployment as it was read: the same object, the same specification, the same marks. */
function guards(deployment: Fields): Operation[] {
  const metadata = fieldsOf(deployment.metadata)
  const runs = fieldsOf(metadata.annotations)[RUNS]
  return [
    { op: 'test', path: '/metadata/uid', value: metadata.uid },
    { op: 'test', path: '/metadata/generation', value: metadata.generation },
    ...(runs === undefined
      ? []
      : [{ op: 'test' as const, path: pointer('metadata', 'annotations', RUNS), value: runs }]),
  ]
}

function mark(deployment: Fields, runId: string): Operation {
  const { annotations } = fieldsOf(deployment.metadata)
  const value = runsWith(deployment, runId)
  if (annotations === undefined) return { op: 'add', path: '/metadata/annotations', value: { [RUNS]: value } }
  return { op: 'add', path: pointer('metadata', 'annotations', RUNS), value }
}

/** pointer is a JSON pointer of these names. */
export function pointer(...names: readonly (string | number)[]): string {
  return names.map((name) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** templateOf is a deployment's or replica set's pod template. */
export function templateOf(object: Fields): Fields {
  return fieldsOf(fieldsOf(object.spec).template)
}

/** containersOf are the containers of a workload's template. */
export function containersOf(object: Fields): readonly Fields[] {
  return listOf(fieldsOf(templateOf(object).spec).containers)
}

/** envPatch sets one variable of one container; undefined when there is no such container. */
export function envPatch(
  deployment: Fields,
  {
    container,
    name,
    value,
    runId,
  }: { readonly container: string; readonly name: string; readonly value: string; readonly runId: string },
): readonly Operation[] | undefined {
  const index = containersOf(deployment).findIndex((one) => one.name === container)
  if (index < 0) return undefined
  const at = ['spec', 'template', 'spec', 'containers', index] as const
  const entry = { name, value }
  const env = containersOf(deployment)[index]?.env
  const place = listOf(env).findIndex((one) => one.name === name)
  const change: Operation =
    env === undefined
      ? { op: 'add', path: pointer(...at, 'env'), value: [entry] }
      : place < 0
        ? { op: 'add', path: pointer(...at, 'env', '-'), value: entry }
        : { op: 'replace', path: pointer(...at, 'env', place), value: entry }
  return [...guards(deployment), change, mark(deployment, runId)]
}

/** restartPatch stamps the template, as `kubectl rollout restart` does. */
export function restartPatch(
  deployment: Fields,
  { at, runId }: { readonly at: Date; readonly runId: string },
): readonly Operation[] {
  const stamp = `${at.toISOString().slice(0, 19)}Z`
  const metadata = templateOf(deployment).metadata
  const annotations = fieldsOf(metadata).annotations
  const change: Operation =
    metadata === undefined
      ? { op: 'add', path: '/spec/template/metadata', value: { annotations: { [RESTARTED_AT]: stamp } } }
      : annotations === undefined
        ? { op: 'add', path: '/spec/template/metadata/annotations', value: { [RESTARTED_AT]: stamp } }
        : {
            op: 'add',
            path: pointer('spec', 'template', 'metadata', 'annotations', RESTARTED_AT),
            value: stamp,
          }
  return [...guards(deployment), change, mark(deployment, runId)]
}

/** undoPatch brings back a replica set's template and the annotations that came with it, as `kubectl rollout undo` does. */
export function undoPatch(
  deployment: Fields,
  { replicaSet, runId }: { readonly replicaSet: Fields; readonly runId: string },
): readonly Operation[] {
  const own = fieldsOf(fieldsOf(deployment.metadata).annotations)
  const old = fieldsOf(fieldsOf(replicaSet.metadata).annotations)
  const annotations = {
    ...picked(own, (name) => OWN_ANNOTATIONS.includes(name)),
    ...picked(old, (name) => !OWN_ANNOTATIONS.includes(name)),
    [RUNS]: runsWith(deployment, runId),
  }
  return [
    ...guards(deployment),
    { op: 'replace', path: '/spec/template', value: bareTemplate(replicaSet) },
    { op: 'add', path: '/metadata/annotations', value: annotations },
  ]
}

/** bareTemplate is a replica set's template without the label that the controller added. */
export function bareTemplate(replicaSet: Fields): Fields {
  const template = templateOf(replicaSet)
  const metadata = fieldsOf(template.metadata)
  const labels = picked(fieldsOf(metadata.labels), (name) => name !== HASH_LABEL)
  return { ...template, metadata: { ...metadata, labels } }
}

function picked(fields: Fields, keep: (name: string) => boolean): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => keep(name)))
}

/** isSame compares two JSON values whatever the order of their fields. */
export function isSame(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, index) => isSame(item, right[index]))
  const [one, other] = [fieldsOf(left), fieldsOf(right)]
  const isObject = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  if (isObject(left) && isObject(right)) {
    const names = new Set([...Object.keys(one), ...Object.keys(other)])
    return [...names].every((name) => isSame(one[name], other[name]))
  }
  return left === right
}
