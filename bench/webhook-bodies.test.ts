import { describe, expect, it } from 'vitest'
import { SENDERS } from '../lib/alerts/model'
import { bodiesFor, isJson } from './webhook-bodies'

describe('the bodies of the webhook faults', () => {
  it('are at least 5,000 over all senders, and 600 in the short form', () => {
    const count = (quick: boolean) =>
      SENDERS.reduce((total, sender) => total + bodiesFor(sender, { quick, seed: 1 }).length, 0)
    expect(count(false)).toBeGreaterThanOrEqual(5_000)
    expect(count(true)).toBeGreaterThanOrEqual(600)
  })

  it('are the same for the same seed, and others for another', () => {
    const texts = (seed: number) =>
      bodiesFor('alertmanager', { quick: true, seed }).map(({ bytes }) => Buffer.from(bytes).toString('hex'))
    expect(texts(7)).toEqual(texts(7))
    expect(texts(7)).not.toEqual(texts(8))
  })

  it.each(SENDERS)('of %s are JSON exactly where 202 is expected', (sender) => {
    for (const body of bodiesFor(sender, { quick: false, seed: 1 })) {
      if (body.expected === 'stored') expect(isJson(body.bytes), body.name).toBe(true)
      if (body.expected === 'unparsable') expect(isJson(body.bytes), body.name).toBe(false)
    }
  })
})
