/** ROOMS holds each room and the rooms it may use beside those that everybody may use. */
const ROOMS = {
  access: ['audit'],
  audit: ['access'],
  runbooks: [],
  health: [],
  comms: [],
  status: ['comms', 'delivery'],
  images: [],
  alerts: ['health'],
  triage: ['health'],
  incidents: ['alerts', 'triage', 'comms'],
  checklists: ['incidents', 'triage'],
  actions: ['incidents', 'triage', 'health'],
  evidence: ['incidents', 'triage', 'checklists', 'health', 'actions'],
  publications: ['incidents', 'comms', 'health', 'status', 'delivery', 'subscribers'],
  deployments: ['incidents', 'images', 'comms', 'health', 'alerts'],
  rollouts: ['deployments', 'incidents', 'images', 'comms', 'health', 'alerts', 'delivery', 'publications'],
  flags: [],
  migrations: ['flags', 'alerts'],
  postmortems: [
    'action-items',
    'incidents',
    'triage',
    'health',
    'alerts',
    'comms',
    'actions',
    'publications',
    'reminders',
    'drills',
    'delivery',
    'letters',
    'subscribers',
  ],
  subscribers: ['comms'],
  reminders: ['comms', 'delivery', 'incidents'],
  letters: ['subscribers'],
  library: ['incidents', 'postmortems'],
  insights: ['incidents', 'reminders', 'action-items', 'postmortems'],
  'action-items': ['delivery', 'incidents', 'letters', 'subscribers'],
  slack: ['comms', 'incidents', 'publications'],
  delivery: ['comms'],
  drills: ['incidents', 'triage', 'checklists', 'health', 'alerts'],
}
/** Everybody may use these. */
const EVERYONES = ['access', 'audit', 'runbooks']
/** The ground under the rooms: who may do what, and the record of what was done. It touches the world by nature. */
const GROUND_ROOMS = ['access', 'audit']
const PURE_GROUND = ['lib/access/permissions.ts', 'lib/access/one-time.ts']
/** A file of a room that has one of these words in its name may touch the world; every other one is pure. */
const WORLDLY =
  /(^|-)(store|commands|queries|operations|collect|collector|dispatch|dispatcher|advance|registry|append|verify|load|session)(-|\.)/
const STORE = /(^|-)store(-|\.)/
/** What another room may write in its own transaction: these take it as an argument and write nothing but their own tables. */
const HANDED_OVER = [
  'lib/action-items/store.ts',
  'lib/flags/shift-store.ts',
  'lib/incidents/presence-store.ts',
  'lib/letters/enqueue-store.ts',
  'lib/delivery/enqueue-maintenance-store.ts',
  'lib/delivery/enqueue-store.ts',
  'lib/deployments/start-store.ts',
  'lib/status/apply-store.ts',
  'lib/subscribers/enqueue-store.ts',
]
const ADAPTERS = ['sources', 'channels', 'actuators', 'deployers']
/** The adapters that act lie inside their room, beside the contract that they fulfil. */
const EXECUTORS = 'lib/actions/executors/'
/** What the adapters hold in types only: a reading, and the shape of each kind of adapter. */
const ADAPTER_TYPES = [
  'sources/reading',
  'sources/source',
  'channels/channel',
  'actions/executor',
  'deployers/deployer',
].map((path) => `lib/${path}.ts`)
/** A mask is a function of its text: nothing outside is asked. */
const PURE_PLATFORM = ['time', 'civil', 'errors', 'redact'].map((name) => `lib/platform/${name}.ts`)
const COMPOSERS = ['lib/console.ts', 'lib/run.ts', 'lib/operation.ts']
/** Packages that are pure functions themselves. */
const PURE_PACKAGES = ['zod', 'canonicalize', 'yaml', 'marked']
const FRAMEWORKS = ['next', 'next-auth', 'react', 'react-dom']
const TOOLS = ['simulator', 'e2e', 'bench', 'scripts', 'migrator']

/** place says where in the house a file stands and what it may therefore be. */
export function place(path) {
  const [top, second] = path.split('/')
  const name = path.slice(path.lastIndexOf('/') + 1)
  const isExecutor = path.startsWith(EXECUTORS)
  const isRoom = top === 'lib' && second in ROOMS && !isExecutor
  return {
    path,
    top,
    room: isRoom ? second : undefined,
    folder: top === 'lib' && path.split('/').length > 2 ? second : undefined,
    isGround: isRoom && GROUND_ROOMS.includes(second),
    isWorldly: isRoom && (GROUND_ROOMS.includes(second) ? !PURE_GROUND.includes(path) : WORLDLY.test(name)),
    isPolicy: isRoom && /^policy(-[\w-]+)?\.ts$/.test(name),
    isStore: isRoom && STORE.test(name),
    isExecutor,
    isAdapter: isExecutor || (top === 'lib' && ADAPTERS.includes(second)),
    isAdapterType: ADAPTER_TYPES.includes(path),
    isTest: /\.test\.tsx?$/.test(name) || path.includes('/testing/'),
    isCommandLine: /-cli\.ts$/.test(name),
  }
}

const isPure = (from) => from.room !== undefined && !from.isWorldly && !from.isCommandLine
const reachesPrisma = ({ file, packageName }) =>
  Boolean(file?.startsWith('prisma/')) || packageName === 'pg' || Boolean(packageName?.startsWith('@prisma/'))
const isBehindTheDoors = (to) =>
  to.isWorldly ||
  (to.folder === 'platform' && !PURE_PLATFORM.includes(to.path)) ||
  COMPOSERS.includes(to.path) ||
  ['jobs', 'live'].includes(to.folder) ||
  (to.isAdapter && !to.isAdapterType)

/**
 * RULES holds who may not import whom. `from` chooses the importing files, `forbids` gets (target, importer, edge);
 * a rule with `runtime` ignores imports of types.
 */
export const RULES = [
  {
    name: 'unresolved',
    why: 'the import leads nowhere',
    from: () => true,
    forbids: (_to, _from, { to }) => Object.keys(to).length === 0,
  },
  {
    name: 'room-order',
    why: 'rooms form a fixed order, and this room comes later or beside',
    from: (from) => from.room !== undefined && !from.isCommandLine,
    // The room of the runbooks checks files against the shapes that the other rooms own.
    forbids: (to, from) =>
      to.room !== undefined && !mayUse(from.room, to.room) && !(from.room === 'runbooks' && to.isPolicy),
  },
  {
    name: 'pure-world',
    why: 'a pure file may import no file that touches the world',
    from: isPure,
    forbids: (to) => to.isWorldly,
  },
  {
    name: 'pure-lib',
    why: 'outside the rooms a pure file may import only platform/time, platform/civil, platform/errors, platform/redact and the types of an adapter',
    from: isPure,
    forbids: (to) =>
      to.path !== undefined && !to.room && !PURE_PLATFORM.includes(to.path) && !to.isAdapterType,
  },
  {
    name: 'pure-package',
    why: 'a pure file may import no package but zod, canonicalize, yaml and marked, and nothing of Node',
    from: isPure,
    forbids: (_to, _from, { to }) =>
      to.builtin !== undefined || (to.packageName !== undefined && !PURE_PACKAGES.includes(to.packageName)),
  },
  {
    name: 'foreign-store',
    why: 'a store is for its own room only; use the room’s commands and queries',
    from: (from) => !from.isCommandLine,
    forbids: (to, from) => to.isStore && to.room !== from.room && !HANDED_OVER.includes(to.path),
  },
  {
    name: 'room-framework',
    why: 'a room knows no framework',
    from: (from) => from.room !== undefined && !from.isGround,
    forbids: (_to, _from, { to }) => FRAMEWORKS.includes(to.packageName),
  },
  {
    name: 'room-adapter',
    why: 'a room gets its adapters as an argument',
    from: (from) => from.room !== undefined && !from.isCommandLine,
    forbids: (to) => to.isAdapter && !to.isAdapterType,
  },
  {
    name: 'room-above',
    why: 'a room knows nothing of what composes it',
    runtime: true,
    from: (from) => from.room !== undefined && !from.isGround && !from.isCommandLine,
    forbids: (to) =>
      ['app', 'components'].includes(to.top) ||
      ['lib/console.ts', 'lib/registry.ts'].includes(to.path) ||
      ['client', 'jobs'].includes(to.folder),
  },
  {
    name: 'env-argument',
    why: 'rooms and adapters get their configuration as an argument',
    runtime: true,
    from: (from) => (from.room !== undefined || from.isAdapter) && !from.isCommandLine,
    forbids: (to) => to.path === 'lib/platform/env.ts',
  },
  {
    name: 'prisma-door',
    why: 'only a store, platform, live, jobs and the console reach Prisma and pg',
    runtime: true,
    from: (from) =>
      ['app', 'components', 'lib'].includes(from.top) &&
      !from.isStore &&
      !from.isCommandLine &&
      !['platform', 'live', 'jobs'].includes(from.folder) &&
      !from.isGround &&
      from.path !== 'lib/console.ts',
    forbids: (_to, _from, { to }) => reachesPrisma(to),
  },
  {
    name: 'app-adapter',
    why: 'a page or route reaches the outside world through the console only',
    from: (from) => from.top === 'app',
    forbids: (to) => to.isAdapter && !to.isAdapterType,
  },
  {
    name: 'component-lib',
    why: 'a component gets props: it may use lib/client and pure files, never a store, a door or an adapter',
    from: (from) => from.top === 'components',
    forbids: (to) => isBehindTheDoors(to) || to.top === 'app' || to.top === 'prisma',
  },
  {
    name: 'component-registry',
    why: 'a component may use the types of the registry, never the registry',
    runtime: true,
    from: (from) => from.top === 'components',
    forbids: (to) => to.path === 'lib/registry.ts',
  },
  {
    name: 'client-lib',
    why: 'the browser’s side may use pure files, and types of the registry',
    runtime: true,
    from: (from) => from.folder === 'client',
    forbids: (to) =>
      isBehindTheDoors(to) ||
      ['app', 'components', 'prisma'].includes(to.top) ||
      to.path === 'lib/registry.ts',
  },
  {
    name: 'adapter-below',
    why: 'an adapter knows no room and no door',
    from: (from) => from.isAdapter,
    // An executor may hand its order to the room that it lies in, e.g. the orders of agents.
    forbids: (to, from) =>
      (to.room !== undefined && !to.isAdapterType && !(from.isExecutor && to.room === 'actions')) ||
      ['app', 'components', 'prisma'].includes(to.top) ||
      [...COMPOSERS, 'lib/registry.ts'].includes(to.path) ||
      ['client', 'jobs', 'live'].includes(to.folder),
  },
  {
    name: 'platform-below',
    why: 'platform knows nothing of the domain',
    from: (from) => from.folder === 'platform',
    forbids: (to) => ['app', 'components'].includes(to.top) || (to.top === 'lib' && to.folder !== 'platform'),
  },
  {
    name: 'product-tools',
    why: 'the product never imports what surrounds it',
    from: (from) => ['app', 'components', 'lib'].includes(from.top),
    forbids: (to) => TOOLS.includes(to.top),
  },
]

function mayUse(room, other) {
  if (room === other || ROOMS[room].includes(other)) return true
  return EVERYONES.includes(other) && !GROUND_ROOMS.includes(room)
}

/** violations applies the rules to import edges and returns what they forbid: [{rule, why, from, line, request}]. */
export function violations(edges) {
  return edges.flatMap((edge) => {
    const from = place(edge.from)
    if (from.isTest) return []
    const to = edge.to.file ? place(edge.to.file) : {}
    return RULES.filter(
      (rule) => !(rule.runtime && edge.isType) && rule.from(from) && rule.forbids(to, from, edge),
    ).map(({ name, why }) => ({ rule: name, why, from: edge.from, line: edge.line, request: edge.request }))
  })
}
