import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Registry } from '../deployers/deployer'
import { promote } from '../deployers/oci/promote'
import { sha256Hex } from '../platform/crypto'
import { testConsole } from '../platform/testing/database'
import { promoteDue } from './promote-dispatch'

const IMAGE = 'ghcr.io/example-team/vastai-integration'
const NOW = new Date('2026-11-18T17:00:00Z')
const [OLD, NEW, OTHER] = ['old', 'new', 'other'].map((text) => `sha256:${sha256Hex(text)}`) as [
  string,
  string,
  string,
]
const TEXTS = new Map([
  [OLD, 'old'],
  [NEW, 'new'],
  [OTHER, 'other'],
])
let app: Awaited<ReturnType<typeof testConsole>>
beforeAll(async () => {
  app = await testConsole({})
})
afterAll(() => app.close())

/** A registry of three images in which one tag is set, and every write is counted. */
function registryAt(stable: string) {
  const tags = new Map([['stable', stable]])
  const puts: string[] = []
  const mediaType = 'application/vnd.oci.image.manifest.v1+json'
  const digestOf = (reference: string): string => tags.get(reference) ?? reference
  const registry: Registry = {
    look: async (_, reference) => ({
      kind: 'manifest',
      digest: digestOf(reference),
      mediaType,
      isIndex: false,
      sizeBytes: 3,
    }),
    bytes: async (_, reference) => ({
      kind: 'bytes',
      digest: digestOf(reference),
      mediaType,
      text: TEXTS.get(digestOf(reference)) ?? '',
    }),
    put: async (_, tag, { text }) => {
      puts.push(tag)
      tags.set(tag, `sha256:${sha256Hex(text)}`)
      return { kind: 'done', digest: digestOf(tag) }
    },
  }
  return { registry, puts }
}

async function left(state: 'due' | 'intended', fromDigest: string | null): Promise<string> {
  await app.db.imagePromotion.deleteMany()
  const id = randomUUID()
  await app.db.imagePromotion.create({
    data: { id, image: IMAGE, toTag: 'stable', fromDigest, toDigest: NEW, state, by: 'rule', at: NOW },
  })
  return id
}

describe('a tag that is owed', () => {
  it.each([
    ['nobody began', 'due', null, OLD, 'done', 1],
    ['was intended and never sent', 'intended', OLD, OLD, 'done', 1],
    ['was sent by a process that died', 'intended', OLD, NEW, 'already', 0],
    ['was intended, and somebody else set it meanwhile', 'intended', OLD, OTHER, 'foreign', 0],
  ] as const)(
    'O-PRO-06 that %s is decided by the tag and set at most once',
    async (_, state, from, stable, ends, puts) => {
      const id = await left(state, from)
      const at = registryAt(stable)
      const room = {
        db: app.db,
        promoting: { registry: async () => at.registry, promote },
        mayWrite: async () => true,
        hint: async () => undefined,
        now: NOW,
      }
      await promoteDue(room)
      await promoteDue(room)
      expect(await app.db.imagePromotion.findUniqueOrThrow({ where: { id } })).toMatchObject({ state: ends })
      expect(at.puts).toHaveLength(puts)
    },
  )

  it('O-PRO-07 is left alone by a process that was overtaken', async () => {
    const id = await left('due', null)
    const at = registryAt(OLD)
    await promoteDue({
      db: app.db,
      promoting: { registry: async () => at.registry, promote },
      mayWrite: async () => false,
      hint: async () => undefined,
      now: NOW,
    })
    expect(at.puts).toEqual([])
    expect(await app.db.imagePromotion.findUniqueOrThrow({ where: { id } })).toMatchObject({ state: 'due' })
  })
})
