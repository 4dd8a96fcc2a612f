import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { packParts } from './collect-archive'
import { type Part, windowOf } from './model'
import { tarOf, untar } from './tar'
import { markdownOf, wordsOf } from './timeline'
import { verifyArchive } from './verify-archive'

const now = new Date('2026-11-18T02:29:41.000Z')
const window = windowOf(null, now.getTime())
const incident = { id: 'i', name: 'INC-0001', title: 'Inference 503s' }
const PARTS: readonly Part[] = [
  { path: 'record/timeline.jsonl', kind: 'lines', values: [{ seq: 1 }, { seq: 2 }] },
  { path: 'logs/a.log', kind: 'text', text: 'one\ntwo\n', keeps: 'end' },
  { path: 'alerts.json', kind: 'json', value: { b: 1, a: 2 } },
]
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

function pack(changes: Partial<Parameters<typeof packParts>[0]> = {}) {
  return packParts({ incident, window, now, parts: PARTS, missing: [], ...changes })
}

function filesIn(archive: Uint8Array): Readonly<Record<string, string>> {
  const files = untar(gunzipSync(archive)) ?? []
  return Object.fromEntries(files.map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)]))
}

describe('an archive', () => {
  it('E-PACK-01 what goes in comes out, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[a-z]{1,40}(\/[a-z]{1,90}){0,2}$/), { maxLength: 6 }),
        fc.uint8Array({ maxLength: 3_000 }),
        (paths, bytes) => {
          const files = paths.map((path) => ({ path, bytes }))
          expect(untar(tarOf(files, 0))?.map(({ path, bytes: got }) => [path, [...got]])).toEqual(
            files.map(({ path, bytes: put }) => [path, [...put]]),
          )
        },
      ),
      { numRuns: 60 },
    )
  })

  it('E-PACK-01 tar itself reads it', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'bundle-'))
    onTestFinished(() => rm(dir, { recursive: true }))
    const path = `logs/${'deep/'.repeat(20)}${'a'.repeat(60)}.log`
    await writeFile(
      join(dir, 'bundle.tar.gz'),
      pack({ parts: [{ path, kind: 'text', text: 'here', keeps: 'end' }] }).archive,
    )
    execFileSync('tar', ['xzf', 'bundle.tar.gz'], { cwd: dir })
    expect(await readFile(join(dir, path), 'utf8')).toBe('here')
  })

  it('E-PACK-02 the same inputs give the same bytes, in whatever order they are gathered', () => {
    const one = pack()
    const other = pack({
      parts: [...PARTS]
        .reverse()
        .map((part) => (part.kind === 'json' ? { ...part, value: { a: 2, b: 1 } } : part)),
    })
    expect(other.archiveSha256).toBe(one.archiveSha256)
    expect(other.manifestSha256).toBe(one.manifestSha256)
    expect(pack({ now: new Date(now.getTime() + 1_000) }).manifestSha256).not.toBe(one.manifestSha256)
  })

  it('E-PACK-03 a file over its limit is cut at a line and says so; a log keeps its end', () => {
    const text = Array.from({ length: 100 }, (_, line) => `line ${line}`).join('\n')
    const limits = { fileBytes: 200, totalBytes: 10_000, files: 10 }
    const { archive, manifest } = pack({
      limits,
      parts: [
        { path: 'a.log', kind: 'text', text, keeps: 'end' },
        { path: 'b.md', kind: 'text', text, keeps: 'start' },
      ],
    })
    const files = filesIn(archive)
    expect(files['a.log']?.endsWith('line 99')).toBe(true)
    expect(files['a.log']?.startsWith('line ')).toBe(true)
    expect(files['b.md']?.startsWith('line 0\n')).toBe(true)
    for (const file of manifest.files) {
      expect(file.sizeBytes).toBeLessThanOrEqual(200)
      expect(file.cutFromBytes).toBe(text.length)
    }
    expect(files['README.md']).toContain('cut from')
  })

  it.each([
    ['bytes', { fileBytes: 100, totalBytes: 12, files: 10 }],
    ['files', { fileBytes: 100, totalBytes: 10_000, files: 1 }],
  ])('E-PACK-04 what would make it grow over its limit of %s is left out and named', (_what, limits) => {
    const { manifest } = pack({ limits, parts: PARTS.filter((part) => part.kind !== 'json') })
    expect(manifest.files).toHaveLength(1)
    expect(manifest.missing).toEqual([
      { what: 'record/timeline.jsonl', why: expect.stringContaining('over its limit') },
    ])
  })

  it('E-PACK-05 every file, the list of what is missing and the title are masked, and the manifest counts the places', () => {
    const key = 'password=hunter2hunter2'
    const { archive, manifest } = pack({
      incident: { ...incident, title: `Leaked ${key}` },
      missing: [{ what: 'x', why: `refused with ${key}` }],
      parts: [
        { path: 'a.log', kind: 'text', text: `said ${key}\nand ${key}\n`, keeps: 'end' },
        { path: 'b.json', kind: 'json', value: { apiKey: 'abcdefgh', note: key } },
        { path: 'c.jsonl', kind: 'lines', values: [{ text: key }] },
      ],
    })
    expect(JSON.stringify(filesIn(archive))).not.toContain('hunter2')
    expect(JSON.stringify(filesIn(archive))).not.toContain('abcdefgh')
    expect(manifest.files.map(({ redacted }) => redacted)).toEqual([2, 2, 1])
  })
})

describe('checking a bundle', () => {
  const whole = pack({ missing: [{ what: 'metrics/', why: 'Prometheus is not connected' }] })

  it('E-VER-01 a whole one fits its manifest and gives the digest that the record holds', () => {
    expect(verifyArchive(whole.archive)).toMatchObject({
      problems: [],
      manifestSha256: whole.manifestSha256,
      manifest: { missing: [{ what: 'metrics/' }] },
    })
  })

  it.each([
    [
      'a file that was changed',
      (files: Map<string, Uint8Array>) => files.set('alerts.json', bytesOf('{"a":3,"b":1}\n')),
      'alerts.json',
    ],
    [
      'a file that was taken out',
      (files: Map<string, Uint8Array>) => files.delete('logs/a.log'),
      'logs/a.log is missing',
    ],
    [
      'a file that was put in',
      (files: Map<string, Uint8Array>) => files.set('logs/b.log', bytesOf('x')),
      'logs/b.log is not in the manifest',
    ],
    ['no manifest', (files: Map<string, Uint8Array>) => files.delete('manifest.json'), 'no manifest.json'],
    [
      'a manifest of another format',
      (files: Map<string, Uint8Array>) => files.set('manifest.json', bytesOf('{"format":"other"}')),
      'manifest.json format',
    ],
  ] as const)('E-VER-02 %s is named', (_what, change, problem) => {
    const files = new Map((untar(gunzipSync(whole.archive)) ?? []).map((file) => [file.path, file.bytes]))
    change(files)
    const made = tarOf(
      [...files].map(([path, bytes]) => ({ path, bytes })),
      0,
    )
    expect(verifyArchive(gzipSync(made)).problems.join()).toContain(problem)
  })

  it('E-VER-02 every bundle that lost its end, and what is none at all, is refused', () => {
    for (let at = 0; at < whole.archive.length; at += 50)
      expect(verifyArchive(whole.archive.subarray(0, at)).problems.length).toBeGreaterThan(0)
    expect(verifyArchive(bytesOf('not an archive')).problems).toHaveLength(1)
  })
})

describe('the record for people', () => {
  it('is one line an entry, whatever an entry holds', () => {
    const entry = {
      seq: 1,
      kind: 'note',
      source: 'human',
      by: 'ana',
      occurredAt: '2026-11-18T02:29:41.000Z',
      receivedAt: '2026-11-18T02:29:41.000Z',
      claimedAt: null,
      body: { text: 'a | b\nc' },
    }
    const text = markdownOf('INC-0001', 'Title', [entry])
    expect(text.split('\n').filter((line) => line.startsWith('| 1 '))).toEqual([
      '| 1 | 2026-11-18T02:29:41.000Z | human | ana | note | a \\| b c |',
    ])
    expect(wordsOf({ to: 'P1', from: 'P2', reason: '' })).toBe('to: P1 · from: P2')
  })
})
