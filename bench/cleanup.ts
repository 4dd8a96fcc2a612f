const endings = new Set<() => Promise<void>>()

/** atEnd remembers how to stop something that was started; calling what it gives back stops it, once. */
export function atEnd(stop: () => Promise<void>): () => Promise<void> {
  let stopping: Promise<void> | undefined
  const ending = (): Promise<void> => {
    endings.delete(ending)
    stopping ??= stop()
    return stopping
  }
  endings.add(ending)
  return ending
}

/** endAll stops whatever still runs, the last started first. */
export async function endAll(): Promise<void> {
  for (const ending of [...endings].reverse()) await ending().catch(() => undefined)
}
