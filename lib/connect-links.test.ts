import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLinkCheck } from './connect-links'
import { steppedClock } from './platform/clock'
import { createHttp } from './platform/http'

const asked: string[] = []
const server = createServer((request, response) => {
  asked.push(request.url ?? '')
  if (request.url === '/moved') response.writeHead(302, { location: '/guide' })
  else if (request.url === '/astray') response.writeHead(302, { location: 'http://10.0.0.1/' })
  else response.writeHead(request.url === '/guide' ? 200 : 404)
  response.end('a page')
})
let base = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

const clock = steppedClock(new Date(0))
const checkAt = (allow: readonly { readonly cidr: string }[]) =>
  createLinkCheck({ http: createHttp({ allow, clock }), clock })
const OWN = [{ cidr: '127.0.0.0/8' }]

test.each([
  ['a page that is there', '/guide', undefined],
  ['one that moved', '/moved', undefined],
  ['one that is not there', '/gone', 'it answers 404'],
  ['one that leads into our network', '/astray', expect.stringMatching(/address|allowed|private/)],
])('X09: %s', async (_name, path, problem) => {
  expect((await checkAt(OWN)([`${base}${path}`]))[`${base}${path}`]).toEqual(problem)
})

test('X09: an address of our own network is never asked', async () => {
  const before = asked.length
  expect(await checkAt([])([`${base}/guide`])).toEqual({ [`${base}/guide`]: expect.any(String) })
  expect(asked).toHaveLength(before)
})

test('X09: a link is asked once in five minutes, and of many only ten', async () => {
  const check = checkAt(OWN)
  const links = Array.from({ length: 14 }, (_, nth) => `${base}/guide?${nth}`)
  const before = asked.length
  await check(links)
  await check(links)
  expect(asked).toHaveLength(before + 10)
  clock.advanceMs(300_001)
  await check(links.slice(0, 1))
  expect(asked).toHaveLength(before + 11)
})
