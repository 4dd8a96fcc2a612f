/** ThrottleName names a clock-event bit of NVML; `idle` and `power-cap` are normal. */
export type ThrottleName =
  | 'idle'
  | 'clocks-setting'
  | 'power-cap'
  | 'hw-slowdown'
  | 'sync-boost'
  | 'sw-thermal'
  | 'hw-thermal'
  | 'power-brake'
  | 'display'

const BITS: readonly (readonly [number, ThrottleName])[] = [
  [0x1, 'idle'],
  [0x2, 'clocks-setting'],
  [0x4, 'power-cap'],
  [0x8, 'hw-slowdown'],
  [0x10, 'sync-boost'],
  [0x20, 'sw-thermal'],
  [0x40, 'hw-thermal'],
  [0x80, 'power-brake'],
  [0x100, 'display'],
]

/** throttleNames gives the names of the set bits; bits without a name are left out. */
export function throttleNames(mask: number): readonly ThrottleName[] {
  return BITS.filter(([bit]) => Math.floor(mask / bit) % 2 === 1).map(([, name]) => name)
}
