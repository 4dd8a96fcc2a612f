import type { GroupBy } from './params'
import type { FleetRows } from './rows'

/** Block is one host or rental with its GPU rows in index order. */
export type Block = { readonly name: string; readonly gpus: number[] }

/** Section is a heading with its blocks. */
export type Section = { readonly name: string; readonly blocks: Block[]; gpus: number }

/** GROUPS names the groupings in the order of the menu. */
export const GROUPS: readonly { readonly id: GroupBy; readonly title: string }[] = [
  { id: 'host', title: 'Host' },
  { id: 'region', title: 'Region' },
  { id: 'model', title: 'Model' },
  { id: 'label', title: 'Label' },
  { id: 'image', title: 'Image' },
]

/**
 * arrange sorts the shown instances into sections by name and blocks in snapshot order, so a host keeps its place.
 * Grouping by host makes one block a host under its region; any other grouping makes one block a rental.
 */
export function arrange({
  fleet,
  shown,
  group,
}: {
  readonly fleet: FleetRows
  readonly shown: Uint8Array
  readonly group: GroupBy
}): Section[] {
  const headings = group === 'host' ? fleet.instances.region : fleet.instances[group]
  const sections = new Map<string, Section>()
  const hosts = new Map<string, Block>()
  for (let row = 0; row < fleet.instances.count; row += 1) {
    const count = fleet.instances.gpus[row] ?? 0
    if (shown[row] !== 1 || count === 0) continue
    const heading = headings[row] || 'not named'
    const section = sections.get(heading) ?? { name: heading, blocks: [], gpus: 0 }
    sections.set(heading, section)
    const block = blockFor({ fleet, row, group, section, hosts })
    const first = fleet.instances.firstGpu[row] ?? 0
    for (let index = 0; index < count; index += 1) block.gpus.push(first + index)
    section.gpus += count
  }
  return [...sections.values()].sort((a, b) => a.name.localeCompare(b.name, 'en'))
}

function blockFor(at: {
  readonly fleet: FleetRows
  readonly row: number
  readonly group: GroupBy
  readonly section: Section
  readonly hosts: Map<string, Block>
}): Block {
  const { instances } = at.fleet
  const name = at.group === 'host' ? instances.host[at.row] : instances.id[at.row]
  const key = `${at.section.name}\n${name}`
  const known = at.group === 'host' ? at.hosts.get(key) : undefined
  if (known) return known
  const block: Block = { name: name ?? '', gpus: [] }
  at.section.blocks.push(block)
  at.hosts.set(key, block)
  return block
}
