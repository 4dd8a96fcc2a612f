const NAMES: readonly (readonly [name: string, ...codes: readonly number[]])[] = [
  ['stopped processing', 8],
  ['damaged command stream', 11, 25, 80],
  ['graphics exception', 13],
  ['page fault', 31],
  ['corrupt command stream', 32],
  ['fault inside the driver', 37, 38, 44],
  ['copy engine error', 39, 40, 41, 70, 71, 72, 75, 76, 77, 85, 126, 127, 128, 129, 130, 131, 132, 133],
  ['copy engine error', 134, 135],
  ['job ended by a fault', 43],
  ['clean-up', 45],
  ['timeout', 46],
  ['double bit', 48],
  ['power not connected', 54],
  ['micro-controller stop', 61],
  ['micro-controller halt', 62],
  ['row remapped', 63],
  ['row remap failed', 64],
  ['driver touched a closed area', 66, 67],
  ['video or image engine error', 68, 82, 83, 84, 86, 88, 89, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105],
  ['graphics engine error', 69],
  ['NVLink error', 74],
  ['virtual GPU did not start', 78],
  ['off the bus', 79],
  ['many single-bit errors', 92],
  ["wear of the card's own storage", 93],
  ['memory error, contained', 94],
  ['memory error, not contained', 95],
  ['switch timeout', 109],
  ['security fault', 110],
  ['GSP timeout', 119],
  ['GSP error', 120],
  ['chip-to-chip link error', 121],
  ['link training failed', 136],
  ['link access refused', 137],
  ['memory error, not recovered', 140],
  ['fast path not used', 141],
  ['card did not start', 143],
  ['link between GPUs failed', 144, 145, 146, 147, 148, 149, 150],
  ['key change failed', 151],
  ['recovery asked for', 154],
  ['link or resource lost for good', 155, 156, 158],
  ['part of the memory retired', 157, 160, 161],
  ['error in shared memory traffic', 159],
  ['power smoothing', 162, 163, 164, 165],
  ['connection to the host timed out', 167],
  ['protected area or controller error', 168, 169, 170],
  ['detail of a memory error', 171, 172],
]

const BY_CODE: ReadonlyMap<number, string> = new Map(
  NAMES.flatMap(([name, ...codes]) => codes.map((code): [number, string] => [code, name])),
)

/** NAMED_XIDS are the codes that the catalogue lists, ascending. */
export const NAMED_XIDS: readonly number[] = [...BY_CODE.keys()].sort((left, right) => left - right)

/** xidName is a code's short name for lists; a code that the catalogue lacks says so. */
export function xidName(code: number): string {
  return BY_CODE.get(code) ?? 'not in our list'
}
