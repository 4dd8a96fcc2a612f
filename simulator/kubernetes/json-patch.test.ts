import { describe, expect, test } from 'vitest'
import { jsonPatch, mergePatch } from './json-patch'
import { ApiError } from './status'
import { strategicPatch } from './strategic'

describe('a JSON patch', () => {
  test.each([
    ['adds to an object', { a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
    ['adds at a place of a list', { a: [1, 3] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2, 3] }],
    ['adds to the end of a list', { a: [1] }, [{ op: 'add', path: '/a/-', value: 2 }], { a: [1, 2] }],
    ['replaces', { a: { b: 1 } }, [{ op: 'replace', path: '/a/b', value: 2 }], { a: { b: 2 } }],
    ['removes', { a: { b: 1, c: 2 } }, [{ op: 'remove', path: '/a/b' }], { a: { c: 2 } }],
    ['moves', { a: 1 }, [{ op: 'move', from: '/a', path: '/b' }], { b: 1 }],
    ['copies', { a: [1] }, [{ op: 'copy', from: '/a', path: '/b' }], { a: [1], b: [1] }],
    ['reads escaped names', { 'a/b~c': 1 }, [{ op: 'replace', path: '/a~1b~0c', value: 2 }], { 'a/b~c': 2 }],
    [
      'tests and goes on',
      { a: [1, { b: 2 }] },
      [{ op: 'test', path: '/a', value: [1, { b: 2 }] }],
      { a: [1, { b: 2 }] },
    ],
  ])('%s', (_, target, patch, expected) => {
    expect(jsonPatch(target, patch)).toEqual(expected)
  })

  test.each([
    ['a test that fails', [{ op: 'test', path: '/a', value: 2 }], 422],
    ['a place that is not there', [{ op: 'replace', path: '/b', value: 2 }], 422],
    ['an index beyond the end', [{ op: 'remove', path: '/l/7' }], 422],
    ['an unknown operation', [{ op: 'append', path: '/a', value: 2 }], 422],
    ['a patch that is no list', { a: 2 }, 400],
  ])('%s is refused and changes nothing', (_, patch, code) => {
    const target = { a: 1, l: [] }
    expect(() => jsonPatch(target, patch)).toThrow(ApiError)
    try {
      jsonPatch(target, patch)
    } catch (error) {
      expect(error instanceof ApiError && error.refusal.code).toBe(code)
    }
    expect(target).toEqual({ a: 1, l: [] })
  })
})

test('a merge patch removes by null and replaces lists as a whole', () => {
  const target = { a: { b: 1, c: 2 }, l: [1, 2], d: 4 }
  expect(mergePatch(target, { a: { b: null, e: 5 }, l: [3], d: null })).toEqual({ a: { c: 2, e: 5 }, l: [3] })
})

describe('a strategic merge patch', () => {
  const target = {
    spec: {
      paused: true,
      template: {
        spec: {
          containers: [
            {
              name: 'app',
              image: 'a:1',
              args: ['x'],
              env: [
                { name: 'A', value: '1' },
                { name: 'B', value: '2' },
              ],
            },
            { name: 'side', image: 's:1' },
          ],
        },
      },
    },
  }
  const patched = (containers: unknown): unknown => {
    const result = strategicPatch(target, { spec: { template: { spec: { containers } } } })
    return (result as typeof target).spec.template.spec.containers
  }

  test.each([
    [
      'merges the container of that name',
      [{ name: 'app', image: 'a:2' }],
      [
        { ...target.spec.template.spec.containers[0], image: 'a:2' },
        { name: 'side', image: 's:1' },
      ],
    ],
    [
      'adds one of another name',
      [{ name: 'new', image: 'n:1' }],
      [...target.spec.template.spec.containers, { name: 'new', image: 'n:1' }],
    ],
    ['deletes by directive', [{ name: 'side', $patch: 'delete' }], [target.spec.template.spec.containers[0]]],
    [
      'merges and deletes variables by their names',
      [
        {
          name: 'app',
          env: [
            { name: 'B', value: '3' },
            { name: 'A', $patch: 'delete' },
          ],
        },
      ],
      [
        { name: 'app', image: 'a:1', args: ['x'], env: [{ name: 'B', value: '3' }] },
        { name: 'side', image: 's:1' },
      ],
    ],
    [
      'replaces a list that has no names',
      [{ name: 'app', args: ['y', 'z'] }],
      [
        { ...target.spec.template.spec.containers[0], args: ['y', 'z'] },
        { name: 'side', image: 's:1' },
      ],
    ],
    [
      'replaces the whole list by directive',
      [{ $patch: 'replace' }, { name: 'only', image: 'o:1' }],
      [{ name: 'only', image: 'o:1' }],
    ],
  ])('%s', (_, containers, expected) => {
    expect(patched(containers)).toEqual(expected)
  })

  test('puts list items in the order that is asked for', () => {
    const patch = {
      spec: { template: { spec: { '$setElementOrder/containers': [{ name: 'side' }, { name: 'app' }] } } },
    }
    const result = strategicPatch(target, patch) as typeof target
    expect(result.spec.template.spec.containers.map(({ name }) => name)).toEqual(['side', 'app'])
  })

  test('null removes a field, and what is not named stays', () => {
    expect(strategicPatch(target, { spec: { paused: null } })).toEqual({
      spec: { template: target.spec.template },
    })
  })

  test('an item without its name is refused', () => {
    expect(() => patched([{ image: 'x' }])).toThrow('merge key: name')
  })
})
