import { expect, test } from 'vitest'
import { FACT_DEFS } from '@/lib/comms/catalogue'
import { COMPONENT_STATES, type Facts, SEVERITIES, STATUSES } from '@/lib/comms/model'
import { AppError } from '@/lib/platform/errors'
import { judge, toldOf } from '@/lib/publications/compose'
import { refuseJudged } from '@/lib/publications/gate'
import { DEFAULT_COMMS_POLICY } from '@/lib/publications/policy'
import type { Situation } from '@/lib/publications/situation'
import { mayGo, panesOf } from './panes'
import type { Kept } from './types'

const NOW = new Date('2026-11-18T02:29:41.000Z')
const READ_AT = new Date(NOW.getTime() - 10_000).toISOString()
const NONE = { investigating: 20, identified: 20, monitoring: 20, resolved: null }
const me = { id: 'ana', handle: 'ana', roles: ['commander'] as const }
const defs = [...FACT_DEFS.values()].filter(({ from, id }) => from === 'facts' && id !== 'last_update_at')

const facts: Facts = Object.fromEntries(
  defs.map(({ id, sample, unit, ttlMs, isPublic }) => [
    id,
    { id, value: sample, unit, asOf: READ_AT, source: 'test', ttlMs, isPublic },
  ]),
)

const situation: Situation = {
  incidentId: 'i',
  incident: {
    name: 'INC-0142',
    title: 'Training stops',
    severity: SEVERITIES[0],
    status: STATUSES[0],
    isDrill: false,
    visibility: 'public',
    isSecurity: false,
    commander: 'ana',
    startedAt: '2026-11-18T02:06:00.000Z',
    resolvedAt: null,
    wasIdentified: false,
    workaround: null,
    firingAlerts: 1,
    hostsOut: null,
    postmortem: null,
  },
  version: 1,
  facts,
  before: {},
  inventory: { hosts: [], instances: [], people: [], customers: [], keys: [], providers: [], codeNames: [] },
  components: [{ id: 'training', name: 'Training', state: COMPONENT_STATES[0] }],
  ways: [],
  cadence: { P1: NONE, P2: NONE, P3: NONE, P4: NONE },
  speed: 1,
  links: { allowedLinkHosts: [], internalLinkHosts: [] },
  templates: [],
  policy: DEFAULT_COMMS_POLICY,
  nowMs: NOW.getTime(),
}

type Mutation = 'drop' | 'age' | 'move' | 'leak'

function mutated(id: string, mutation: Mutation): Facts {
  const { [id]: fact, ...others } = facts
  if (fact === undefined || mutation === 'drop') return others
  const { value, ttlMs, unit } = fact
  switch (mutation) {
    case 'age':
      return { ...facts, [id]: { ...fact, asOf: new Date(NOW.getTime() - ttlMs - 1).toISOString() } }
    case 'move':
      return {
        ...facts,
        [id]: {
          ...fact,
          value:
            typeof value === 'number'
              ? value * 2 + 3
              : unit === 'clock' || unit === 'moment'
                ? new Date(Date.parse(String(value)) + 3_600_000).toISOString()
                : `${value} and more`,
        },
      }
    case 'leak':
      return { ...facts, [id]: { ...fact, isPublic: false } }
  }
}

const cases = defs.flatMap(({ id, isPublic }) =>
  (['drop', 'age', 'move', 'leak'] as const).map((mutation) => ({ id, isPublic, mutation })),
)

function lookAt(
  id: string,
  { audience, given }: { readonly audience: 'public' | 'internal'; readonly given: Facts },
) {
  const text = { title: 'Training stops', body: `Training stops: {{${id}}}.`, audience }
  const told = toldOf(situation, text)
  const now: Situation = { ...situation, facts: given }
  const kept: Kept = { edits: { [audience]: { ...text, told } } }
  const pane = panesOf(now, kept, { me, now: NOW }).find((one) => one.audience === audience)
  if (pane === undefined) throw new Error('no pane')
  const server = judge(now, pane.message, { told, channels: [], now: NOW })
  return { pane, server }
}

test(`C3: of ${cases.length} facts dropped, aged, moved or leaked, page and API refuse every one, and no untouched one`, () => {
  for (const { id, isPublic, mutation } of cases) {
    const audience = isPublic || mutation === 'leak' ? 'public' : 'internal'
    if (mutation !== 'leak' || isPublic)
      expect(lookAt(id, { audience, given: facts }).server.facts).toEqual([])
    const { pane, server } = lookAt(id, { audience, given: mutated(id, mutation) })
    expect([id, mutation, mayGo(pane)]).toEqual([id, mutation, false])
    expect(() => refuseJudged(audience, server, 'let it pass'), `${id} ${mutation}`).toThrow(AppError)
    expect(server.facts.length, `${id} ${mutation}`).toBe(1)
  }
})
