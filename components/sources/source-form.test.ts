import { describe, expect, test } from 'vitest'
import { SOURCE_IDS, SOURCE_SCHEMAS } from '@/lib/settings/sources'
import { faultOf, formOf, SOURCE_FIELDS, settingsOf } from './source-form'

describe('the form of a source', () => {
  test.each(SOURCE_IDS)('%s offers every setting that the server takes', (id) => {
    const offered = SOURCE_FIELDS[id].map((field) => field.path).sort()
    expect(offered).toEqual(Object.keys(SOURCE_SCHEMAS[id].shape).sort())
  })
  test('gives back what is stored', () => {
    const stored = {
      address: 'temporal:7233',
      namespace: 'prod',
      intervalMs: 15_000,
      queues: [
        { name: 'video-processing@gpu', type: 'activity' },
        { name: 'orders', type: 'workflow' },
      ],
    }
    expect(settingsOf('temporal', formOf('temporal', stored))).toEqual(stored)
  })
  test('leaves out an empty optional text, so the server does not take it for a value', () => {
    const form = formOf('prometheus', { url: 'http://p:9090' })
    expect(settingsOf('prometheus', form)).not.toHaveProperty('instanceLabel')
  })
  test('keeps a wrong number wrong, so the server can say so', () => {
    expect(settingsOf('vast', { apiUrl: 'http://x', pageIntervalMs: 'soon' }).pageIntervalMs).toBeNaN()
  })
  test('skips empty lines among the queues', () => {
    expect(settingsOf('temporal', { queues: '\n a \n\nb workflow\n' }).queues).toEqual([
      { name: 'a', type: 'activity' },
      { name: 'b', type: 'workflow' },
    ])
  })
})

test('a complaint is shown at its field, with its place inside a list', () => {
  const issues = [
    { path: 'settings.services.0.url', message: 'must be an address' },
    { path: 'settings.url', message: 'missing' },
  ]
  expect(faultOf(issues, 'services')).toBe('0.url: must be an address')
  expect(faultOf(issues, 'url')).toBe('missing')
  expect(faultOf(issues, 'format')).toBeUndefined()
})
