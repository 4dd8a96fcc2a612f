// By the catalogue of NVIDIA (2025-10) and fleet practice.
/** XidWeight: broken until reset, degraded, a fault of the program on it, nothing, or a code that nobody listed. */
export type XidWeight = 'hardware' | 'degraded' | 'application' | 'info' | 'unlisted'

/** xidWeight says what a code means for the card. */
export function xidWeight(code: number): XidWeight {
  if (HARDWARE.has(code)) return 'hardware'
  if (DEGRADED.has(code)) return 'degraded'
  if (APPLICATION.has(code)) return 'application'
  return INFO.has(code) ? 'info' : 'unlisted'
}

/** xidLeaf is the finding's code under which an XID is listed. */
export function xidLeaf(code: number): string {
  if (code === 79) return 'gpu.fell-off-bus'
  if (ECC.has(code)) return 'gpu.ecc-uncorrectable'
  if (code === 63 || code === 64) return 'gpu.row-remap'
  if (NVLINK.has(code)) return 'gpu.nvlink'
  if (DRIVER.has(code)) return 'gpu.driver'
  return APPLICATION.has(code) ? 'gpu.application-fault' : 'gpu.xid'
}

/** xidClause says in a reason what a code reports. */
export function xidClause(code: number): string {
  const clause = CLAUSES[code]
  if (clause !== undefined) return clause
  switch (xidWeight(code)) {
    case 'unlisted':
      return 'a code that is not in the catalogue'
    case 'hardware':
      return 'the hardware reports a fault that needs a reset'
    case 'application':
      return 'a fault of the program on it'
    default:
      return 'the card reports trouble'
  }
}

/** xidMeans says in one or two sentences what a code means for the work on the card. */
export function xidMeans(code: number): string {
  return MEANS.get(code) ?? `The driver reported code ${code}, which our list does not explain.`
}

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

const CLAUSES: Readonly<Record<number, string>> = {
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

const MEANINGS: readonly (readonly [means: string, ...codes: readonly number[]])[] = [
  ['A task took too long and the driver ended it.', 8],
  ['The driver got commands from the program that make no sense.', 11, 25, 80],
  ['The program did something on the GPU that is not allowed, most often a memory access out of bounds.', 13],
  ['The program touched GPU memory that is not its own; rarely the hardware is the cause.', 31],
  ['Commands arrived broken at the card: a bad link or a bad card is likely.', 32],
  ["The driver's own firmware stumbled and went on.", 37, 38, 44],
  [
    'A unit that moves data to or from the card failed at a transfer.',
    39,
    40,
    41,
    70,
    71,
    72,
    75,
    76,
    77,
    85,
    126,
    127,
    128,
    129,
    130,
    131,
    132,
    133,
    134,
    135,
  ],
  ['The driver stopped a program after its own error; the card itself is fine.', 43],
  [
    'The driver cleared work off the card; this follows from another code or from a program that was killed.',
    45,
  ],
  ['The card did not react to the driver in time.', 46],
  ['Two bits of GPU memory flipped at once: data of running work may be wrong.', 48],
  ["The card says that its power connector is missing or loose. Only the host's owner can mend that.", 54],
  ['A controller inside the card stopped; the card is not reliable until it is reset.', 61, 62],
  ['The card replaced a bad part of its memory; the repair takes effect at its next reset.', 63],
  ['The card could not replace a bad part of its memory.', 64],
  ['The driver made an access that is not allowed, and went on.', 66, 67],
  [
    'A unit that encodes or decodes pictures failed at a task.',
    68,
    82,
    83,
    84,
    86,
    88,
    89,
    96,
    97,
    98,
    99,
    100,
    101,
    102,
    103,
    104,
    105,
  ],
  ['The program used the engine in a way that is not allowed; on some cards this points to damage.', 69],
  ['The NVLink between cards has an error: work on several GPUs will fail or hang.', 74],
  ["The host's driver and the virtual card do not fit together.", 78],
  ['The host can no longer reach the card. All work on it is lost.', 79],
  ['The card corrects an unusual number of single-bit errors.', 92],
  ["The small memory that holds the card's settings is written often.", 93],
  ['Uncorrectable memory hit one program only; others were kept safe. Its results are lost.', 94],
  ['Uncorrectable memory may have hit every program on the card.', 95],
  ['The card did not change from one program to the next, or saw a security fault at it.', 109, 110],
  [
    'The processor that runs the driver on the card does not answer. nvidia-smi often hangs as well.',
    119,
    120,
  ],
  ['The link between processor and GPU corrected or met an error.', 121],
  ['A link between cards did not come up.', 136],
  ['A program or card made an access over NVLink that is not allowed.', 137],
  ['The card met a memory error that it could not recover from.', 140],
  ['A program took a slower way to the card.', 141],
  ['The card failed while it was being initialised.', 143],
  ['One block of the newer NVLink reports an error.', 144, 145, 146, 147, 148, 149, 150],
  ['The protected mode of the card could not change its keys.', 151],
  ['The driver names in its log line what the card needs: nothing, a reset, or a reboot of the host.', 154],
  ['The card retired a resource or a link and needs a reset.', 155, 156, 158],
  ['The card took a part of its memory out of use or could not do so.', 157, 160, 161],
  ['Traffic between processor and GPU memory met an error.', 159],
  ['The card reports on how it evens out its power draw.', 162, 163, 164, 165],
  ['The PCIe connection between card and host had a fatal timeout.', 167],
  ['A guarded part of the card reported an error.', 168, 169, 170],
  ['Says which memory an uncorrectable error (code 48) hit.', 171, 172],
]

const MEANS: ReadonlyMap<number, string> = new Map(
  MEANINGS.flatMap(([means, ...codes]) => codes.map((code): [number, string] => [code, means])),
)
