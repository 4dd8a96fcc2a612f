import { RATINGS } from './model'
import type { HealthState } from './state'

/** FleetExportRow is one GPU in an export; unknown figures are empty, never zero. */
export type FleetExportRow = {
  readonly instance: string
  readonly gpu: number
  readonly host: string
  readonly owner: string
  readonly region: string
  readonly model: string
  readonly label: string
  readonly image: string
  readonly rating: string
  readonly code: string
  readonly reason: string
  readonly utilPercent: number | null
  readonly tempC: number | null
  readonly vramPercent: number | null
  readonly xid: number | null
  readonly actual: string
  readonly intended: string
  readonly allocation: string
  readonly dollarsPerHour: number | null
  readonly observedAt: string | null
}

function known(value: number | undefined): number | null {
  return value === undefined || value < 0 ? null : value
}

function instant(seconds: number): string | null {
  return seconds > 0 ? new Date(seconds * 1000).toISOString() : null
}

/** exportRows lists every GPU, or those of `only` (GPU rows), in fleet order. */
export function exportRows(
  state: Pick<HealthState, 'instances' | 'gpus'>,
  only?: ReadonlySet<string>,
): FleetExportRow[] {
  const { instances, gpus } = state
  const rows: FleetExportRow[] = []
  for (let gpu = 0; gpu < gpus.count; gpu += 1) {
    const row = gpus.instance[gpu] ?? 0
    const index = gpu - (instances.firstGpu[row] ?? 0)
    const id = instances.id[row] ?? ''
    if (only && !only.has(`${id}/${index}`)) continue
    const seen =
      [0, instances.dcgmAt[row], instances.agentAt[row], instances.vastAt[row]][gpus.source[gpu] ?? 0] ?? 0
    const cents = known(instances.centsPerHour[row])
    rows.push({
      instance: id,
      gpu: index,
      host: instances.host[row] ?? '',
      owner: instances.owner[row] ?? '',
      region: instances.region[row] ?? '',
      model: instances.model[row] ?? '',
      label: instances.label[row] ?? '',
      image: instances.image[row] ?? '',
      rating: RATINGS[gpus.rating[gpu] ?? 3] ?? 'unknown',
      code: gpus.code[gpu] ?? '',
      reason: gpus.reason[gpu] ?? '',
      utilPercent: known(gpus.util[gpu]),
      tempC: known(gpus.temp[gpu]),
      vramPercent: known(gpus.vram[gpu]),
      xid: known(gpus.xid[gpu]),
      actual: instances.actual[row] ?? '',
      intended: instances.intended[row] ?? '',
      allocation: instances.allocation[row] ?? '',
      dollarsPerHour: cents === null ? null : cents / 100,
      observedAt: instant(seen),
    })
  }
  return rows
}

const FORMULA = /^[=+\-@\t\r\0]/

function cell(value: string | number | null): string {
  if (value === null) return ''
  const text = typeof value === 'string' && FORMULA.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const COLUMNS = [
  'instance',
  'gpu',
  'host',
  'owner',
  'region',
  'model',
  'label',
  'image',
  'rating',
  'code',
  'reason',
  'utilPercent',
  'tempC',
  'vramPercent',
  'xid',
  'actual',
  'intended',
  'allocation',
  'dollarsPerHour',
  'observedAt',
] as const satisfies readonly (keyof FleetExportRow)[]

/** csvOf writes RFC 4180 with a header; a text that a spreadsheet would take for a formula gets a leading apostrophe. */
export function csvOf(rows: readonly FleetExportRow[]): string {
  return [COLUMNS.join(','), ...rows.map((row) => COLUMNS.map((name) => cell(row[name])).join(','))].join(
    '\r\n',
  )
}
