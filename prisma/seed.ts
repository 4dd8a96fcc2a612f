import { systemClock } from '../lib/platform/clock'
import { openDb } from '../lib/platform/db'
import { seedDeployments } from './deployments'
import { seedMigration } from './migration'
import { seedPastIncidents } from './past-incidents'
import { seedPeople } from './people'
import { seedStatusPage } from './status-page'

async function main(): Promise<void> {
  const { DATABASE_URL, NODE_ENV, WATCHFLOOR_SIMULATED, WATCHFLOOR_DEMO_PEOPLE } = process.env
  if (!DATABASE_URL)
    throw new Error('Set DATABASE_URL (`node scripts/db.mjs url` prints the one of this checkout).')
  if (NODE_ENV === 'production' && !['1', 'true'].includes(WATCHFLOOR_SIMULATED ?? '')) {
    throw new Error(
      'Demo people belong to a simulated installation: set WATCHFLOOR_SIMULATED=1 or leave them out.',
    )
  }
  const path = WATCHFLOOR_DEMO_PEOPLE ?? '.watchfloor/demo-people.json'
  const db = openDb({ url: DATABASE_URL, name: 'seed', max: 2 })
  try {
    const now = systemClock.now()
    const signIns = await seedPeople(db, { path, now })
    await seedStatusPage(db, now)
    await seedMigration(now)
    await seedPastIncidents(now)
    await seedDeployments(now)
    process.stdout.write(`${signIns.length} demo people; their passwords are in ${path}\n`)
  } finally {
    await db.$disconnect()
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
