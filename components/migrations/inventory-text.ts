import type { CommandInput } from '@/lib/registry'
import type { MigrationData } from './types'

type Inventory = CommandInput<'migrations.saveInventory'>['inventory']
type Types = { readonly name: string; readonly records: number | null }[]

/** typesText writes data types as lines that people edit. */
export function typesText(inventory: MigrationData['inventory']): string {
  return (inventory?.dataTypes ?? [])
    .map(({ name, records }) => `${name} ${records ?? ''}`.trimEnd())
    .join('\n')
}

function typesOf(text: string): Types | string {
  const types: Types = []
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '') continue
    const match = /^(\S.*?)(?:\s+([\d ,_]+))?$/.exec(line)
    const name = match?.[1]
    if (name === undefined) return `“${line}” is no data type with a count.`
    const records = match?.[2] === undefined ? null : Number(match[2].replace(/[ ,_]/g, ''))
    types.push({ name, records })
  }
  return types
}

function scanOf(text: string): Inventory | string {
  try {
    const read: unknown = JSON.parse(text)
    if (read !== null && typeof read === 'object' && 'providers' in read) return read as Inventory
    return 'The scan is JSON, but no inventory.'
  } catch {
    return 'The scan is not JSON. Run the scanner with --json.'
  }
}

/**
 * inventoryOf joins what the scanner printed with the data types that somebody counted; a text says what is wrong. Without
 * any scan it names the provider by hand.
 */
export function inventoryOf(given: {
  readonly scan: string
  readonly types: string
  readonly provider: string
  readonly before: MigrationData['inventory']
}): Inventory | string {
  const types = typesOf(given.types)
  if (typeof types === 'string') return types
  const scanned = given.scan.trim() === '' ? undefined : scanOf(given.scan)
  if (typeof scanned === 'string') return scanned
  const base = scanned ?? given.before ?? { providers: [byHand(given.provider)] }
  const known = new Set(types.map(({ name }) => name))
  const others = (base.dataTypes ?? []).filter(({ name }) => !known.has(name))
  return { ...base, dataTypes: [...types, ...(scanned ? others : [])] }
}

function byHand(name: string) {
  const id = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
  const none = {
    findings: 0,
    files: 0,
    integrationPoints: 0,
    dependencies: [],
    credentials: [],
    customisations: [],
  }
  return { id, name, ...none }
}
