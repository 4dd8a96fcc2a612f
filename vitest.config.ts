import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)) } },
  test: {
    include: ['{lib,components,simulator,scripts,bench,prisma,deploy,agent}/**/*.test.{ts,tsx,mjs}'],
    globalSetup: ['lib/platform/testing/global-setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Many files wait for real programs: others work meanwhile on two cores.
    maxWorkers: 4,
  },
})
