import { afterAll, expect, test } from 'vitest'
import { temporaryFolder, writeTree } from '../testing/throwaway.mjs'
import { contentHash, filesBelow } from './stamps.mjs'

const { path: base, remove } = temporaryFolder()
afterAll(remove)
writeTree(base, { 'a/one.ts': '1', 'a/two.ts': '2', 'b.json': '{}', 'a/node_modules/x.js': 'x' })
const paths = ['a', 'b.json', 'absent']
const original = contentHash(base, paths)

test('the same content has the same fingerprint, whatever the order of the paths', () => {
  expect(contentHash(base, [...paths].reverse())).toBe(original)
})

test('what builds leave behind does not count', () => {
  writeTree(base, { 'a/node_modules/y.js': 'y', 'a/dist/z.js': 'z' })
  expect(contentHash(base, paths)).toBe(original)
  expect(filesBelow(base, 'a')).toEqual(['a/one.ts', 'a/two.ts'])
})

const changes = [
  ['a changed byte', { 'a/one.ts': '9' }, []],
  ['a new file', { 'a/three.ts': '' }, []],
  ['a file that an absent path now names', { absent: '' }, []],
  ['another extra text', {}, ['v2']],
]
test.each(changes)('%s changes the fingerprint', (_name, files, extra) => {
  const before = contentHash(base, paths)
  writeTree(base, files)
  expect(contentHash(base, paths, ...extra)).not.toBe(before)
})

test('moving a byte from one file into the next is seen', () => {
  writeTree(base, { 'm/a': 'xy', 'm/b': 'z' })
  const before = contentHash(base, ['m'])
  writeTree(base, { 'm/a': 'x', 'm/b': 'yz' })
  expect(contentHash(base, ['m'])).not.toBe(before)
})
