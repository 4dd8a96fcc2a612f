/** XidClass orders codes by what they mean for a renter; `unknown` is a code that the catalogue does not list. */
export type XidClass = 'info' | 'app-warning' | 'warning' | 'critical' | 'unknown'

/** XidEntry says what a code means to someone who rents the card; `action` never needs access to the host. */
export type XidEntry = {
  readonly code: number
  readonly class: XidClass
  readonly title: string
  readonly whatHappened: string
  readonly action: string
}

type Row = readonly [
  codes: readonly number[],
  cls: Exclude<XidClass, 'unknown'>,
  title: string,
  whatHappened: string,
  action: string,
]

const REPLACE =
  'Drain the instance, rent a replacement and report the machine to the provider: a renter can neither reset the card nor reboot its host.'
const REPLACE_SOON =
  'Let running work finish, start nothing new on this GPU, and replace the instance; report the machine if the code comes back.'
const RESTART_WORKER =
  'Restart the worker that used the GPU. If the code comes back with the same work, look at the program; if it comes back on this machine only, replace the instance.'
const WATCH = 'Nothing to do now. If it comes back several times an hour, replace the instance.'

const ROWS: readonly Row[] = [
  [
    [8],
    'app-warning',
    'GPU stopped working on a task',
    'A task took too long and the driver ended it.',
    RESTART_WORKER,
  ],
  [
    [11, 25, 80],
    'app-warning',
    'Damaged command stream',
    'The driver got commands from the program that make no sense.',
    RESTART_WORKER,
  ],
  [
    [13],
    'app-warning',
    'Program error on the GPU',
    'The program did something on the GPU that is not allowed, most often a memory access out of bounds.',
    RESTART_WORKER,
  ],
  [
    [31],
    'app-warning',
    'Memory page fault on the GPU',
    'The program touched GPU memory that is not its own; rarely the hardware is the cause.',
    RESTART_WORKER,
  ],
  [
    [32],
    'critical',
    'Damaged command stream to the card',
    'Commands arrived broken at the card: a bad link or a bad card is likely.',
    REPLACE,
  ],
  [[37, 38, 44], 'info', 'Fault inside the driver', 'The driver’s own firmware stumbled and went on.', WATCH],
  [
    [39, 40, 41, 70, 71, 72, 75, 76, 77, 85, 126, 127, 128, 129, 130, 131, 132, 133, 134, 135],
    'warning',
    'Copy engine error',
    'A unit that moves data to or from the card failed at a transfer.',
    RESTART_WORKER,
  ],
  [
    [43],
    'info',
    'Program was ended on the GPU',
    'The driver stopped a program after its own error; the card itself is fine.',
    WATCH,
  ],
  [
    [45],
    'info',
    'Clean-up after another error',
    'The driver cleared work off the card; this follows from another code or from a program that was killed.',
    'Look for another code at the same time and act on that one.',
  ],
  [[46], 'critical', 'GPU no longer answers', 'The card did not react to the driver in time.', REPLACE],
  [
    [48],
    'critical',
    'Uncorrectable memory error',
    'Two bits of GPU memory flipped at once: data of running work may be wrong.',
    `Discard results of the work that ran. ${REPLACE}`,
  ],
  [
    [54],
    'critical',
    'Power cable of the card',
    'The card says that its power connector is missing or loose. Only the host’s owner can mend that.',
    REPLACE,
  ],
  [
    [61, 62],
    'critical',
    'Controller on the card halted',
    'A controller inside the card stopped; the card is not reliable until it is reset.',
    REPLACE,
  ],
  [
    [63],
    'warning',
    'Memory row set aside',
    'The card replaced a bad part of its memory; the repair takes effect at its next reset.',
    REPLACE_SOON,
  ],
  [[64], 'critical', 'Memory repair failed', 'The card could not replace a bad part of its memory.', REPLACE],
  [
    [66, 67],
    'info',
    'Driver touched a closed area',
    'The driver made an access that is not allowed, and went on.',
    WATCH,
  ],
  [
    [68, 82, 83, 84, 86, 88, 89, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105],
    'app-warning',
    'Video or image engine error',
    'A unit that encodes or decodes pictures failed at a task.',
    RESTART_WORKER,
  ],
  [
    [69],
    'warning',
    'Program error in the graphics engine',
    'The program used the engine in a way that is not allowed; on some cards this points to damage.',
    RESTART_WORKER,
  ],
  [
    [74],
    'critical',
    'Link between GPUs failed',
    'The NVLink between cards has an error: work on several GPUs will fail or hang.',
    REPLACE,
  ],
  [
    [78],
    'warning',
    'Virtual GPU did not start',
    'The host’s driver and the virtual card do not fit together.',
    REPLACE_SOON,
  ],
  [
    [79],
    'critical',
    'GPU fell off the bus',
    'The host can no longer reach the card. All work on it is lost.',
    REPLACE,
  ],
  [
    [92],
    'warning',
    'Many corrected memory errors',
    'The card corrects an unusual number of single-bit errors.',
    REPLACE_SOON,
  ],
  [
    [93],
    'info',
    'Wear of the card’s own storage',
    'The small memory that holds the card’s settings is written often.',
    WATCH,
  ],
  [
    [94],
    'critical',
    'Memory error, contained',
    'Uncorrectable memory hit one program only; others were kept safe. Its results are lost.',
    `Restart the worker, then let the instance drain. ${REPLACE}`,
  ],
  [
    [95],
    'critical',
    'Memory error, not contained',
    'Uncorrectable memory may have hit every program on the card.',
    `Discard results of the work that ran. ${REPLACE}`,
  ],
  [
    [109, 110],
    'critical',
    'GPU hangs at a switch between programs',
    'The card did not change from one program to the next, or saw a security fault at it.',
    REPLACE,
  ],
  [
    [119, 120],
    'critical',
    'System processor of the card hangs',
    'The processor that runs the driver on the card does not answer. nvidia-smi often hangs as well.',
    REPLACE,
  ],
  [
    [121],
    'warning',
    'Chip-to-chip link error',
    'The link between processor and GPU corrected or met an error.',
    REPLACE_SOON,
  ],
  [[136], 'critical', 'Link training failed', 'A link between cards did not come up.', REPLACE],
  [
    [137],
    'warning',
    'Link access refused',
    'A program or card made an access over NVLink that is not allowed.',
    RESTART_WORKER,
  ],
  [
    [140],
    'critical',
    'Memory error without recovery',
    'The card met a memory error that it could not recover from.',
    `Discard results of the work that ran. ${REPLACE}`,
  ],
  [[141], 'info', 'Fast path not used', 'A program took a slower way to the card.', WATCH],
  [[143], 'critical', 'GPU did not start', 'The card failed while it was being initialised.', REPLACE],
  [
    [144, 145, 146, 147, 148, 149, 150],
    'critical',
    'Link between GPUs failed',
    'One block of the newer NVLink reports an error.',
    REPLACE,
  ],
  [
    [151],
    'critical',
    'Key change failed',
    'The protected mode of the card could not change its keys.',
    REPLACE,
  ],
  [
    [154],
    'warning',
    'Card asks for a recovery step',
    'The driver names in its log line what the card needs: nothing, a reset, or a reboot of the host.',
    'Read the log line: if it asks for a reset or a reboot, drain and replace the instance, since a renter can do neither.',
  ],
  [
    [155, 156, 158],
    'critical',
    'Link or resource lost for good',
    'The card retired a resource or a link and needs a reset.',
    REPLACE,
  ],
  [
    [157, 160, 161],
    'warning',
    'Part of the memory retired',
    'The card took a part of its memory out of use or could not do so.',
    REPLACE_SOON,
  ],
  [
    [159],
    'warning',
    'Error in shared memory traffic',
    'Traffic between processor and GPU memory met an error.',
    RESTART_WORKER,
  ],
  [
    [162, 163, 164, 165],
    'info',
    'Power smoothing',
    'The card reports on how it evens out its power draw.',
    WATCH,
  ],
  [
    [167],
    'critical',
    'Connection to the host timed out',
    'The PCIe connection between card and host had a fatal timeout.',
    REPLACE,
  ],
  [
    [168, 169, 170],
    'warning',
    'Protected area or controller error',
    'A guarded part of the card reported an error.',
    REPLACE_SOON,
  ],
  [
    [171, 172],
    'info',
    'Detail of a memory error',
    'Says which memory an uncorrectable error (code 48) hit.',
    'Act on code 48 at the same time.',
  ],
]

const CATALOGUE: ReadonlyMap<number, XidEntry> = new Map(
  ROWS.flatMap(([codes, cls, title, whatHappened, action]) =>
    codes.map((code): [number, XidEntry] => [code, { code, class: cls, title, whatHappened, action }]),
  ),
)

/** xidEntry gives the meaning of a code; undefined for 0 (no error since the driver started). */
export function xidEntry(code: number): XidEntry | undefined {
  if (code === 0) return undefined
  return (
    CATALOGUE.get(code) ?? {
      code,
      class: 'unknown',
      title: `XID ${code}`,
      whatHappened: 'The driver logged a code that this catalogue does not list.',
      action: 'Watch the GPU. If work on it fails, replace the instance and name the code to the provider.',
    }
  )
}

/** xidCodes lists every code of the catalogue, ascending. */
export function xidCodes(): readonly number[] {
  return [...CATALOGUE.keys()].sort((left, right) => left - right)
}
