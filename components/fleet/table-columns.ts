import { RATINGS } from '@/lib/health/model'
import { dollarsText, hostName, sourceOf, valueText } from './reading'
import { type FleetRows, indexOf } from './rows'

/** TableColumn is one column of the fleet table: `sortBy` gives what a row is ordered by, `text` what it shows. */
export type TableColumn = {
  readonly id: string
  readonly title: string
  readonly widthPx: number
  readonly isNumber: boolean
  readonly isUsual: boolean
  readonly sortBy: (fleet: FleetRows, row: number) => number | string
  readonly text: (fleet: FleetRows, row: number) => string
}

const URGENCY: readonly number[] = [4, 1, 0, 2, 3]

function instanceText(
  id: 'label' | 'region' | 'model' | 'owner' | 'image' | 'actual' | 'intended' | 'allocation' | 'id',
  options: { readonly title: string; readonly widthPx: number; readonly isUsual?: boolean },
): TableColumn {
  const read = (fleet: FleetRows, row: number): string =>
    fleet.instances[id][fleet.gpus.instance[row] ?? 0] ?? ''
  return {
    id: id === 'id' ? 'instance' : id,
    title: options.title,
    widthPx: options.widthPx,
    isNumber: false,
    isUsual: options.isUsual ?? true,
    sortBy: read,
    text: (fleet, row) => read(fleet, row) || 'not told',
  }
}

function figure(
  id: 'temp' | 'util' | 'vram' | 'xid',
  options: { readonly title: string; readonly unit: string; readonly widthPx: number },
): TableColumn {
  return {
    id,
    title: options.title,
    widthPx: options.widthPx,
    isNumber: true,
    isUsual: true,
    sortBy: (fleet, row) => fleet.gpus[id][row] ?? -1,
    text: (fleet, row) =>
      id === 'xid' && fleet.gpus.xid[row] === 0
        ? 'none'
        : valueText(fleet.gpus[id][row], options.unit).trim(),
  }
}

/** TABLE_COLUMNS lists every column of the fleet table in its order. */
export const TABLE_COLUMNS: readonly TableColumn[] = [
  {
    id: 'rating',
    title: 'Rating',
    widthPx: 104,
    isNumber: false,
    isUsual: true,
    sortBy: (fleet, row) => URGENCY[fleet.gpus.rating[row] ?? 3] ?? 9,
    text: (fleet, row) => RATINGS[fleet.gpus.rating[row] ?? 3] ?? 'unknown',
  },
  {
    id: 'gpu',
    title: 'Host, GPU',
    widthPx: 168,
    isNumber: false,
    isUsual: true,
    sortBy: (fleet, row) =>
      `${fleet.instances.host[fleet.gpus.instance[row] ?? 0]} ${String(row).padStart(6, '0')}`,
    text: (fleet, row) => `${hostName(fleet, fleet.gpus.instance[row] ?? 0)}, ${indexOf(fleet, row)}`,
  },
  {
    id: 'reason',
    title: 'Reason',
    widthPx: 288,
    isNumber: false,
    isUsual: true,
    sortBy: (fleet, row) => fleet.gpus.reason[row] ?? '',
    text: (fleet, row) => fleet.gpus.reason[row] || 'Within its limits',
  },
  figure('temp', { title: 'Temperature', unit: '°C', widthPx: 104 }),
  figure('util', { title: 'Busy', unit: '%', widthPx: 88 }),
  figure('vram', { title: 'Memory', unit: '%', widthPx: 88 }),
  figure('xid', { title: 'XID', unit: '', widthPx: 88 }),
  instanceText('label', { title: 'Label', widthPx: 136 }),
  instanceText('model', { title: 'Model', widthPx: 136 }),
  instanceText('region', { title: 'Region', widthPx: 112 }),
  instanceText('actual', { title: 'Actual', widthPx: 96 }),
  instanceText('intended', { title: 'Intended', widthPx: 96, isUsual: false }),
  instanceText('allocation', { title: 'Allocation', widthPx: 104 }),
  instanceText('id', { title: 'Instance', widthPx: 104, isUsual: false }),
  instanceText('owner', { title: 'Owner', widthPx: 104, isUsual: false }),
  instanceText('image', { title: 'Image', widthPx: 256, isUsual: false }),
  {
    id: 'price',
    title: 'Rental price',
    widthPx: 112,
    isNumber: true,
    isUsual: true,
    sortBy: (fleet, row) => fleet.instances.centsPerHour[fleet.gpus.instance[row] ?? 0] ?? -1,
    text: (fleet, row) => dollarsText(fleet.instances.centsPerHour[fleet.gpus.instance[row] ?? 0]),
  },
  {
    id: 'source',
    title: 'Source',
    widthPx: 96,
    isNumber: false,
    isUsual: true,
    sortBy: (fleet, row) => sourceOf(fleet, row).name,
    text: (fleet, row) => sourceOf(fleet, row).name,
  },
]

/** USUAL_COLUMNS are shown when the link names none. */
export const USUAL_COLUMNS: readonly string[] = TABLE_COLUMNS.filter((column) => column.isUsual).map(
  (column) => column.id,
)
