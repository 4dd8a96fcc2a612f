import type { KubeObject, ResourceName } from './model'

export type Change = {
  readonly version: number
  readonly atMs: number
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly resource: ResourceName
  readonly object: KubeObject
  readonly before?: KubeObject
}

const KEPT_CHANGES = 4000
const FIRST_VERSION = 100_000

/** Every object with its versions: what a list answers now or at an earlier instant, and what a watch is told. */
export class Store {
  private readonly objects = new Map<string, KubeObject>()
  private changes: Change[] = []
  private oldest = FIRST_VERSION
  version = FIRST_VERSION

  get(resource: ResourceName, namespace: string, name: string): KubeObject | undefined {
    return this.objects.get(key(resource, namespace, name))
  }

  /** All objects of a resource in the order of their names, as they stood at the instant. */
  list(resource: ResourceName, atMs = Number.POSITIVE_INFINITY): readonly KubeObject[] {
    const found = new Map<string, KubeObject>()
    for (const [id, object] of this.objects) if (id.startsWith(`${resource}/`)) found.set(id, object)
    for (let index = this.changes.length - 1; index >= 0; index -= 1) {
      const change = this.changes[index]
      if (change === undefined || change.atMs <= atMs) break
      if (change.resource !== resource) continue
      const id = keyOf(resource, change.object)
      if (change.before === undefined) found.delete(id)
      else found.set(id, change.before)
    }
    return [...found.entries()].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, object]) => object)
  }

  /** Writes an object; one that does not differ from what stands there is no change. */
  put<Kept extends KubeObject>(resource: ResourceName, object: Kept, atMs: number): Kept {
    const id = keyOf(resource, object)
    const before = this.objects.get(id)
    if (before !== undefined && isSame(before, object)) return object
    this.version += 1
    const kept = {
      ...object,
      metadata: { ...object.metadata, resourceVersion: String(this.version) },
    }
    this.objects.set(id, kept)
    this.note({ type: before === undefined ? 'ADDED' : 'MODIFIED', resource, object: kept, atMs, before })
    return kept
  }

  remove(resource: ResourceName, namespace: string, name: string, atMs: number): KubeObject | undefined {
    const id = key(resource, namespace, name)
    const before = this.objects.get(id)
    if (before === undefined) return undefined
    this.objects.delete(id)
    this.version += 1
    const object = { ...before, metadata: { ...before.metadata, resourceVersion: String(this.version) } }
    this.note({ type: 'DELETED', resource, object, atMs, before })
    return before
  }

  /** What changed after a version; undefined when that is too long ago to tell. */
  since(version: number): readonly Change[] | undefined {
    if (version < this.oldest) return undefined
    if (version >= this.version) return []
    return this.changes.filter((change) => change.version > version)
  }

  private note(change: Omit<Change, 'version'>): void {
    this.changes.push({ ...change, version: this.version })
    if (this.changes.length <= KEPT_CHANGES * 2) return
    this.changes = this.changes.slice(-KEPT_CHANGES)
    this.oldest = (this.changes[0]?.version ?? this.version) - 1
  }
}

function key(resource: ResourceName, namespace: string, name: string): string {
  return `${resource}/${namespace}/${name}`
}

function keyOf(resource: ResourceName, { metadata }: KubeObject): string {
  return key(resource, metadata.namespace ?? '', metadata.name)
}

function isSame(left: KubeObject, right: KubeObject): boolean {
  const plain = (object: KubeObject): string =>
    JSON.stringify({ ...object, metadata: { ...object.metadata, resourceVersion: '' } })
  return plain(left) === plain(right)
}
