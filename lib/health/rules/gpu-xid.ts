import type { Verdict } from '../model'

// Weights: broken until reset, degraded, a fault of the program on it, or nothing.
type XidWeight = 'hardware' | 'degraded' | 'application' | 'info' | 'unlisted'

// By the catalogue of NVIDIA (2025-10) and fleet practice.
function xidWeight(code: number): XidWeight {
  if (HARDWARE.has(code)) return 'hardware'
  if (DEGRADED.has(code)) return 'degraded'
  if (APPLICATION.has(code)) return 'application'
  return INFO.has(code) ? 'info' : 'unlisted'
}

function xidLeaf(code: number): string {
  if (code === 79) return 'gpu.fell-off-bus'
  if (ECC.has(code)) return 'gpu.ecc-uncorrectable'
  if (code === 63 || code === 64) return 'gpu.row-remap'
  if (NVLINK.has(code)) return 'gpu.nvlink'
  if (DRIVER.has(code)) return 'gpu.driver'
  return APPLICATION.has(code) ? 'gpu.application-fault' : 'gpu.xid'
}

/**
 * xidVerdict judges the latched XID gauge: `appearedAt` is when we saw the code come (undefined: it stood there
 * at our first look), `watchedSince` when we first saw it. Undefined means no finding. Instants are epoch ms.
 */
export function xidVerdict(input: {
  readonly code: number | undefined
  readonly appearedAt: number | undefined
  readonly watchedSince: number
  readonly nowMs: number
  readonly freshMs: number
}): Verdict | undefined {
  const { code, appearedAt, watchedSince, nowMs, freshMs } = input
  if (code === undefined || code === 0) return undefined
  const weight = xidWeight(code)
  if (weight === 'info') return undefined
  if (appearedAt === undefined) {
    const watchedLong = nowMs - watchedSince > freshMs
    return watchedLong && weight === 'application' ? undefined : cached(code, 'latched')
  }
  if (nowMs - appearedAt <= freshMs) return cached(code, 'fresh')
  return weight === 'application' ? undefined : cached(code, 'standing')
}

type Age = 'fresh' | 'standing' | 'latched'

function codes(...ranges: readonly (number | readonly [number, number])[]): ReadonlySet<number> {
  const all = new Set<number>()
  for (const range of ranges) {
    const [from, to] = typeof range === 'number' ? [range, range] : range
    for (let code = from; code <= to; code += 1) all.add(code)
  }
  return all
}

const HARDWARE = codes(
  32,
  46,
  48,
  54,
  61,
  62,
  64,
  74,
  79,
  [94, 95],
  [109, 110],
  [119, 120],
  136,
  140,
  143,
  [144, 151],
  [155, 156],
  158,
  167,
)
const DEGRADED = codes(
  11,
  25,
  [39, 41],
  63,
  69,
  [70, 72],
  [75, 78],
  80,
  85,
  92,
  121,
  [126, 135],
  137,
  154,
  157,
  [159, 161],
  [168, 170],
)
const APPLICATION = codes(8, 13, 31, 43, 45, 68, [82, 84], 86, [88, 89], [96, 105])
const INFO = codes([37, 38], 44, [66, 67], 93, 141, [162, 165], [171, 172])
const ECC = codes(48, [94, 95], 140)
const NVLINK = codes(74, 136, [144, 150], 155)
const DRIVER = codes([61, 62], [119, 120], 143)

const NAMES: Readonly<Record<number, string>> = {
  8: 'the card stopped processing',
  13: 'a program raised a graphics exception',
  31: 'a program touched memory it does not own',
  32: 'the command stream was corrupted',
  43: 'a program made the card stop its work',
  45: "a program's work was cleaned up after another fault",
  46: 'the card timed out',
  48: 'a double-bit memory error',
  61: 'an internal controller stopped at a breakpoint',
  62: 'an internal controller halted',
  63: 'a faulty memory row was marked for remapping',
  64: 'a faulty memory row could not be remapped',
  74: 'an NVLink error',
  79: 'the GPU has fallen off the bus',
  92: 'many single-bit memory errors',
  94: 'a memory error, contained to one program',
  95: 'a memory error, not contained',
  109: 'a context switch timed out',
  110: 'a security fault',
  119: 'the GPU system processor does not answer',
  120: 'the GPU system processor failed',
  136: 'NVLink training failed',
  140: 'an unrecovered memory error',
  143: 'the GPU could not be initialised',
  154: 'the driver asks for another recovery step',
}

const CODE_PATH = 'Look at the program that ran on it; do not replace the card.'
const DRAIN = 'Drain the host, keep the evidence, rent elsewhere, report the machine.'

// The gauge shows at most one of some hundred codes in three ages: the cache is bounded and makes verdicts shared.
const CACHE = new Map<string, Verdict>()

function cached(code: number, age: Age): Verdict {
  const key = `${age}:${code}`
  const found = CACHE.get(key)
  if (found) return found
  const verdict = wordsOf(code, age)
  if (CACHE.size < 2_000) CACHE.set(key, verdict)
  return verdict
}

function wordsOf(code: number, age: Age): Verdict {
  const weight = xidWeight(code)
  const name = NAMES[code] ?? (weight === 'unlisted' ? 'a code that is not in the catalogue' : nameOf(weight))
  if (age === 'latched') {
    return {
      rating: 'warning',
      code: 'xid.latched',
      reason: `XID ${code}: ${name}. It stood there at our first look: old or new is unknown`,
      action:
        weight === 'application' ? CODE_PATH : "Read the host's log for its time, or recycle the instance.",
    }
  }
  const standing = age === 'standing' ? '. Not reset since' : ''
  const leaf = xidLeaf(code)
  switch (weight) {
    case 'hardware':
      return { rating: 'breach', code: leaf, reason: `XID ${code}: ${name}${standing}`, action: DRAIN }
    case 'application':
      return {
        rating: 'warning',
        code: leaf,
        reason: `XID ${code}: ${name}; the card itself is well`,
        action: CODE_PATH,
      }
    default:
      return {
        rating: 'warning',
        code: leaf,
        reason: `XID ${code}: ${name}${standing}`,
        action: 'Watch it; drain and replace if it repeats.',
      }
  }
}

function nameOf(weight: XidWeight): string {
  if (weight === 'hardware') return 'the hardware reports a fault that needs a reset'
  return weight === 'application' ? 'a fault of the program on it' : 'the card reports trouble'
}
