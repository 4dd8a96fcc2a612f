/** PLANTS holds violations of every import rule: [rule, file, text of the file]. Each must be found. */
export const PLANTS = [
  ['unresolved', 'lib/platform/lost.ts', "export { lost } from './nowhere'"],
  ['room-order', 'lib/access/a.ts', "export type { Thing } from '@/lib/health/thing'"],
  [
    'room-order',
    'lib/audit/a.ts',
    "import { type Thing } from '@/lib/runbooks/thing'\nexport type A = Thing",
  ],
  ['room-order', 'lib/runbooks/a.ts', "export { type Thing } from '@/lib/health/thing'"],
  ['room-order', 'lib/health/a.ts', "export type A = import('@/lib/alerts/thing').Thing"],
  ['room-order', 'lib/comms/a.ts', "export * from '../incidents/thing'"],
  ['room-order', 'lib/images/a.ts', "export type { Thing } from '@/lib/deployments/thing'"],
  ['room-order', 'lib/alerts/a.ts', "export const later = () => import('@/lib/triage/thing')"],
  ['room-order', 'lib/triage/a.ts', "export type { Thing } from '@/lib/incidents/thing'"],
  ['room-order', 'lib/incidents/a.ts', "export type { Thing } from '@/lib/postmortems/thing'"],
  ['room-order', 'lib/deployments/a.ts', "export type { Thing } from '@/lib/triage/thing'"],
  ['room-order', 'lib/comms/a.ts', "export type { Thing } from '@/lib/postmortems/thing'"],
  ['room-order', 'lib/migrations/a.ts', "import '@/lib/deployments/thing'"],
  ['pure-world', 'lib/health/rules/b.ts', "export type { Row } from '@/lib/health/store'"],
  ['pure-lib', 'lib/health/c.ts', "export type { Db } from '@/lib/platform/db'"],
  ['pure-package', 'lib/health/d.ts', "import { request } from 'undici'\nexport const read = request"],
  [
    'pure-package',
    'lib/health/e.ts',
    "import { readFileSync } from 'node:fs'\nexport const read = readFileSync",
  ],
  ['foreign-store', 'lib/triage/commands.ts', "export type { Row } from '@/lib/health/store'"],
  ['foreign-store', 'app/page.tsx', "import type { Row } from '@/lib/health/store'\nexport type A = Row"],
  [
    'room-framework',
    'lib/alerts/commands.ts',
    "import { headers } from 'next/headers'\nexport const read = headers",
  ],
  ['room-adapter', 'lib/alerts/queries.ts', "export type { Client } from '@/lib/sources/vast/client'"],
  ['room-above', 'lib/incidents/commands.ts', "export { registry } from '@/lib/registry'"],
  ['env-argument', 'lib/sources/vast/client.ts', "export { env as Client } from '@/lib/platform/env'"],
  ['prisma-door', 'lib/health/queries.ts', "export { Prisma } from '@/prisma/generated/client'"],
  ['prisma-door', 'app/api/pg/route.ts', "import { Pool } from 'pg'\nexport const pool = Pool"],
  ['app-adapter', 'app/api/route.ts', "export type { Client } from '@/lib/sources/vast/client'"],
  ['component-lib', 'components/fleet/a.tsx', "export type { Row } from '@/lib/health/store'"],
  ['component-registry', 'components/fleet/b.tsx', "export { registry } from '@/lib/registry'"],
  ['client-lib', 'lib/client/a.ts', "export { env } from '@/lib/platform/env'"],
  ['adapter-below', 'lib/sources/vast/rows.ts', "export type { Thing } from '@/lib/health/thing'"],
  ['platform-below', 'lib/platform/up.ts', "export type { Thing } from '@/lib/health/thing'"],
  ['product-tools', 'lib/jobs/main.ts', "export { world } from '@/simulator/world'"],
]

/** RING is a cycle at run time; its type-only shadow is none. */
export const RING = {
  'lib/alerts/ring.ts': "import { back } from './ring-back'\nexport const ring = () => back",
  'lib/alerts/ring-back.ts': "import { ring } from './ring'\nexport const back = () => ring",
  'lib/alerts/shadow.ts': "import type { B } from './shadow-back'\nexport type A = B | 1",
  'lib/alerts/shadow-back.ts': "import type { A } from './shadow'\nexport type B = A | 2",
}

const THING = 'export type Thing = { readonly id: string }'

/** GROUND holds the innocent files that the plants import. */
export const GROUND = {
  'lib/runbooks/thing.ts': THING,
  'lib/health/thing.ts': THING,
  'lib/alerts/thing.ts': THING,
  'lib/triage/thing.ts': THING,
  'lib/incidents/thing.ts': THING,
  'lib/deployments/thing.ts': THING,
  'lib/postmortems/thing.ts': THING,
  'lib/comms/thing.ts': THING,
  'lib/health/store.ts': 'export type Row = { readonly id: string }',
  'lib/platform/db.ts': 'export type Db = { readonly url: string }',
  'lib/platform/env.ts': 'export const env = {}',
  'lib/registry.ts': 'export const registry = {}',
  'prisma/generated/client.ts': 'export const Prisma = {}',
  'simulator/world.ts': 'export const world = {}',
}
