import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { warmUp } from './warm-up'

test('asks for each page in turn, and a page that breaks off stops nothing', async () => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (request.url === '/broken') response.destroy()
    else response.end('a page')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  await warmUp((server.address() as AddressInfo).port, ['/one', '/broken', '/two'])
  server.close()
  expect(asked).toEqual(['/one', '/broken', '/two'])
})

test('a server that is not there is no error', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  await expect(warmUp(port, ['/'])).resolves.toBeUndefined()
})
