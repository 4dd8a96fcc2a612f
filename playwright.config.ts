import { existsSync } from 'node:fs'
import { defineConfig, devices } from '@playwright/test'

const candidates = [
  process.env.PLAYWRIGHT_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
]
const executablePath = candidates.find((path) => path && existsSync(path))
const isRoot = process.getuid?.() === 0
const quietBrowser = [
  // Without a card the GPU process draws in software and takes a quarter of a core for nothing.
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const LOOKS = ['axe', 'keyboard', 'displays', 'sign-in', 'runbooks', 'learning', 'subscribers'].map(spec)
const DESKS = [
  'together',
  'offline',
  'incidents',
  'checklists',
  'comms',
  'channels',
  'status',
  'people',
  'api-keys',
  'agents',
].map(spec)
const PLANS = [
  'deployments',
  'migrations',
  'live',
  'postmortem-draft',
  'postmortem-review',
  'alerts',
  'alert-incidents',
  'slack',
].map(spec)

function spec(name: string): string {
  return `**/${name}.spec.ts`
}

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  // A journey that hangs is ended; none is ended for being slow.
  timeout: 240_000,
  // Long enough for a loaded machine: no journey judges how fast the console is.
  expect: { timeout: 30_000 },
  workers: 4,
  retries: 0,
  forbidOnly: true,
  use: {
    baseURL: process.env.E2E_BASE_URL ?? 'http://127.0.0.1:3000',
    actionTimeout: 60_000,
    navigationTimeout: 60_000,
    screenshot: 'only-on-failure',
    // Movement is drawn in software here, and nobody watches it.
    contextOptions: { reducedMotion: 'reduce' },
    // Recording costs a third of the time of a journey: asked for by `E2E_TRACE=1` where one fails.
    trace: process.env.E2E_TRACE ? 'retain-on-failure' : 'off',
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      // Chromium refuses its own sandbox to root.
      chromiumSandbox: !isRoot,
      args: isRoot ? [...quietBrowser, '--no-sandbox'] : quietBrowser,
    },
  },
  // Journeys that change the world or its sources go one after another, and mostly wait for it. Those of people at their desks
  // run beside them, so do those that wait for plans to be carried out, and those that look or change a corner of their own.
  projects: [
    { name: 'world', testIgnore: [...DESKS, ...PLANS, ...LOOKS], workers: 1, use: devices['Desktop Chrome'] },
    { name: 'looks', testMatch: LOOKS, workers: 1, use: devices['Desktop Chrome'] },
    { name: 'plans', testMatch: PLANS, workers: 1, use: devices['Desktop Chrome'] },
    { name: 'desks', testMatch: DESKS, workers: 1, use: devices['Desktop Chrome'] },
  ],
})
