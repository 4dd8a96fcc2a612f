import type { Permission } from './permissions'

/**
 * RouteAccess says who may call a page or a route: anybody; anybody signed in; whoever holds the permission; a machine
 * with its own token; or whoever the operation named in the address lets (each operation carries its permission).
 */
export type RouteAccess =
  | { readonly kind: 'public' }
  | { readonly kind: 'signed-in' }
  | { readonly kind: 'permission'; readonly permission: Permission }
  | { readonly kind: 'machine' }
  | { readonly kind: 'operation' }

const PUBLIC: RouteAccess = { kind: 'public' }
const SIGNED_IN: RouteAccess = { kind: 'signed-in' }
const MACHINE: RouteAccess = { kind: 'machine' }
const OPERATION: RouteAccess = { kind: 'operation' }

function holding(permission: Permission): RouteAccess {
  return { kind: 'permission', permission }
}

/** ROUTES is every page and API route of the console, by its folder under `app`; a route that is not here fails the tests. */
export const ROUTES: Readonly<Record<string, RouteAccess>> = {
  '(auth)/sign-in': PUBLIC,
  '(auth)/session-ended': PUBLIC,
  '(auth)/disabled': PUBLIC,
  '(auth)/refused': PUBLIC,
  '(auth)/forbidden': SIGNED_IN,
  '(console)': SIGNED_IN,
  '(console)/fleet': SIGNED_IN,
  '(console)/gpus': SIGNED_IN,
  '(console)/incidents': holding('incidents.read'),
  '(console)/incidents/[number]': holding('incidents.read'),
  '(console)/triage': holding('triage.read'),
  '(console)/drills': holding('drills.read'),
  '(console)/postmortems/[number]/edit': holding('postmortems.read'),
  '(console)/migrations': holding('migrations.read'),
  '(console)/migrations/[number]': holding('migrations.read'),
  '(console)/deployments': holding('deployments.read'),
  '(console)/deployments/[number]': holding('deployments.read'),
  '(console)/deployments/[number]/rollout': holding('rollouts.read'),
  '(console)/deployments/calendar': holding('deployments.read'),
  '(console)/deployments/log': holding('rollouts.read'),
  '(console)/deployments/upkeep': holding('deployments.read'),
  '(console)/runbooks': holding('runbooks.read'),
  '(console)/runbooks/[...path]': holding('runbooks.read'),
  '(console)/postmortems': holding('postmortems.read'),
  '(console)/postmortems/[number]': holding('postmortems.read'),
  '(console)/postmortems/actions': holding('action-items.read'),
  '(console)/insights': holding('insights.read'),
  '(console)/queues': SIGNED_IN,
  '(console)/services': SIGNED_IN,
  '(console)/alerts': holding('alerts.read'),
  '(console)/settings': SIGNED_IN,
  '(console)/settings/agents': SIGNED_IN,
  '(console)/settings/sources': SIGNED_IN,
  '(console)/settings/status-page': holding('status.read'),
  '(console)/settings/windows': holding('deployments.read'),
  '(console)/settings/channels': holding('channels.read'),
  '(console)/settings/broken-glass': holding('actions.read'),
  '(console)/audit': holding('audit.read'),
  '(console)/settings/mail': holding('subscribers.read'),
  '(console)/settings/slack': holding('slack.read'),
  '(console)/settings/people': holding('access.read-people'),
  '(console)/settings/sessions': holding('access.self'),
  '(console)/settings/keys': holding('access.self'),
  '(console)/settings/api': holding('access.self'),
  'status/subscribe': PUBLIC,
  'status/confirm': PUBLIC,
  'status/unsubscribe': PUBLIC,
  'api/auth/[...nextauth]': PUBLIC,
  'api/auth/signout': PUBLIC,
  'api/auth/step-up': SIGNED_IN,
  'agent/[file]': PUBLIC,
  'api/hooks/[sender]': MACHINE,
  'api/hooks/slack': MACHINE,
  'api/hooks/deployments': MACHINE,
  'api/commands/[name]': OPERATION,
  'api/queries/[name]': OPERATION,
  'api/openapi.json': PUBLIC,
  'api/healthz': PUBLIC,
  'api/readyz': PUBLIC,
}

/** PUBLIC_PATHS are what the public page answers to anybody, on the bare HTTP server too. */
export const PUBLIC_PATHS: readonly string[] = [
  '/status',
  '/status/index.html',
  '/status/history',
  '/status/history.html',
  '/status/incidents/*',
  '/status/maintenance/*',
  '/status/feed.atom',
  '/status/feed.rss',
  '/status/badge.svg',
  '/status/api/v2/*',
  '/api/v2/*',
]

/** PLAIN_ROUTES are the addresses (`METHOD /path`) that are served on the bare HTTP server, before the framework sees them. */
export const PLAIN_ROUTES: Readonly<Record<string, RouteAccess>> = {
  'GET /api/live': holding('health.read'),
  'GET /api/queries/health.snapshot': holding('health.read'),
  'GET /api/queries/*': OPERATION,
  'POST /api/queries/*': OPERATION,
  'POST /api/commands/*': OPERATION,
  'GET /api/flags/*': holding('flags.evaluate'),
  'POST /ofrep/v1/evaluate/flags': holding('flags.evaluate'),
  'POST /ofrep/v1/evaluate/flags/*': holding('flags.evaluate'),
  'POST /api/agent/report': MACHINE,
  'POST /api/hooks/alertmanager': MACHINE,
  'POST /api/hooks/grafana': MACHINE,
  'POST /api/hooks/pagerduty': MACHINE,
  'POST /api/hooks/vast': MACHINE,
  'POST /api/hooks/generic': MACHINE,
  ...Object.fromEntries(
    PUBLIC_PATHS.flatMap((path) => [
      [`GET ${path}`, PUBLIC],
      [`HEAD ${path}`, PUBLIC],
    ]),
  ),
}
