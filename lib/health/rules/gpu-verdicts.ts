import type { Verdict } from '../model'
import type { ThermalLook } from './gpu-thermal'

/** GPU_VERDICTS are the shared verdicts on a GPU: equal judgements are the same object. */
export const GPU_VERDICTS = {
  notEvaluated: { rating: 'unknown', code: 'gpu.not-evaluated', reason: 'Not evaluated yet' },
  clear: { rating: 'clear', code: 'gpu.clear', reason: 'Within its limits' },
  clearWithoutXid: {
    rating: 'clear',
    code: 'gpu.clear',
    reason: 'Within its limits; XID not observable in this rental',
  },
  clearByProvider: {
    rating: 'clear',
    code: 'gpu.clear-by-provider',
    reason: "Within its limits by the provider's telemetry; XID not observable in this rental",
  },
  instanceOnly: {
    rating: 'unknown',
    code: 'gpu.instance-only',
    reason: 'The provider tells one value for the whole instance, none for this card',
    action: 'Install the agent to read each card.',
  },
  lost: {
    rating: 'breach',
    code: 'gpu.fell-off-bus',
    reason: 'The driver has lost this card',
    action: 'Drain the host, keep the evidence, rent elsewhere, report the machine.',
  },
  eccRising: {
    rating: 'breach',
    code: 'gpu.ecc-uncorrectable',
    reason: 'Uncorrectable memory errors have risen since we began to watch',
    action: 'Drain, then replace the machine.',
  },
  eccOld: {
    rating: 'warning',
    code: 'gpu.ecc-uncorrectable',
    reason: 'Uncorrectable memory errors stood there at our first look: old or new is unknown',
    action: 'Watch the count; replace the machine if it rises.',
  },
  remapFailed: {
    rating: 'breach',
    code: 'gpu.row-remap',
    reason: 'A faulty memory row could not be remapped',
    action: 'Drain, then replace the machine.',
  },
  remapPending: {
    rating: 'warning',
    code: 'gpu.row-remap',
    reason: 'A memory row waits for its remap at the next reset',
    action: 'Recycle the instance at a quiet time.',
  },
  nvlinkDown: {
    rating: 'warning',
    code: 'gpu.nvlink',
    reason: 'An NVLink of this card is inactive',
    action: 'Replace the machine if it repeats.',
  },
  slowdownOften: {
    rating: 'breach',
    code: 'gpu.thermal',
    reason: 'The hardware slows this card down again and again',
    action: 'Lower its load, then replace the host and report it.',
  },
  slowdown: {
    rating: 'warning',
    code: 'gpu.thermal',
    reason: 'The hardware has slowed this card down',
    action: 'Watch how often; lower its load.',
  },
  softThermal: {
    rating: 'warning',
    code: 'gpu.thermal',
    reason: 'The driver slows this card down for heat',
    action: 'Lower its load.',
  },
  vramFull: {
    rating: 'warning',
    code: 'gpu.vram-full',
    reason: 'Its memory has been almost full for a while; the card itself is well',
    action: 'Use a smaller batch or model, or look for a leak.',
  },
} as const satisfies Record<string, Verdict>

/** GPU_AWAY are the verdicts on GPUs that nobody can judge because their instance is not running; see isInService. */
export const GPU_AWAY = {
  stoppedAsIntended: {
    rating: 'unknown',
    code: 'instance.stopped-as-intended',
    reason: 'Not in service: its instance is stopped as intended, so the card is not evaluated',
  },
  frozenAsIntended: {
    rating: 'unknown',
    code: 'instance.frozen-as-intended',
    reason: 'Not in service: its instance is frozen as intended, so the card is not evaluated',
  },
  stopped: {
    rating: 'unknown',
    code: 'instance.stopped',
    reason: 'Its instance does not run though it should: the card is not evaluated',
  },
  frozen: {
    rating: 'unknown',
    code: 'instance.frozen',
    reason: 'Its instance is frozen: the card is not evaluated',
  },
  provisioning: {
    rating: 'unknown',
    code: 'instance.provisioning',
    reason: 'Not in service yet: its instance is being provisioned',
  },
  gone: { rating: 'unknown', code: 'instance.gone', reason: 'Its instance is no longer listed' },
} as const satisfies Record<string, Verdict>

/** thermalVerdict words a heat finding; an assumed threshold is marked as such. */
export function thermalVerdict(look: ThermalLook, rating: 'warning' | 'breach'): Verdict {
  const assumed = look.assumed ? ' (threshold assumed: the device does not tell its own)' : ''
  const past = look.level === 3 ? 'At' : 'Held at or past'
  return {
    rating,
    code: 'gpu.thermal',
    reason: `${past} ${look.limit}${assumed}`,
    action:
      rating === 'breach'
        ? 'Lower its load, then replace the host and report it.'
        : 'Lower its load and watch it.',
  }
}
