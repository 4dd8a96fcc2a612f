/** AssumedLimits are temperatures to judge by when the device tells no limits of its own; every verdict from them is "assumed". */
export type AssumedLimits = {
  readonly assumed: true
  readonly model: string
  readonly warnC: number
  readonly breachC: number
  /** marginOffsetC is the T.Limit margin at which the card slows down, for models of that regime. */
  readonly marginOffsetC?: number
  readonly memoryWarnC: number
  readonly memoryBreachC: number
}

const GENERIC: AssumedLimits = {
  assumed: true,
  model: 'any model',
  warnC: 85,
  breachC: 95,
  memoryWarnC: 95,
  memoryBreachC: 105,
}

/** HBM stays cooler than GDDR6X by design. */
const HBM = { memoryWarnC: 85, memoryBreachC: 95 }

type Row = readonly [pattern: RegExp, limits: Partial<AssumedLimits> & { readonly model: string }]

/** Seen on samples, not promised by anyone: from slowdown temperatures, or from margin offsets where the card has that regime. */
const ROWS: readonly Row[] = [
  [/GB[23]00/i, { model: 'GB200, GB300', marginOffsetC: -2, ...HBM }],
  [/B[23]00/i, { model: 'B200', marginOffsetC: -3, ...HBM }],
  [/GH200/i, { model: 'GH200', warnC: 85, breachC: 89, marginOffsetC: -2, ...HBM }],
  [/H[12]00/i, { model: 'H100', warnC: 85, breachC: 89, marginOffsetC: -2, ...HBM }],
  [/A[18]00/i, { model: 'A100', warnC: 83, breachC: 87, ...HBM }],
  [/L40S?/i, { model: 'L40', marginOffsetC: -2 }],
  [/RTX 40(60|70|80|90)/i, { model: 'RTX 40', warnC: 82, breachC: 84, marginOffsetC: -2 }],
  [/RTX 30(60|70|80|90)/i, { model: 'RTX 30', warnC: 90, breachC: 95 }],
  [/\bA(10|40)\b/i, { model: 'A10, A40', warnC: 88, breachC: 95 }],
]

/** assumedLimits gives the fallback for a model's name; use it only while the device itself tells no limits. */
export function assumedLimits(model: string | undefined): AssumedLimits {
  const name = (model ?? '').replaceAll('_', ' ')
  const row = ROWS.find(([pattern]) => pattern.test(name))
  return row ? { ...GENERIC, ...row[1] } : GENERIC
}
