/** instanceOfPoller finds the instance in a poller's identity (`C.<id>`); undefined when it names none. */
export function instanceOfPoller(identity: string): string | undefined {
  return /\bC\.(\d+)\b/.exec(identity)?.[1]
}

/** Poll is the last poll of one instance's worker, epoch ms. */
export type Poll = { readonly id: string; readonly atMs: number }

// A queue is described anew far less often than it is looked at: what its list says is read once.
const READ = new WeakMap<object, readonly Poll[]>()

/** pollsIn are the polls of a queue's list whose identity names an instance. */
export function pollsIn(
  pollers: readonly { readonly identity: string; readonly lastAt: Date }[],
): readonly Poll[] {
  const known = READ.get(pollers)
  if (known) return known
  const made = pollers.flatMap(({ identity, lastAt }) => {
    const id = instanceOfPoller(identity)
    return id === undefined ? [] : [{ id, atMs: lastAt.getTime() }]
  })
  READ.set(pollers, made)
  return made
}
