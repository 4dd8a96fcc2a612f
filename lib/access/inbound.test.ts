import { createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { clientAddress, guardInbound, METHOD_HEADER, normaliseInbound, parseProxies } from './inbound'

describe('whose address a request has', () => {
  const proxies = parseProxies('10.0.0.0/8, 192.0.2.1, 2001:db8::/32')
  it.each([
    ['203.0.113.5', undefined, '203.0.113.5'],
    ['203.0.113.5', '198.51.100.1', '203.0.113.5'],
    ['10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['10.1.2.3', '1.1.1.1, 198.51.100.1, 10.9.9.9', '198.51.100.1'],
    ['::ffff:10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['192.0.2.1', '10.0.0.1', '192.0.2.1'],
    ['2001:db8::5', '2001:db9::7', '2001:db9::7'],
    ['10.1.2.3', undefined, '10.1.2.3'],
  ])('peer %s with %s is %s', (peer, forwarded, address) => {
    expect(clientAddress(peer, forwarded, proxies)).toBe(address)
  })

  it('says which proxy it cannot read', () => {
    expect(() => parseProxies('10.0.0.0/8, nonsense')).toThrow(/nonsense/)
    expect(parseProxies(undefined)).toEqual([])
  })
})

describe('a request before the framework sees it', () => {
  it('loses what a client claims about the way here', () => {
    const headers: IncomingMessage['headers'] = {
      'x-forwarded-for': '1.1.1.1',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      forwarded: 'for=1.1.1.1',
      cookie: 'a=1',
    }
    normaliseInbound({ headers, method: 'GET', socket: { remoteAddress: '203.0.113.5' } }, [])
    expect(headers).toEqual({ 'x-forwarded-for': '203.0.113.5', cookie: 'a=1' })
  })

  it('is normalised on a real server, TRACE included', async () => {
    guardInbound(undefined)
    const server = createServer((request, response) => {
      const { method, headers } = request
      response.end(
        JSON.stringify({ method, marked: headers[METHOD_HEADER], from: headers['x-forwarded-for'] }),
      )
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const seen = await new Promise<string>((resolve, reject) => {
      const headers = { 'x-forwarded-for': '1.1.1.1', [METHOD_HEADER]: 'forged' }
      httpRequest({ port, host: '127.0.0.1', method: 'TRACE', headers }, (response) => {
        response.setEncoding('utf8').on('data', resolve)
      })
        .on('error', reject)
        .end()
    })
    server.close()
    expect(JSON.parse(seen)).toEqual({ method: 'OPTIONS', marked: 'TRACE', from: '127.0.0.1' })
  })
})
