import { describe, expect, it } from 'vitest'
import { supervisorUrls } from './connect-supervisors'

describe('SUPERVISOR_URLS', () => {
  it('connects each instance that it names', () => {
    const url = 'http://10.0.0.7:9001/RPC2'
    expect(supervisorUrls({ SUPERVISOR_URLS: JSON.stringify({ '7001234': url }) })).toEqual({
      '7001234': url,
    })
  })
  it.each([undefined, '', 'no JSON', '[]', '{"7001234":"file:///etc/passwd"}', '{"7001234":4}'])(
    'of %j connects nothing',
    (text) => {
      expect(supervisorUrls({ SUPERVISOR_URLS: text })).toEqual({})
    },
  )
})
