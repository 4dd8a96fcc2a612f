import { describe, expect, it } from 'vitest'
import { type Traits, traitsOf } from '../alerts/traits'
import { type Candidate, matchAlerts, type OpenIncident } from './alert-match'

const T0 = Date.UTC(2026, 10, 18, 2, 0)
const POLICY = { agreeing: 2, windowMinutes: 30, pendingPerIncident: 3 }
const GPU: Traits = { rule: 'GpuHot', plane: 'gpu', place: 'h1' }

function candidate(traits: Partial<Traits>, more: Partial<Candidate> = {}): Candidate {
  return {
    id: 'a1',
    key: 'alertmanager a1',
    sinceMs: T0,
    traits: { rule: 'Other', plane: undefined, place: undefined, ...traits },
    ...more,
  }
}

function incident(more: Partial<OpenIncident> = {}): OpenIncident {
  return {
    id: 'i1',
    name: 'INC-0001',
    declaredAtMs: T0,
    linked: [GPU],
    refused: new Set(),
    proposed: new Set(),
    ...more,
  }
}

describe('I-ALR-01 traits', () => {
  it.each([
    ['a plane by its label', { plane: 'queue' }, { plane: 'queue' }],
    ['no plane that does not exist', { plane: 'moon' }, { plane: undefined }],
    ['a plane by our own rule', { rule: 'api.p95' }, { plane: 'provider-api' }],
    ['the longest rule that fits', { rule: 'api.auth' }, { plane: 'account' }],
    ['a host without its port', { instance: 'GPU-7.eu:9400' }, { place: 'gpu-7.eu' }],
    ['the host before the instance', { instance: 'x:1', host: 'h9' }, { place: 'h9' }],
    ['what our own rule watches', { subject: 'video@gpu' }, { place: 'video@gpu' }],
    ['nothing where a label is empty', { host: ' ' }, { place: undefined }],
  ])('reads %s', (_name, labels, expected) => {
    expect(traitsOf({ name: 'X', labels: labels as unknown as Record<string, string> })).toMatchObject(
      expected,
    )
  })
})

describe('matching', () => {
  it.each([
    ['rule and place', { rule: 'GpuHot', place: 'h1' }, 'linked'],
    ['rule and plane', { rule: 'GpuHot', plane: 'gpu' as const, place: 'h2' }, 'linked'],
    ['plane and place', { plane: 'gpu' as const, place: 'h1' }, 'linked'],
    ['all three', GPU, 'linked'],
    ['the rule alone', { rule: 'GpuHot' }, 'proposed'],
    ['the plane alone', { plane: 'gpu' as const }, 'proposed'],
    ['the place alone', { place: 'h1' }, 'proposed'],
  ])('I-ALR-02 I-ALR-03 with %s in common it is %s', (_name, traits, state) => {
    expect(matchAlerts([candidate(traits)], [incident()], POLICY)).toMatchObject([{ state }])
  })

  it('I-ALR-03 nothing in common is nothing', () => {
    expect(matchAlerts([candidate({ plane: 'queue' })], [incident()], POLICY)).toEqual([])
  })

  it('I-ALR-02 where two alerts say nothing but their rule, the same rule is enough', () => {
    const bare: Traits = { rule: 'ApiDown', plane: undefined, place: undefined }
    const found = matchAlerts([candidate(bare)], [incident({ linked: [bare] })], POLICY)
    expect(found).toMatchObject([{ state: 'linked', reason: 'same rule as a linked alert' }])
  })

  it('I-ALR-02 traits of two different linked alerts never add up', () => {
    const linked: Traits[] = [
      { rule: 'GpuHot', plane: undefined, place: 'h9' },
      { rule: 'Other', plane: undefined, place: 'h1' },
    ]
    const found = matchAlerts([candidate({ rule: 'GpuHot', place: 'h1' })], [incident({ linked })], POLICY)
    expect(found).toMatchObject([{ state: 'proposed' }])
  })

  it.each([
    [30 * 60_000, 1],
    [30 * 60_000 + 1, 0],
  ])('I-ALR-04 an alert that began %i ms before the declaration gives %i matches', (beforeMs, count) => {
    const found = matchAlerts([candidate(GPU, { sinceMs: T0 - beforeMs })], [incident()], POLICY)
    expect(found.length).toBe(count)
  })

  it('I-ALR-05 the incident with more in common gets it', () => {
    const near = incident({ id: 'i2', name: 'INC-0002', linked: [{ ...GPU, place: 'h2' }] })
    expect(matchAlerts([candidate(GPU)], [near, incident()], POLICY)).toMatchObject([
      { incidentId: 'i1', state: 'linked' },
    ])
  })

  it('I-ALR-05 of two that fit as well neither gets it; both are asked whether they are one', () => {
    const found = matchAlerts(
      [candidate(GPU)],
      [incident(), incident({ id: 'i2', name: 'INC-0002' })],
      POLICY,
    )
    expect(found).toMatchObject([
      { incidentId: 'i1', state: 'proposed', reason: expect.stringContaining('fits INC-0002 as well') },
      { incidentId: 'i2', state: 'proposed', reason: expect.stringContaining('fits INC-0001 as well') },
    ])
  })

  it('I-ALR-05 I-RES-05 a restricted incident is never named in another', () => {
    const restricted = incident({ id: 'i2', name: undefined })
    const reasons = matchAlerts([candidate(GPU)], [incident(), restricted], POLICY).map(
      ({ reason }) => reason,
    )
    expect(reasons[0]).toBe('same rule and plane and place as a linked alert')
  })

  it('I-ALR-06 what a person unlinked stays unlinked, in every later episode', () => {
    const refusing = incident({ refused: new Set(['alertmanager a1']) })
    expect(matchAlerts([candidate(GPU, { id: 'later episode' })], [refusing], POLICY)).toEqual([])
  })

  it('I-ALR-07 at most so many proposals wait, and none is made twice', () => {
    const three = ['a', 'b', 'c', 'd'].map((id) => candidate({ rule: 'GpuHot' }, { id, key: id }))
    const found = matchAlerts(three, [incident({ proposed: new Set(['a', 'z']) })], POLICY)
    expect(found.map(({ alertId }) => alertId)).toEqual(['b'])
  })
})
