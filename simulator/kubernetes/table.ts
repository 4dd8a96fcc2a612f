import { sinceText } from './ages'
import { isFields, type KubeObject, type Texts } from './model'
import { HOST } from './routes'
import { type Cells, podCells } from './table-pod'

type Column = { readonly name: string; readonly type: string; readonly priority: number }

const COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  Pod: columns('Name|Ready|Status|Restarts|Age', 'IP|Node|Nominated Node|Readiness Gates'),
  Deployment: columns('Name|Ready|Up-to-date|Available|Age', 'Containers|Images|Selector'),
  ReplicaSet: columns('Name|Desired|Current|Ready|Age', 'Containers|Images|Selector'),
  Secret: columns('Name|Type|Data|Age'),
  HTTPRoute: columns('Name|Hostnames|Age'),
  Ingress: columns('Name|Class|Hosts|Address|Ports|Age'),
  Namespace: columns('Name|Status|Age'),
  Node: columns('Name|Status|Roles|Age|Version', 'Internal-IP|OS-Image|Container-Runtime'),
  Event: columns('Last Seen|Type|Reason|Object|Message', 'Source|First Seen|Count|Name'),
}

/** Columns that are always shown, and those that only a wide listing shows. */
function columns(plain: string, wide = ''): readonly Column[] {
  const made = (text: string, priority: number): Column[] =>
    text === '' ? [] : text.split('|').map((name) => ({ name, type: 'string', priority }))
  return [...made(plain, 0), ...made(wide, 1)]
}

type TableInput = {
  readonly objects: readonly KubeObject[]
  readonly kind: string
  readonly timeMs: number
  readonly includeObject: string
  readonly resourceVersion: string
  readonly withColumns: boolean
}

/** What `kubectl get` prints: the server makes the cells. */
export function tableOf({ objects, kind, timeMs, includeObject, resourceVersion, withColumns }: TableInput) {
  const definitions = (COLUMNS[kind] ?? columns('Name|Age')).map((column) => ({
    ...column,
    format: column.name === 'Name' ? 'name' : '',
    description: column.name,
  }))
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion },
    columnDefinitions: withColumns ? definitions : null,
    rows: objects.map((object) => ({
      cells: cellsOf(object, timeMs),
      ...(includeObject === 'None' ? {} : { object: includeObject === 'Object' ? object : partial(object) }),
    })),
  }
}

export function partial(object: KubeObject): KubeObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata }
}

function cellsOf(object: KubeObject, timeMs: number): Cells {
  const { name, creationTimestamp } = object.metadata
  const age = sinceText(creationTimestamp, timeMs)
  const spec = isFields(object.spec) ? object.spec : {}
  const status = isFields(object.status) ? object.status : {}
  const number = (value: unknown): number => (typeof value === 'number' ? value : 0)
  switch (object.kind) {
    case 'Pod':
      return podCells(object, age, timeMs)
    case 'Deployment':
      return [
        name,
        `${number(status.readyReplicas)}/${number(spec.replicas)}`,
        number(status.updatedReplicas),
        number(status.availableReplicas),
        age,
        ...workloadCells(spec),
      ]
    case 'ReplicaSet':
      return [
        name,
        number(spec.replicas),
        number(status.replicas),
        number(status.readyReplicas),
        age,
        ...workloadCells(spec),
      ]
    case 'Secret':
      return [name, String(object.type), Object.keys(isFields(object.data) ? object.data : {}).length, age]
    case 'HTTPRoute':
      return [name, JSON.stringify(spec.hostnames ?? []), age]
    case 'Ingress':
      return [name, String(spec.ingressClassName ?? '<none>'), HOST, '', '80', age]
    case 'Namespace':
      return [name, String(status.phase), age]
    case 'Node':
      return nodeCells(object, age)
    case 'Event':
      return eventCells(object, timeMs)
    default:
      return [name, age]
  }
}

function workloadCells(spec: Readonly<Record<string, unknown>>): Cells {
  const template = isFields(spec.template) && isFields(spec.template.spec) ? spec.template.spec : {}
  const containers = Array.isArray(template.containers) ? template.containers.filter(isFields) : []
  const labels =
    isFields(spec.selector) && isFields(spec.selector.matchLabels) ? spec.selector.matchLabels : {}
  return [
    containers.map(({ name }) => name).join(','),
    containers.map(({ image }) => image).join(','),
    Object.entries(labels)
      .map(([key, value]) => `${key}=${String(value)}`)
      .join(','),
  ]
}

function nodeCells({ metadata, status }: KubeObject, age: string): Cells {
  const fields = isFields(status) ? status : {}
  const conditions = Array.isArray(fields.conditions) ? fields.conditions.filter(isFields) : []
  const ready = conditions.some(({ type, status: state }) => type === 'Ready' && state === 'True')
  const info: Texts = isFields(fields.nodeInfo) ? (fields.nodeInfo as Texts) : {}
  const addresses = Array.isArray(fields.addresses) ? fields.addresses.filter(isFields) : []
  const ip = String(addresses.find(({ type }) => type === 'InternalIP')?.address ?? '<none>')
  return [
    metadata.name,
    ready ? 'Ready' : 'NotReady',
    '<none>',
    age,
    info.kubeletVersion ?? '',
    ip,
    info.osImage ?? '',
    info.containerRuntimeVersion ?? '',
  ]
}

function eventCells(object: KubeObject, timeMs: number): Cells {
  const about = isFields(object.involvedObject) ? object.involvedObject : {}
  const source = isFields(object.source) ? object.source : {}
  return [
    sinceText(String(object.lastTimestamp), timeMs),
    String(object.type),
    String(object.reason),
    `${String(about.kind).toLowerCase()}/${String(about.name)}`,
    String(object.message),
    String(source.component ?? ''),
    sinceText(String(object.firstTimestamp), timeMs),
    typeof object.count === 'number' ? object.count : 1,
    object.metadata.name,
  ]
}
