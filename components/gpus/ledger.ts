/** Strike is one piece of evidence against a card or machine, as health.strikes gives it. */
export type Strike = {
  readonly id: number
  readonly gpuUuid: string | null
  readonly machineId: string
  readonly hostId: string
  readonly instanceId: string
  readonly kind: string
  readonly code: number | null
  readonly at: string
  readonly detail: string
}

/** LedgerLine is a machine with all strikes against it over all rentals, newest first. */
export type LedgerLine = {
  readonly machineId: string
  readonly hostId: string
  readonly strikes: readonly Strike[]
  readonly cards: number
  readonly rentals: number
  readonly lastAt: string
}

/** ledgerOf groups strikes by machine: most strikes first, then the most recent. */
export function ledgerOf(strikes: readonly Strike[]): LedgerLine[] {
  const machines = new Map<string, Strike[]>()
  for (const strike of strikes) {
    const key = strike.machineId || `of instance ${strike.instanceId}`
    machines.set(key, [...(machines.get(key) ?? []), strike])
  }
  return [...machines]
    .map(([machineId, found]) => {
      const newest = found.toSorted((a, b) => b.at.localeCompare(a.at))
      return {
        machineId,
        hostId: newest[0]?.hostId ?? '',
        strikes: newest,
        cards: new Set(found.map((strike) => strike.gpuUuid).filter((uuid) => uuid !== null)).size,
        rentals: new Set(found.map((strike) => strike.instanceId)).size,
        lastAt: newest[0]?.at ?? '',
      }
    })
    .sort((a, b) => b.strikes.length - a.strikes.length || b.lastAt.localeCompare(a.lastAt))
}
