import type { Reply, Sink } from '../reply'
import type { KubeObject } from './model'
import type { Change, Store } from './store'

export type Watch = {
  readonly store: Store
  readonly resource: Change['resource']
  readonly kind: string
  readonly apiVersion: string
  readonly from: string | null
  readonly timeoutSeconds: number
  readonly bookmarks: boolean
  readonly meets: (object: KubeObject) => boolean
  readonly show: (object: KubeObject, isFirst: boolean) => unknown
  /** Brings the world to the present; false when another scenario has taken its place. */
  readonly refresh: () => boolean
}

const LOOK_MS = 100
const BOOKMARK_LOOKS = 100

export function watchReply(watch: Watch): Reply {
  return { status: 200, type: 'application/json', body: '', stream: (sink) => follow(watch, sink) }
}

function follow(watch: Watch, sink: Sink): void {
  const { store } = watch
  let first = true
  const send = (type: string, object: unknown): void => sink.write(`${JSON.stringify({ type, object })}\n`)
  const tell = (type: Change['type'], object: KubeObject): void => {
    send(type, watch.show(object, first))
    first = false
  }
  let version = Number(watch.from ?? 0)
  if (watch.from === null || version === 0) {
    for (const object of store.list(watch.resource)) if (watch.meets(object)) tell('ADDED', object)
    version = store.version
  }
  let looks = 0
  const timer = setInterval(look, LOOK_MS)
  sink.onClose(() => clearInterval(timer))
  look()

  function look(): void {
    looks += 1
    const changes = watch.refresh() ? store.since(version) : undefined
    if (changes === undefined) {
      send('ERROR', expired(version))
      end()
      return
    }
    for (const change of changes) tellChange(watch, change, tell)
    version = store.version
    if (watch.bookmarks && looks % BOOKMARK_LOOKS === 0) bookmark()
    if (looks * LOOK_MS >= watch.timeoutSeconds * 1000) end()
  }

  function bookmark(): void {
    const metadata = { name: '', uid: '', creationTimestamp: '', resourceVersion: String(version) }
    send('BOOKMARK', { kind: watch.kind, apiVersion: watch.apiVersion, metadata })
  }

  function end(): void {
    clearInterval(timer)
    if (watch.bookmarks) bookmark()
    sink.end()
  }
}

/** An object that begins or ceases to meet the selector appears or goes, whatever happened to it. */
function tellChange(
  watch: Watch,
  { type, resource, object, before }: Change,
  tell: (type: Change['type'], object: KubeObject) => void,
): void {
  if (resource !== watch.resource) return
  const was = before !== undefined && watch.meets(before)
  const is = type !== 'DELETED' && watch.meets(object)
  if (is) tell(was ? 'MODIFIED' : 'ADDED', object)
  else if (was) tell('DELETED', object)
}

function expired(version: number) {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `too old resource version: ${version}`,
    reason: 'Expired',
    code: 410,
  }
}
