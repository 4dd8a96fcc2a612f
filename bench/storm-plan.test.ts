import { describe, expect, it } from 'vitest'
import { planStorm, postsOf, randomFrom } from './storm-plan'

const shape = () => ({
  alerts: 2_000,
  spanMs: 60_000,
  lateShare: 0.05,
  resolvedShare: 0.3,
  random: randomFrom(7),
})

describe('the plan of a storm', () => {
  it('is the same for the same seed', () => {
    expect(planStorm(shape())).toEqual(planStorm(shape()))
  })

  it('brings every alert one to five times, within the span and in order of time', () => {
    const { deliveries } = planStorm(shape())
    const copies = new Map<number, number>()
    for (const { alert, status } of deliveries)
      if (status === 'firing') copies.set(alert, (copies.get(alert) ?? 0) + 1)
    expect(copies.size).toBe(2_000)
    expect([...new Set(copies.values())].sort()).toEqual([1, 2, 3, 4, 5])
    expect(deliveries.every(({ atMs }) => atMs >= 0 && atMs <= 60_000)).toBe(true)
    expect(deliveries).toEqual([...deliveries].sort((a, b) => a.atMs - b.atMs))
  })

  it('has some late, some over, and some that are over before they begin', () => {
    const { deliveries, resolved, late } = planStorm(shape())
    expect(late / 2_000).toBeCloseTo(0.05, 1)
    expect(resolved.size / 2_000).toBeCloseTo(0.3, 1)
    const first = new Map<number, string>()
    for (const { alert, status } of deliveries) if (!first.has(alert)) first.set(alert, status)
    expect([...first.values()]).toContain('resolved')
  })

  it('loses nothing when cut into posts', () => {
    const { deliveries } = planStorm(shape())
    const posts = postsOf(deliveries, randomFrom(8))
    expect(posts.flat()).toEqual(deliveries)
    expect(Math.max(...posts.map((post) => post.length))).toBeLessThanOrEqual(51)
  })
})
