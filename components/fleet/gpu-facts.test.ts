import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { adviceFor } from './advice'
import { agentGpu, factsOf, throttleWords } from './gpu-facts'
import { looseNumber, looseText } from './loose'
import { fleetFixture } from './testing/fleet'

function report(name: string): unknown {
  return JSON.parse(
    readFileSync(new URL(`../../agent/fixtures/reports/${name}.json`, import.meta.url), 'utf8'),
  )
}

const fleet = fleetFixture({ hosts: 1, gpusPerHost: 2 })
const receivedAt = '2026-11-20T14:05:08.000Z'

describe('factsOf', () => {
  it("takes the device's own absolute limits where it tells them, and says that they are assumed where not", () => {
    const hot = agentGpu(report('hot-a100-old-driver'), { index: 0, receivedAt })
    const words = (agent: typeof hot): string | undefined =>
      factsOf({ fleet, row: 0, agent, dcgm: undefined }).find((fact) => fact.name === 'Temperature')
        ?.limitWords
    expect(words(hot)).toMatch(/^slows down at \d+, stops at \d+$/)
    expect(words(undefined)).toContain('assumed')
  })

  it('an unmeasured value is unknown with its reason, never zero', () => {
    const agent = agentGpu(report('xid-79'), { index: 1, receivedAt })
    const memory = factsOf({ fleet, row: 1, agent, dcgm: undefined }).find(
      (fact) => fact.name === 'Memory temperature',
    )
    expect(memory).toMatchObject({ value: null, why: 'cannot be measured here', source: 'Agent' })
  })

  it('a memory temperature of 0 from DCGM is a card without the sensor, not a cold one', () => {
    const dcgm = { DCGM_FI_DEV_MEMORY_TEMP: 0, DCGM_FI_DEV_POWER_USAGE: 310 }
    const facts = factsOf({ fleet, row: 0, agent: undefined, dcgm })
    expect(facts.find((fact) => fact.name === 'Memory temperature')?.value).toBeNull()
    expect(facts.find((fact) => fact.name === 'Power')).toMatchObject({ value: 310, source: 'DCGM' })
  })

  it('a live reading of −1 is unknown', () => {
    const blind = fleetFixture({ hosts: 1, gpusPerHost: 1 })
    blind.gpus.temp[0] = -1
    const [temperature] = factsOf({ fleet: blind, row: 0, agent: undefined, dcgm: undefined })
    expect(temperature?.value).toBeNull()
  })
})

describe('throttleWords', () => {
  it('no report is not the same as nothing holding back', () => {
    expect(throttleWords(undefined)).toBeUndefined()
    expect(throttleWords({ hwSlowdown: false, swPowerCap: false })).toEqual([])
    expect(throttleWords({ hwThermalSlowdown: true })).toHaveLength(1)
  })
})

describe('loose readings', () => {
  it.each([
    [5, 5],
    [{ kind: 'known', value: 5 }, 5],
    [{ unknown: 'not_supported' }, undefined],
    [{ kind: 'unknown', why: 'stale' }, undefined],
    ['5', undefined],
    [Number.NaN, undefined],
    [null, undefined],
  ])('%j reads as %s', (json, value) => {
    expect(looseNumber(json).value).toBe(value)
  })

  it('the reason comes in words', () => {
    expect(looseText({ unknown: 'not_supported' })).toEqual({
      value: undefined,
      why: 'cannot be measured here',
    })
  })
})

describe('adviceFor', () => {
  it.each([
    ['breach', 'gpu.fell-off-bus', 'XID 79: the GPU has fallen off the bus', /rent elsewhere/],
    [
      'warning',
      'xid.latched',
      'XID 79: the GPU has fallen off the bus. It stood there at our first look',
      /log/,
    ],
    ['warning', 'gpu.application-fault', 'XID 31: a program touched memory it does not own', /program/],
    ['warning', 'gpu.thermal', 'Held at or past 85 °C', /load/],
    ['breach', 'gpu.row-remap', 'A faulty memory row could not be remapped', /replace/],
  ] as const)('%s %s, “%s”, is advised on', (rating, code, reason, advice) => {
    expect(adviceFor({ rating, code, reason })).toMatch(advice)
  })

  it('a clear card needs no advice', () => {
    expect(adviceFor({ rating: 'clear', code: 'gpu.clear', reason: 'Within its limits' })).toBeUndefined()
  })
})
