import type { Core } from '@/lib/rollouts/model'
import type { Story } from './play'
import type { Script } from './world'

const BUSY = (): number => 240
const FINE: Script = { requestsPerMinute: BUSY, fresh: () => ({}) }
const FORWARD = ['expose 10', 'expose 50', 'expose 100', 'finish'] as const
const GOOD = { state: 'succeeded', maxPercent: 100, effects: FORWARD } as const

function stepIs(state: string, percent: number): (core: Core) => boolean {
  return (core) => {
    const step = core.steps[core.at]
    return step?.state === state && step.percent === percent
  }
}

/** From minute `from` at a share on, the new version fails a part of its requests. */
function failing(percent: number, errorPercent: number, from = 1): Script {
  return {
    requestsPerMinute: BUSY,
    fresh: (moment) =>
      moment.percent === percent && moment.minuteAtPercent >= from ? { error_ratio: errorPercent } : {},
  }
}

const BREACHES: readonly Story[] = [
  {
    name: 'bad from minute 1 of 10 %',
    script: failing(10, 30),
    truth: {
      state: 'rolled_back',
      cause: 'trigger',
      maxPercent: 10,
      atMinute: [6, 8],
      effects: ['expose 10', 'route'],
      isByFigures: true,
    },
  },
  {
    name: 'bad from minute 1 of 50 %',
    script: failing(50, 30),
    truth: { state: 'rolled_back', cause: 'trigger', maxPercent: 50, verbs: ['pass', 'hold', 'roll-back'] },
  },
  {
    name: 'bad from minute 1 of 100 %',
    script: failing(100, 30),
    truth: {
      state: 'rolled_back',
      cause: 'trigger',
      maxPercent: 100,
      effects: ['expose 10', 'expose 50', 'expose 100', 'redeploy'],
    },
  },
  {
    name: 'bad from minute 5 of the bake',
    script: failing(100, 12, 15),
    truth: { state: 'rolled_back', cause: 'trigger', maxPercent: 100 },
  },
  {
    name: 'slow answers from the first minute: the gate holds at 10 %, the trigger fires a minute later',
    script: { requestsPerMinute: BUSY, fresh: ({ minute }) => (minute >= 1 ? { p95: 1_400 } : {}) },
    truth: {
      state: 'rolled_back',
      cause: 'trigger',
      maxPercent: 10,
      atMinute: [11, 13],
      verbs: ['watch', 'hold', 'roll-back'],
    },
  },
  {
    name: 'flapping: every second tick breaches',
    script: {
      requestsPerMinute: BUSY,
      fresh: ({ minute, tick }) => (minute >= 1 && tick % 2 === 0 ? { error_ratio: 20 } : {}),
    },
    truth: { state: 'rolled_back', cause: 'trigger', maxPercent: 10, atMinute: [11, 14] },
  },
  {
    name: 'health fails at 10 %',
    script: { requestsPerMinute: BUSY, fresh: ({ minute }) => (minute >= 2 ? { health: 0 } : {}) },
    truth: { state: 'rolled_back', cause: 'trigger', maxPercent: 10, atMinute: [7, 9] },
  },
  {
    name: 'a slow leak crosses its band at 10 %: held, inconclusive, nobody decides',
    script: { requestsPerMinute: BUSY, fresh: ({ minute }) => ({ memory: Math.min(84, 50 + minute * 3) }) },
    truth: {
      state: 'rolled_back',
      cause: 'no-decision',
      maxPercent: 10,
      verbs: ['hold', 'inconclusive', 'roll-back'],
    },
  },
  {
    name: 'a slow leak shows in the bake: a person goes back',
    script: { requestsPerMinute: BUSY, fresh: ({ minute }) => ({ memory: Math.min(95, 40 + minute) }) },
    orders: [
      {
        when: (core) => core.state === 'baking' && core.steps[core.at]?.state === 'holding',
        order: { verb: 'roll-back', cause: 'person', reason: 'the memory keeps growing' },
        expects: 'taken',
      },
    ],
    truth: { state: 'rolled_back', cause: 'person', maxPercent: 100, verbs: ['hold', 'roll-back'] },
  },
  {
    name: 'corruption is declared at 50 %',
    script: FINE,
    orders: [
      {
        when: stepIs('observing', 50),
        order: { verb: 'roll-back', cause: 'corruption', reason: 'rows were written twice' },
        isRequester: true,
        expects: 'taken',
      },
    ],
    truth: { state: 'rolled_back', cause: 'corruption', maxPercent: 50 },
  },
]

const DOUBTS: readonly Story[] = [
  {
    name: 'no traffic: never a pass',
    script: { requestsPerMinute: () => 0, fresh: () => ({}) },
    truth: { state: 'rolled_back', maxPercent: 10, verbs: ['roll-back'], isByFigures: false },
  },
  {
    name: 'little traffic: held until enough was seen',
    script: { requestsPerMinute: (minute) => (minute < 12 ? 30 : 600), fresh: () => ({}) },
    truth: { ...GOOD, verbs: ['watch', 'hold', 'pass'] },
  },
  {
    name: 'telemetry is lost at 10 % and comes back',
    script: { ...FINE, unseen: (minute) => (minute >= 3 && minute < 8 ? 'error' : undefined) },
    truth: { ...GOOD, verbs: ['watch', 'pause', 'resume', 'pass'] },
  },
  {
    name: 'telemetry is lost at 50 % for good',
    script: { ...FINE, unseen: (minute) => (minute >= 13 ? 'error' : undefined) },
    truth: { state: 'rolled_back', cause: 'telemetry-lost', maxPercent: 50, verbs: ['pause', 'roll-back'] },
  },
  {
    name: 'three ticks without data change nothing',
    script: { ...FINE, unseen: (minute) => (minute >= 4 && minute < 4.75 ? 'no_data' : undefined) },
    truth: GOOD,
  },
  {
    name: 'slower than its band: inconclusive, accepted by somebody else',
    script: { requestsPerMinute: BUSY, fresh: ({ percent }) => (percent === 10 ? { p95: 700 } : {}) },
    orders: [
      {
        when: stepIs('holding', 10),
        order: { verb: 'accept', reason: 'the first requests warm the cache' },
        isRequester: true,
        expects: 'refused',
      },
      {
        when: stepIs('inconclusive', 10),
        order: { verb: 'accept', reason: 'the first requests warm the cache' },
        expects: 'taken',
      },
    ],
    truth: { ...GOOD, verbs: ['hold', 'inconclusive', 'hold', 'pass'] },
  },
]

const OUTSIDE: readonly Story[] = [
  {
    name: 'somebody else changes the digest',
    script: { ...FINE, foreign: (minute) => (minute >= 12 ? 'image set by kubectl' : null) },
    orders: [
      {
        when: (core) => core.pause?.reason === 'drift',
        order: { verb: 'resume', reason: 'it will be fine' },
        isRequester: true,
        expects: 'refused',
      },
      {
        when: (core) => core.pause?.reason === 'drift',
        order: { verb: 'roll-back', cause: 'person', reason: 'not what was approved' },
        expects: 'taken',
      },
    ],
    truth: { state: 'rolled_back', cause: 'person', maxPercent: 50, verbs: ['pause', 'roll-back'] },
  },
  { name: 'the window closes meanwhile: it finishes', script: FINE, truth: GOOD },
  {
    name: 'an incident opens at 10 % and nobody decides',
    script: FINE,
    denies: (minute) => (minute >= 4 ? [{ id: 'incident', words: 'INC-0042 is open' }] : []),
    truth: {
      state: 'rolled_back',
      cause: 'no-decision',
      maxPercent: 10,
      atMinute: [13.9, 14.3],
      verbs: ['pause', 'roll-back'],
    },
  },
  {
    name: 'an incident opens at 50 % and somebody goes on',
    script: FINE,
    denies: (minute) => (minute >= 12 ? [{ id: 'incident', words: 'INC-0042 is open' }] : []),
    orders: [
      {
        when: (core) => core.pause?.reason === 'denied',
        order: { verb: 'resume', reason: 'this is the fix of that incident' },
        expects: 'taken',
      },
    ],
    truth: { ...GOOD, verbs: ['pause', 'resume', 'pass'] },
  },
  {
    name: 'a person pauses, a promotion waits for the trigger',
    script: failing(10, 30, 3),
    orders: [
      {
        when: (core, minute) => minute > 1 && core.state === 'progressing',
        order: { verb: 'pause', reason: 'a look at the logs' },
        expects: 'taken',
      },
      {
        when: (core, minute) => minute > 2 && core.state === 'paused',
        order: { verb: 'resume', reason: 'the logs are clean' },
        expects: 'taken',
      },
      {
        when: (_core, minute) => minute > 5,
        order: { verb: 'promote', reason: 'in a hurry' },
        expects: 'refused',
      },
    ],
    truth: { state: 'rolled_back', cause: 'trigger', maxPercent: 10 },
  },
  {
    name: 'cancelled before anybody met it',
    script: { ...FINE, blind: (minute) => minute < 2 },
    orders: [
      {
        when: (_core, minute) => minute > 1,
        order: { verb: 'abort', reason: 'the wrong build' },
        isRequester: true,
        expects: 'taken',
      },
    ],
    truth: { state: 'cancelled', maxPercent: 0, effects: [] },
  },
]

const PROVIDER: readonly Story[] = [
  {
    name: 'a slow pull: the clock runs from what was seen',
    script: { ...FINE, startSeconds: (percent) => (percent === 10 ? 240 : 10) },
    truth: GOOD,
  },
  {
    name: 'it never gets there',
    script: { ...FINE, startSeconds: (percent) => (percent === 50 ? 100_000 : 10) },
    truth: { state: 'rolled_back', cause: 'step-failed', maxPercent: 10 },
  },
  {
    name: 'an answer with success false, three times',
    script: {
      ...FINE,
      reply: (asked) => (asked.do === 'expose' && asked.percent === 50 ? 'refused' : 'ok'),
    },
    truth: { state: 'rolled_back', cause: 'step-failed', maxPercent: 10 },
  },
  {
    name: 'a conflict on write: looked at and asked again',
    script: { ...FINE, reply: (_asked, attempt) => (attempt === 1 ? 'conflict' : 'ok') },
    truth: GOOD,
  },
  {
    name: 'every answer is lost, every effect happens once',
    script: { ...FINE, reply: () => 'lost' },
    truth: GOOD,
  },
  {
    name: 'a request is lost with its effect: asked again once that is sure',
    script: { ...FINE, reply: (_asked, attempt) => (attempt === 1 ? 'dropped' : 'ok') },
    truth: { ...GOOD, verbs: ['start-step', 'retry', 'watch'] },
  },
  {
    name: 'the old digest is gone in the middle of the way back',
    script: { ...failing(100, 30), reply: (asked) => (asked.do === 'redeploy' ? 'absent' : 'ok') },
    orders: [
      {
        when: (core) => core.state === 'rollback_failed',
        order: { verb: 'next-rung', reason: 'better offline than wrong' },
        expects: 'taken',
      },
    ],
    truth: {
      state: 'rollback_failed',
      cause: 'trigger',
      maxPercent: 100,
      effects: ['expose 10', 'expose 50', 'expose 100', 'restart', 'zero'],
      verbs: ['roll-back', 'next-rung', 'rollback-failed', 'next-rung'],
    },
  },
]

const KILLED: readonly Story[] = (['after-intent', 'after-apply', 'before-commit'] as const).flatMap(
  (point) => [
    {
      name: `killed ${point} at every step of a good one`,
      script: FINE,
      kill: { point, at: 'each' as const },
      truth: GOOD,
    },
    {
      name: `killed ${point} at every step and rung of a bad one`,
      script: failing(100, 30),
      kill: { point, at: 'each' as const },
      truth: {
        state: 'rolled_back' as const,
        cause: 'trigger',
        maxPercent: 100,
        effects: ['expose 10', 'expose 50', 'expose 100', 'redeploy'],
      },
    },
  ],
)

/** STORIES are the scripted deployments with what is true about each. */
export const STORIES: readonly Story[] = [
  {
    name: 'a good one',
    script: FINE,
    truth: { ...GOOD, verbs: ['watch', 'pass', 'watch', 'pass', 'succeed'] },
  },
  {
    name: 'a soak in staging that is seen without a gap',
    script: FINE,
    environment: 'staging',
    steps: [{ percent: 100, minutes: 0 }],
    truth: { state: 'succeeded', maxPercent: 100, effects: ['expose 100', 'finish'] },
  },
  {
    name: 'a soak in staging with a gap begins anew',
    script: { ...FINE, unseen: (minute) => (minute >= 20 && minute < 22.5 ? 'error' : undefined) },
    environment: 'staging',
    steps: [{ percent: 100, minutes: 0 }],
    truth: { state: 'succeeded', maxPercent: 100, verbs: ['restart-soak', 'pass', 'succeed'] },
  },
  ...BREACHES,
  ...DOUBTS,
  ...OUTSIDE,
  ...PROVIDER,
  ...KILLED,
]
