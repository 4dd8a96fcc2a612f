import { join } from 'node:path'
import { root, stateDirectory } from './checkout.mjs'
import { secrets } from './secrets.mjs'

/** The variables of each source. As soon as the user sets one of them, that source is the real one. */
const SOURCES = {
  vast: ['VAST_API_URL', 'VAST_API_KEY'],
  prometheus: ['PROMETHEUS_URL'],
  temporal: ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'WATCHFLOOR_QUEUES'],
  statuspage: ['STATUSPAGE_URL', 'STATUSPAGE_FORMAT'],
  health: ['HEALTH_URLS'],
  kubernetes: [
    'KUBERNETES_URL',
    'KUBERNETES_TOKEN',
    'KUBERNETES_NAMESPACE',
    'KUBERNETES_DEPLOYMENTS',
    'KUBERNETES_SECRETS',
  ],
  fly: ['FLY_API_URL', 'FLY_API_TOKEN'],
  registry: ['REGISTRY_URL', 'REGISTRY_USER', 'REGISTRY_PASSWORD'],
  supervisor: ['SUPERVISOR_URLS', 'SUPERVISOR_USER', 'SUPERVISOR_PASSWORD'],
}

/** Where the public page may be copied to: the simulator stands in only beside other things that it stands in for. */
const BUCKET = [
  'WATCHFLOOR_STATUS_S3_ENDPOINT',
  'WATCHFLOOR_STATUS_S3_BUCKET',
  'WATCHFLOOR_STATUS_S3_KEY_ID',
  'WATCHFLOOR_STATUS_S3_SECRET',
]

/** unsetSources lists the sources that the user has not configured and that the simulator therefore stands in for. */
export function unsetSources(user = process.env) {
  return Object.keys(SOURCES).filter((source) => !SOURCES[source].some((name) => user[name]))
}

// The simulator is {httpPort, grpcPort, env}; env is what it says of its services, queues and machines.
function simulatedSources({ httpPort, grpcPort, env = {} }, user) {
  const base = `http://127.0.0.1:${httpPort}`
  const all = {
    VAST_API_URL: `${base}/vast`,
    VAST_API_KEY: 'simulated-key',
    PROMETHEUS_URL: `${base}/prometheus`,
    TEMPORAL_ADDRESS: `127.0.0.1:${grpcPort}`,
    TEMPORAL_NAMESPACE: 'default',
    STATUSPAGE_URL: `${base}/statuspage`,
    STATUSPAGE_FORMAT: 'statuspage',
    KUBERNETES_URL: `${base}/kubernetes`,
    REGISTRY_URL: `${base}/registry`,
    KUBERNETES_TOKEN: 'simulated-kubernetes-actor',
    FLY_API_URL: `${base}/fly`,
    FLY_API_TOKEN: 'simulated-fly-token',
    WATCHFLOOR_STATUS_S3_ENDPOINT: `${base}/bucket`,
    WATCHFLOOR_STATUS_S3_BUCKET: 'status',
    WATCHFLOOR_STATUS_S3_KEY_ID: 'SIMULATEDKEYID',
    WATCHFLOOR_STATUS_S3_SECRET: 'simulated-bucket-secret',
    ...env,
  }
  const bucket = BUCKET.some((name) => user[name]) ? [] : BUCKET
  const names = [...unsetSources(user).flatMap((source) => SOURCES[source]), ...bucket]
  return Object.fromEntries(names.filter((name) => all[name]).map((name) => [name, all[name]]))
}

// Mail and Slack are simulated only where the fleet itself is: real incidents are never told to nobody.
function simulatedTalk({ mailPort }, user) {
  if (SOURCES.vast.some((name) => user[name])) return {}
  const slack = user.SLACK_SIGNING_SECRET ? {} : { SLACK_SIGNING_SECRET: 'simulated-slack-signing-secret' }
  if (mailPort === undefined || user.SMTP_URL) return slack
  return {
    ...slack,
    SMTP_URL: `smtp://127.0.0.1:${mailPort}?security=none`,
    SMTP_FROM: 'status@northlight.example',
    SMTP_FROM_NAME: 'Northlight status',
  }
}

// Without channels of the user's own, everybody who is told things is simulated too.
function simulatedChannels({ httpPort }, user) {
  if (user.WATCHFLOOR_CHANNELS || user.VAST_API_URL) return {}
  const base = `http://127.0.0.1:${httpPort}`
  const channels = [
    {
      id: 'slack-incidents',
      kind: 'slack-bot',
      name: 'Slack #incidents',
      audiences: ['internal'],
      config: { apiUrl: `${base}/slack/api`, channel: 'C0INCIDENTS', drills: true },
      secret: 'xoxb-simulated',
    },
    {
      id: 'statuspage',
      kind: 'statuspage',
      name: 'Hosted status page',
      audiences: ['public'],
      config: {
        apiUrl: `${base}/statuspage-manage/v1`,
        pageId: 'simulated',
        publicUrl: `${base}/statuspage-manage`,
      },
      componentMap: SIMULATED_COMPONENTS,
      secret: 'simulated-statuspage-key',
    },
    {
      id: 'pagerduty',
      kind: 'pagerduty',
      name: 'PagerDuty, platform on call',
      audiences: ['internal'],
      config: { url: `${base}/pagerduty/v2/enqueue` },
      secret: 'simulated0routing0key00000000000',
    },
    {
      id: 'webhook',
      kind: 'webhook',
      name: 'Customer portal',
      audiences: ['public'],
      config: { url: `${base}/receiver/hook` },
      secret: 'simulated-webhook-key',
    },
  ]
  return { WATCHFLOOR_CHANNELS: JSON.stringify(channels) }
}

/** What the simulated page calls our components, by their names here. */
const SIMULATED_COMPONENTS = {
  'Video processing, Europe': '8kbf7d35c070',
  'Video processing, US and Asia': 'vtnh60py4yd7',
  API: '3ylx0b9k5pdc',
  'Search and chat': 'qqx4m2n8w1rz',
  Webhooks: 'm7t2hs61vjqe',
}

/**
 * productEnvironment is the environment of web and worker: what the user sets, then what points at the simulator (if
 * one runs), then the checkout's own defaults and secrets.
 */
export function productEnvironment({
  databaseUrl,
  port,
  simulator,
  nodeEnv = 'production',
  user = process.env,
}) {
  const address = `http://127.0.0.1:${port}`
  const set = Object.fromEntries(
    Object.entries(user).filter(([, value]) => value !== undefined && value !== ''),
  )
  return {
    NEXTAUTH_URL: address,
    WATCHFLOOR_PUBLIC_URL: address,
    WATCHFLOOR_LOG_LEVEL: 'info',
    // The built server changes into its own folder, so a relative path would miss.
    WATCHFLOOR_RUNBOOKS: join(root, 'runbooks'),
    WATCHFLOOR_STATUS_DIR: join(stateDirectory, 'status'),
    ...secrets(),
    ...(simulator
      ? {
          WATCHFLOOR_SIMULATED: '1',
          WATCHFLOOR_SIMULATOR_URL: `http://127.0.0.1:${simulator.httpPort}`,
          WATCHFLOOR_DEMO_SIGN_IN: '1',
          ...simulatedSources(simulator, user),
          ...simulatedTalk(simulator, user),
          ...simulatedChannels(simulator, user),
        }
      : {}),
    ...set,
    NODE_ENV: nodeEnv,
    NEXT_TELEMETRY_DISABLED: '1',
    DATABASE_URL: databaseUrl,
    PORT: String(port),
    HOSTNAME: '127.0.0.1',
  }
}
