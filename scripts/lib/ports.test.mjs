import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { firstFreePort, freePort, isPortFree } from './ports.mjs'

async function occupied(port, run) {
  const server = createServer()
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve))
  try {
    return await run()
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
}

test('a taken port is passed over for one above it, and promised ones too', async () => {
  const port = await freePort()
  await occupied(port, async () => {
    expect(await isPortFree(port)).toBe(false)
    const next = await firstFreePort(port)
    expect(next).toBeGreaterThan(port)
    expect(await firstFreePort(port, [next])).toBeGreaterThan(next)
  })
  expect(await firstFreePort(port)).toBe(port)
})

test('no port above 65535 is ever offered', async () => {
  await expect(firstFreePort(65_536)).rejects.toThrow('no free port')
})
