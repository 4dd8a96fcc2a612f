import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Asked,
  approvalsOf,
  type Member,
  refuseApproval,
  refuseReject,
  unfillable,
  type Word,
} from './approvals'
import type { Slot } from './model'
import { activeRules, type Override, refuseRules, waivedSlots } from './overrides'

const HOUR_MS = 3_600_000
const SLOTS: readonly Slot[] = [
  { slot: 'engineer', roles: ['responder', 'commander'] },
  { slot: 'manager', roles: ['manager'] },
]
const ROLES = ['responder', 'manager', 'viewer'] as const
const PEOPLE = ['ana', 'li', 'raj', 'bo', 'mei']

type World = {
  people: Member[]
  words: Word[]
  overrides: Override[]
  requesterId: string
  revision: number
  condition: boolean
  nowMs: number
  windowEndMs: number
  starts: number
}

function asked(world: World, over: Partial<Asked> = {}): Asked {
  return {
    slots: SLOTS,
    requesterId: world.requesterId,
    revision: world.revision,
    planHash: `hash-${world.revision}`,
    windowEndMs: world.windowEndMs,
    approvalHours: 24,
    words: world.words,
    people: world.people,
    unmet: new Set(world.condition ? [] : ['soak']),
    waived: waivedSlots(activeRules(world.overrides, world.nowMs)),
    nowMs: world.nowMs,
    ...over,
  }
}

/** Said again without the product: every way of giving the slots to different people is tried. */
function mayStart(world: World): boolean {
  if (world.words.some((it) => it.word === 'reject' && it.revision === world.revision)) return false
  const given = (name: string): boolean =>
    world.words.some(
      (it) =>
        it.word === 'approve' &&
        it.personId === name &&
        it.revision === world.revision &&
        it.endedAtMs === undefined &&
        world.nowMs < it.atMs + 24 * HOUR_MS &&
        world.nowMs < world.windowEndMs &&
        (world.condition || it.whenMet.length === 0),
    )
  const may = (name: string, role: string): boolean => {
    const member = world.people.find(({ id }) => id === name)
    return (
      member?.isActive === true && name !== world.requesterId && member.roles.includes(role) && given(name)
    )
  }
  const left = world.overrides
    .filter((it) => it.state === 'active' && world.nowMs < (it.expiresAtMs ?? 0))
    .flatMap(({ ruleIds }) => ruleIds)
  const engineers = PEOPLE.filter((name) => may(name, 'responder'))
  const managers = PEOPLE.filter((name) => may(name, 'manager'))
  const isBoth = engineers.some((one) => managers.some((other) => other !== one))
  return (
    isBoth ||
    (left.includes('approval.manager') && engineers.length > 0) ||
    (left.includes('approval.engineer') && managers.length > 0)
  )
}

function canBeSatisfied(world: World): boolean {
  const of = (role: string) =>
    world.people.filter((it) => it.isActive && it.id !== world.requesterId && it.roles.includes(role))
  return of('responder').some((one) => of('manager').some((other) => other.id !== one.id))
}

const person = fc.integer({ min: 0, max: 4 })
const deed = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('approve' as const), person, early: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reject' as const), person }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('revoke' as const), person }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('edit' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('roles' as const),
      person,
      roles: fc.uniqueArray(fc.constantFrom(...ROLES), { maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('toggle' as const), person }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 30 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('condition' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('override' as const),
      person,
      second: person,
      slot: fc.constantFrom('engineer', 'manager'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('start' as const) }) },
)
type Deed = (typeof deed)['generate'] extends (...args: never[]) => { value: infer Value } ? Value : never

function approve(world: World, name: string, whenMet: readonly string[]): void {
  const hash = `hash-${world.revision}`
  if (refuseApproval(asked(world), name, hash)) return
  world.words.push({
    id: `w${world.words.length}`,
    word: 'approve',
    personId: name,
    handle: name,
    revision: world.revision,
    planHash: hash,
    atMs: world.nowMs,
    whenMet,
    endedAtMs: undefined,
  })
}

function act(world: World, did: Deed): void {
  const nameOf = (index: number): string => PEOPLE[index] ?? ''
  switch (did.kind) {
    case 'approve':
      approve(world, nameOf(did.person), did.early ? ['soak'] : [])
      return
    case 'reject': {
      const name = nameOf(did.person)
      if (refuseReject(asked(world), name)) return
      const { revision, nowMs } = world
      const base = { id: `w${world.words.length}`, personId: name, handle: name, revision, atMs: nowMs }
      world.words.push({
        ...base,
        word: 'reject',
        planHash: `hash-${revision}`,
        whenMet: [],
        endedAtMs: undefined,
      })
      return
    }
    case 'revoke':
      world.words = world.words.map((it) =>
        it.personId === nameOf(did.person) && it.word === 'approve' && it.endedAtMs === undefined
          ? { ...it, endedAtMs: world.nowMs }
          : it,
      )
      return
    case 'edit':
      world.revision += 1
      return
    case 'roles':
      world.people = world.people.map((it) =>
        it.id === nameOf(did.person) ? { ...it, roles: did.roles } : it,
      )
      return
    case 'toggle':
      world.people = world.people.map((it) =>
        it.id === nameOf(did.person) ? { ...it, isActive: !it.isActive } : it,
      )
      return
    case 'wait':
      world.nowMs += did.hours * HOUR_MS
      return
    case 'condition':
      world.condition = !world.condition
      return
    case 'override': {
      const ruleIds = [`approval.${did.slot}`]
      if (did.person === did.second || refuseRules(ruleIds, []) !== undefined) return
      world.overrides.push({
        id: `o${world.overrides.length}`,
        ruleIds,
        state: 'active',
        askedById: nameOf(did.person),
        askedAtMs: world.nowMs,
        expiresAtMs: world.nowMs + 2 * HOUR_MS,
      })
      return
    }
    case 'start': {
      if (approvalsOf(asked(world)).state !== 'approved') return
      world.starts += 1
      if (!mayStart(world)) throw new Error('started without valid, distinct approvals or an override')
    }
  }
}

function newWorld(roles: readonly (readonly string[])[]): World {
  return {
    people: PEOPLE.map((id, index) => ({ id, handle: id, roles: roles[index] ?? [], isActive: true })),
    words: [],
    overrides: [],
    requesterId: 'ana',
    revision: 1,
    condition: true,
    nowMs: 0,
    windowEndMs: 60 * HOUR_MS,
    starts: 0,
  }
}

describe('approvals', () => {
  test('10,000 random sequences by five people never start without their right, and no policy is stuck (D-APR-1)', () => {
    let starts = 0
    const roles = fc.array(fc.uniqueArray(fc.constantFrom(...ROLES), { maxLength: 2 }), {
      minLength: 5,
      maxLength: 5,
    })
    fc.assert(
      fc.property(roles, fc.array(deed, { minLength: 5, maxLength: 30 }), (given, deeds) => {
        const world = newWorld(given)
        for (const did of deeds) {
          act(world, did)
          // Both ways: what the second implementation allows, the product allows too.
          if ((approvalsOf(asked(world)).state === 'approved') !== mayStart(world))
            throw new Error('the two implementations differ')
        }
        starts += world.starts
        if ((unfillable(asked(world)).length === 0) !== canBeSatisfied(world))
          throw new Error('stuck, or not seen to be')
        if (!canBeSatisfied(world)) return
        // Whatever happened before: asked for anew and approved by everybody who may, it can start.
        world.revision += 1
        world.windowEndMs = world.nowMs + 4 * HOUR_MS
        for (const name of PEOPLE) approve(world, name, [])
        if (approvalsOf(asked(world)).state !== 'approved') throw new Error('stuck')
      }),
      { numRuns: 10_000, seed: 20261122 },
    )
    expect(starts).toBeGreaterThan(500)
  })

  test('somebody in both roles fills one slot, and leaves the other to the one person who fits it (D-APR-2)', () => {
    const world = newWorld([[], ['responder', 'manager'], ['manager'], [], []])
    approve(world, 'li', [])
    expect(approvalsOf(asked(world))).toMatchObject({ state: 'partially_approved' })
    approve(world, 'raj', [])
    const { state, slots } = approvalsOf(asked(world))
    expect(state).toBe('approved')
    expect(slots.map(({ slot, by }) => [slot, by?.handle])).toEqual([
      ['engineer', 'li'],
      ['manager', 'raj'],
    ])
  })

  test('the requester fills no slot, whatever they hold', () => {
    const world = newWorld([['responder', 'manager'], [], [], [], []])
    expect(refuseApproval(asked(world), 'ana', 'hash-1')).toMatchObject({ code: 'forbidden' })
    expect(unfillable(asked(world))).toEqual(['engineer', 'manager'])
  })

  test.each([
    ['was edited', (world: World) => act(world, { kind: 'edit' } as Deed)],
    ['is older than a day', (world: World) => act(world, { kind: 'wait', hours: 24 } as Deed)],
    ['outlived its window', (world: World) => act(world, { kind: 'wait', hours: 60 } as Deed)],
    ['lost its approver', (world: World) => act(world, { kind: 'toggle', person: 1 } as Deed)],
    [
      'lost its approver’s role',
      (world: World) => act(world, { kind: 'roles', person: 1, roles: [] } as Deed),
    ],
    ['was taken back', (world: World) => act(world, { kind: 'revoke', person: 1 } as Deed)],
    ['was rejected', (world: World) => act(world, { kind: 'reject', person: 3 } as Deed)],
  ])('an approval counts no more once it %s', (_name, change) => {
    const world = newWorld([[], ['responder'], ['manager'], [], []])
    approve(world, 'li', [])
    approve(world, 'raj', [])
    expect(approvalsOf(asked(world)).state).toBe('approved')
    change(world)
    expect(approvalsOf(asked(world)).state).not.toBe('approved')
  })

  test('an override never leaves out two approvals, an image or the stop of the line (D-OVR-2)', () => {
    expect(refuseRules(['approval.engineer', 'approval.manager'], [])).toContain('never two')
    expect(refuseRules(['stop-line'], [])).toContain('stop-line')
    expect(refuseRules(['image'], [])).toContain('image')
    expect(refuseRules(['month-end', 'soak', 'approval.manager'], ['month-end'])).toBeUndefined()
  })
})
