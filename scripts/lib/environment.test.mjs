import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { temporaryFolder } from '../testing/throwaway.mjs'

const { path, remove } = temporaryFolder()
afterAll(remove)
vi.stubEnv('WATCHFLOOR_STATE', path)
vi.resetModules()
const { productEnvironment, unsetSources } = await import('./environment.mjs')
const simulator = { httpPort: 4170, grpcPort: 4171, env: { HEALTH_URLS: '{"integration":"http://x"}' } }
const environmentFor = (user) =>
  productEnvironment({ databaseUrl: 'postgresql://x', port: 3100, simulator, user })

test('with nothing configured every source is the simulated one', () => {
  expect(environmentFor({})).toMatchObject({
    WATCHFLOOR_SIMULATED: '1',
    VAST_API_URL: 'http://127.0.0.1:4170/vast',
    PROMETHEUS_URL: 'http://127.0.0.1:4170/prometheus',
    TEMPORAL_ADDRESS: '127.0.0.1:4171',
    STATUSPAGE_URL: 'http://127.0.0.1:4170/statuspage',
    HEALTH_URLS: '{"integration":"http://x"}',
    NEXTAUTH_URL: 'http://127.0.0.1:3100',
    PORT: '3100',
  })
})

test('a real key never goes to the simulator, and the other sources stay simulated', () => {
  const environment = environmentFor({ VAST_API_KEY: 'real' })
  expect(environment.VAST_API_KEY).toBe('real')
  expect(environment.VAST_API_URL).toBeUndefined()
  expect(environment.PROMETHEUS_URL).toContain('4170')
})

test('an empty variable counts as not set', () => {
  expect(unsetSources({ VAST_API_KEY: '' })).toContain('vast')
  expect(environmentFor({ PROMETHEUS_URL: '' }).PROMETHEUS_URL).toContain('4170')
})

test('the secrets are made once, have the asked form, and only the owner can read them', () => {
  const first = environmentFor({})
  expect(environmentFor({}).WATCHFLOOR_KEY).toBe(first.WATCHFLOOR_KEY)
  expect(first.WATCHFLOOR_KEY).toMatch(/^k1:[A-Za-z0-9+/]{43}=$/)
  expect(first.NEXTAUTH_SECRET.length).toBeGreaterThanOrEqual(32)
  expect(statSync(join(path, 'secrets.json')).mode & 0o077).toBe(0)
})
