import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** What needs a process to itself: real programs, and what is one for a whole process, such as its secrets and the answers of a source. */
const OWN_PROCESS = [
  '{simulator,scripts,bench,prisma,deploy,agent}/**/*.test.{ts,mjs}',
  'lib/{sources,status,actions/executors}/**/*.test.ts',
  'lib/{plain-doors,alerts/alertmanager,evidence/secrets}.test.ts',
]

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)) } },
  test: {
    globalSetup: ['lib/platform/testing/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Many files wait for real programs: others work meanwhile on two cores.
    maxWorkers: 4,
    projects: [
      {
        extends: true,
        test: {
          name: 'rooms',
          include: ['{lib,components}/**/*.test.{ts,tsx}'],
          exclude: OWN_PROCESS,
          // Files share what they import: to bring it anew for each costs as much as the tests.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'programs', include: OWN_PROCESS } },
    ],
  },
})
