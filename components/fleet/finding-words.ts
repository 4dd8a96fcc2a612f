const TITLES: Readonly<Record<string, string>> = {
  'gpu.fell-off-bus': 'Fallen off the bus',
  'gpu.ecc-uncorrectable': 'Memory errors',
  'gpu.row-remap': 'Memory row remapping',
  'gpu.nvlink': 'NVLink',
  'gpu.driver': 'Driver or on-card processor',
  'gpu.thermal': 'Heat and throttling',
  'gpu.vram-full': 'Memory full',
  'gpu.application-fault': 'Faults of a program, card well',
  'gpu.xid': 'Other XID',
  'xid.latched': 'XID of unknown age',
  'gpu.not-evaluated': 'Not evaluated yet',
  'gpu.instance-only': 'Not observable per card',
}

/** findingTitle names a verdict's code in a few words; a code that is not in the list is shown in its own words. */
export function findingTitle(code: string): string {
  const known = TITLES[code]
  if (known) return known
  const words = code.replace(/^[a-z]+\./, '').replaceAll('-', ' ')
  return words === '' ? 'Not named' : words.charAt(0).toUpperCase() + words.slice(1)
}
