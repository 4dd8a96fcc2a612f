import { readdirSync, readFileSync } from 'node:fs'

/** Use is what processes have used: CPU seconds since they began, and memory held now. */
export type Use = { readonly cpuSeconds: number; readonly rssMiB: number }

const TICKS_PER_SECOND = 100
const PAGE_BYTES = 4096

function statOf(pid: number): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

/** treeOf gives processes with all their descendants. */
export function treeOf(pids: readonly number[]): readonly number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    const parent = Number.isInteger(pid) ? Number(statOf(pid)?.[1] ?? -1) : -1
    if (parent >= 0) children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  const all = [...pids]
  for (let at = 0; at < all.length; at += 1) all.push(...(children.get(all[at] ?? -1) ?? []))
  return [...new Set(all)]
}

/** usageOf adds up what these processes use; processes that are gone count nothing. */
export function usageOf(pids: readonly number[]): Use {
  let ticks = 0
  let pages = 0
  for (const pid of pids) {
    const fields = statOf(pid)
    if (!fields) continue
    ticks += Number(fields[11]) + Number(fields[12])
    pages += Number(fields[21])
  }
  return { cpuSeconds: ticks / TICKS_PER_SECOND, rssMiB: (pages * PAGE_BYTES) / 2 ** 20 }
}

/** peakRssMiB is the most memory that a process ever held at once. */
export function peakRssMiB(pid: number): number {
  try {
    const line = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return Number(line?.[1] ?? Number.NaN) / 1024
  } catch {
    return Number.NaN
  }
}

/** CpuWatch measures the CPU of named groups of processes over a span of time. */
export type CpuWatch = { readonly percentOfCore: () => Promise<Record<string, number>> }

/** Group names processes at a moment; one that comes later counts from its beginning. */
export type Group = () => readonly number[] | Promise<readonly number[]>

async function cpuByPid(group: Group): Promise<ReadonlyMap<number, number>> {
  return new Map(treeOf(await group()).map((pid) => [pid, usageOf([pid]).cpuSeconds]))
}

/** watchCpu starts now; percentOfCore gives each group's share of one core since then. */
export async function watchCpu(groups: Readonly<Record<string, Group>>): Promise<CpuWatch> {
  const before = new Map<string, ReadonlyMap<number, number>>()
  for (const [name, group] of Object.entries(groups)) before.set(name, await cpuByPid(group))
  const startedMs = performance.now()
  return {
    percentOfCore: async () => {
      const seconds = (performance.now() - startedMs) / 1000
      const shares: Record<string, number> = {}
      for (const [name, group] of Object.entries(groups)) {
        const known = before.get(name)
        let used = 0
        for (const [pid, cpu] of await cpuByPid(group)) used += cpu - (known?.get(pid) ?? 0)
        shares[name] = (100 * used) / seconds
      }
      return shares
    },
  }
}

/** rigGroups are the processes of the product and around it, each apart. */
export function rigGroups(rig: {
  readonly web: { readonly pid: number }
  readonly worker: { readonly pid: number }
  readonly simulator: { readonly pid: number }
  readonly database: { readonly backends: () => Promise<readonly number[]> }
}): Readonly<Record<'web' | 'worker' | 'postgres' | 'simulator', Group>> {
  return {
    web: () => [rig.web.pid],
    worker: () => [rig.worker.pid],
    postgres: rig.database.backends,
    simulator: () => [rig.simulator.pid],
  }
}
