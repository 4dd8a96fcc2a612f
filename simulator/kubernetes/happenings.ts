import { hashText, stampOf, suffix, uidOf } from './names'
import type { Happening } from './pod-run'
import type { Store } from './store'

export type Happened = {
  readonly kind: 'Pod' | 'ReplicaSet' | 'Deployment'
  readonly name: string
  readonly uid: string
  readonly namespace: string
}

type Kept = { readonly eventName: string; readonly firstMs: number; lastMs: number; count: number }

const KEPT_MS = 3_600_000

/** The events of the cluster; the same again counts up, and after an hour without it is forgotten. */
export class Happenings {
  private readonly known = new Map<string, Kept>()

  constructor(
    private readonly store: Store,
    private readonly seed: number,
    private readonly startMs: number,
  ) {}

  note(of: Happened, { type, reason, message }: Happening, atMs: number): void {
    const id = `${of.uid} ${reason} ${message}`
    const before = this.known.get(id)
    const kept: Kept = before ?? {
      eventName: `${of.name}.${suffix(this.seed, hashText(`${id} ${atMs}`), 12)}`,
      firstMs: atMs,
      lastMs: atMs,
      count: 0,
    }
    kept.count += 1
    kept.lastMs = atMs
    this.known.set(id, kept)
    const component = of.kind === 'Pod' ? 'kubelet' : `${of.kind.toLowerCase()}-controller`
    this.store.put(
      'events',
      {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: {
          name: kept.eventName,
          namespace: of.namespace,
          uid: uidOf(this.seed, hashText(kept.eventName)),
          resourceVersion: '',
          creationTimestamp: stampOf(this.startMs + kept.firstMs),
        },
        involvedObject: {
          apiVersion: of.kind === 'Pod' ? 'v1' : 'apps/v1',
          kind: of.kind,
          name: of.name,
          namespace: of.namespace,
          uid: of.uid,
        },
        reason,
        message,
        type,
        source: { component },
        reportingComponent: component,
        reportingInstance: '',
        firstTimestamp: stampOf(this.startMs + kept.firstMs),
        lastTimestamp: stampOf(this.startMs + kept.lastMs),
        eventTime: null,
        count: kept.count,
      },
      atMs,
    )
  }

  forget(atMs: number): void {
    for (const [id, kept] of this.known) {
      if (atMs - kept.lastMs <= KEPT_MS) continue
      this.known.delete(id)
      const namespace = this.store.list('events').find((one) => one.metadata.name === kept.eventName)
        ?.metadata.namespace
      this.store.remove('events', namespace ?? '', kept.eventName, atMs)
    }
  }
}
