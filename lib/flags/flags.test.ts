import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BUCKETS, bucketOf, murmur3 } from './bucket'
import { evaluate } from './evaluate'
import type { Flag } from './model'
import { ofrepAll, ofrepOne } from './ofrep'
import { plainAnswer } from './plain'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const flag = (changes: Partial<Flag> = {}): Flag => ({
  key: 'new-provider',
  salt: 'salt',
  isOn: true,
  share: 1_000,
  version: 3,
  ...changes,
})
const book = (one: Flag) => new Map([[one.key, one]])

describe('buckets', () => {
  it.each([
    ['', 0, 0],
    ['', 1, 0x514e28b7],
    ['test', 0, 0xba6bd213],
    ['test', 0x9747b28c, 0x704b81dc],
    ['Hello, world!', 0, 0xc0363e43],
    ['The quick brown fox jumps over the lazy dog', 0x9747b28c, 0x2fa826cd],
  ])('MG-FLAG-01 the hash is the known one: murmur3(%j, %d)', (text, seed, hash) => {
    expect(murmur3(bytes(text), seed)).toBe(hash)
  })

  it('MG-FLAG-01 whoever is in a smaller share is in every larger one, for any key and salt', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat(BUCKETS), fc.nat(BUCKETS), (salt, key, one, other) => {
        const [small, large] = [Math.min(one, other), Math.max(one, other)]
        const isIn = (share: number) => evaluate(flag({ salt, share }), key)?.value
        expect(isIn(small) === true && isIn(large) !== true).toBe(false)
      }),
    )
  })

  it('MG-FLAG-01 a share is met: of 20,000 keys each tenth of all buckets holds a tenth, within a tenth of it', () => {
    const tenths = Array.from({ length: 10 }, () => 0)
    for (let at = 0; at < 20_000; at += 1) {
      const tenth = Math.floor((bucketOf('salt', `tenant-${at}`) / BUCKETS) * 10)
      tenths[tenth] = (tenths[tenth] ?? 0) + 1
    }
    for (const count of tenths) expect(Math.abs(count - 2_000)).toBeLessThan(200)
  })

  it('MG-FLAG-02 another salt spreads the same keys anew', () => {
    const same = Array.from({ length: 1_000 }, (_, at) => `k${at}`).filter(
      (key) => bucketOf('a', key) < 1_000 && bucketOf('b', key) < 1_000,
    )
    expect(same.length).toBeLessThan(40)
  })
})

describe('evaluation', () => {
  it.each([
    ['off', flag({ isOn: false, share: 10_000 }), { value: false, reason: 'DISABLED' }],
    ['0 %', flag({ share: 0 }), { value: false, reason: 'STATIC' }],
    ['100 %', flag({ share: 10_000 }), { value: true, reason: 'STATIC' }],
    ['10 %', flag(), { reason: 'SPLIT', bucket: bucketOf('salt', 't1') }],
  ])('MG-FLAG-03 a flag that is %s says so', (_name, one, expected) => {
    expect(evaluate(one, 't1')).toMatchObject(expected)
  })

  it('MG-FLAG-04 OFREP: a share needs a key, and what is no context is told apart from a flag that is none', () => {
    const ask = (body: unknown, key = 'new-provider') => ofrepOne(book(flag()), key, body)
    expect(ask({ context: { targetingKey: 't1' } })).toMatchObject({
      status: 200,
      body: { key: 'new-provider', reason: 'SPLIT', metadata: { percent: 10, version: 3 } },
    })
    expect(ask({ context: {} })).toMatchObject({ status: 400, body: { errorCode: 'TARGETING_KEY_MISSING' } })
    expect(ask({ context: { targetingKey: 7 } })).toMatchObject({
      status: 400,
      body: { errorCode: 'INVALID_CONTEXT' },
    })
    expect(ask([])).toMatchObject({ status: 400, body: { errorCode: 'INVALID_CONTEXT' } })
    expect(ask({ context: {} }, 'no-such')).toMatchObject({
      status: 404,
      body: { errorCode: 'FLAG_NOT_FOUND' },
    })
    expect(ofrepAll(book(flag({ share: 10_000 })), { context: {} })).toMatchObject({
      body: { flags: [{ value: true, variant: 'new', reason: 'STATIC' }] },
    })
  })

  it('MG-FLAG-04 the plain address answers for many keys at once, and refuses none and too many', () => {
    expect(plainAnswer(flag(), ['t1', 't2'])).toMatchObject({
      percent: 10,
      results: [{ bucket: 't1' }, { bucket: 't2' }],
    })
    expect(plainAnswer(flag(), [])).toContain('bucket')
    expect(plainAnswer(flag(), [''])).toContain('1 to 512')
    expect(
      plainAnswer(
        flag(),
        Array.from({ length: 501 }, () => 'x'),
      ),
    ).toContain('At most 500')
  })
})

it('every rule on flags is proven by a test', () => {
  const rules = readFileSync('docs/rules/migrations.md', 'utf8')
  const own = readdirSync('lib/flags')
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(`lib/flags/${file}`, 'utf8'))
    .join('\n')
  const ids = [...rules.matchAll(/\*\*(MG-FLAG-\d{2})\*\*/g)].map((match) => match[1] ?? '')
  expect(ids.filter((id) => !own.includes(`'${id} `))).toEqual([])
  expect(new Set(ids).size).toBe(ids.length)
})
