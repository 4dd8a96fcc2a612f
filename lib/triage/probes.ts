/** Probe is one named look: what it asks, of which source, how long it is good for, and the way round when its source is down. */
export type Probe = {
  readonly name: string
  readonly title: string
  readonly source: string
  /** query is what is asked, as an operator would ask it. */
  readonly query: string
  readonly unit: string
  readonly freshSeconds: number
  readonly deadlineMs: number
  readonly wayRound: string
  /** by: the collector's published look, a question asked on demand, the cluster, or our own records. */
  readonly by: 'collector' | 'demand' | 'cluster' | 'records'
  /** calm is the value of a world in which nothing is wrong; cases fill in with it. */
  readonly calm: number
}

type Row = readonly [name: string, title: string, query: string, calm: number, unit?: string]

type Group = Omit<Probe, 'name' | 'title' | 'query' | 'unit' | 'calm'> & { readonly rows: readonly Row[] }

const GROUPS: readonly Group[] = [
  {
    source: 'Prometheus',
    freshSeconds: 300,
    deadlineMs: 5_000,
    wayRound: 'Ask the backup metrics source, or read the integration’s own /metrics.',
    by: 'collector',
    rows: [
      [
        'api.server-errors',
        'Answers 5xx',
        'vastai_errors_total{status=~"5.."}, per minute over 2 min',
        0,
        '/min',
      ],
      [
        'api.auth-errors',
        'Answers 401 and 403',
        'vastai_errors_total{status=~"401|403"}, per minute over 2 min',
        0,
        '/min',
      ],
      [
        'api.rate-limited',
        'Answers 429',
        'vastai_errors_total{status="429"}, per minute over 2 min',
        0,
        '/min',
      ],
      ['api.error-ratio', 'Share of failed calls', 'failed / all calls over 5 min', 0, '%'],
      [
        'api.latency-p99',
        'p99 of calls',
        'histogram_quantile(0.99, vastai_request_duration_seconds, 5 min)',
        700,
        'ms',
      ],
    ],
  },
  {
    source: 'Prometheus',
    freshSeconds: 60,
    deadlineMs: 5_000,
    wayRound: 'Ask the backup metrics source, or read the integration’s own /metrics and log.',
    by: 'demand',
    rows: [
      [
        'api.unanswered',
        'Calls without an answer',
        'vastai_errors_total with a status that is no number, per minute over 2 min',
        0,
        '/min',
      ],
      ['api.share-401', 'Share of calls answered with 401', '401 / all calls over 2 min', 0, '%'],
      ['api.share-403', 'Share of calls answered with 403', '403 / all calls over 2 min', 0, '%'],
      [
        'api.share-refusals',
        'Share of 401, 403 and 429 among failures',
        'vastai_errors_total by status over 2 min',
        0,
        '%',
      ],
      [
        'api.routes-refused',
        'Routes that refuse every call',
        'vastai_requests_total by route and status over 2 min',
        0,
        'routes',
      ],
      [
        'api.routes-working',
        'Routes that still work',
        'vastai_requests_total by route and status over 2 min',
        5,
        'routes',
      ],
      [
        'api.calls-over-interval',
        'Routes called faster than their published interval',
        'vastai_requests_total by route, per minute over 2 min',
        0,
        'routes',
      ],
      ['targets.down', 'Scrape targets that do not answer', 'up == 0', 0, 'targets'],
      [
        'alerts.baseless',
        'Alerts that fire without a series',
        'alerts firing, whose rule finds no fresh series now',
        0,
        'alerts',
      ],
      ['own.memory', 'Memory of the fullest replica', 'working set / limit', 40, '%'],
    ],
  },
  {
    source: 'Provider status page',
    freshSeconds: 900,
    deadlineMs: 5_000,
    wayRound: 'Try another network path; judge the provider by our own error rate.',
    by: 'collector',
    rows: [
      ['page.incident', 'The page reports an incident', 'status page: indicator and open incidents', 0, ''],
      [
        'page.silent',
        'The page says operational, or nothing a machine can read',
        'status page: indicator',
        1,
        '',
      ],
      ['page.operational', 'The page says operational', 'status page: indicator', 1, ''],
    ],
  },
  {
    source: 'Vast.ai',
    freshSeconds: 120,
    deadlineMs: 5_000,
    wayRound: 'Look in the Vast.ai console; the fleet keeps its last readings with their age.',
    by: 'collector',
    rows: [
      [
        'provider.vantages-failing',
        'Of our vantage points, those that the API fails',
        'our own list call and the integration’s calls',
        0,
        'vantage points',
      ],
      [
        'account.refused-401',
        'Our own list call is refused with 401',
        'GET /instances from the worker',
        0,
        '',
      ],
      [
        'account.refused-403',
        'Our own list call is refused with 403',
        'GET /instances from the worker',
        0,
        '',
      ],
      ['quota.own-429', 'Our own list call is rate limited', 'GET /instances from the worker', 0, ''],
      ['account.credit', 'Credit', 'GET /users/current: credit', 400, '$'],
      ['account.runway', 'Runway', 'credit / price of what runs', 67, 'h'],
    ],
  },
  {
    source: 'Vast.ai',
    freshSeconds: 120,
    deadlineMs: 5_000,
    wayRound: 'Look in the Vast.ai console, or ask the instance itself by SSH.',
    by: 'collector',
    rows: [
      [
        'fleet.stopped-unwanted',
        'Instances stopped while they should run',
        'intended running, actual stopped or exited, not allocated',
        0,
        'instances',
      ],
      [
        'hosts.status-lost',
        'Instances that the provider calls offline or unknown',
        'actual_status',
        0,
        'instances',
      ],
      [
        'hosts.dead',
        'Instances offline and silent to our own look',
        'actual_status against agent, exporter and pollers',
        0,
        'instances',
      ],
      [
        'hosts.alive',
        'Instances offline, but alive to our own look',
        'actual_status against agent, exporter and pollers',
        0,
        'instances',
      ],
      [
        'hosts.lost',
        'Unrelated hosts lost',
        'hosts of instances that are offline and not seen alive',
        0,
        'hosts',
      ],
      [
        'instances.stranded',
        'Instances waiting for a GPU that others hold',
        'intended running, allocation stopped > 30 s',
        0,
        'instances',
      ],
      [
        'instances.outbid',
        'Instances stopped by the market',
        'interruptible and stopped while intended running',
        0,
        'instances',
      ],
      ['instances.contract', 'Contracts ended or ending within a day', 'end_date', 0, 'instances'],
      [
        'instances.exited',
        'Containers that exited by themselves',
        'actual exited, intended running, allocation running',
        0,
        'instances',
      ],
      [
        'instances.disk-full',
        'Instances without disk space',
        'disk share ≥ 95 % or status text',
        0,
        'instances',
      ],
      [
        'instances.flapping',
        'Instances whose status left running for single polls',
        'actual_status over the last polls',
        0,
        'instances',
      ],
      ['instances.image-pull', 'Instances that cannot pull their image', 'status text', 0, 'instances'],
    ],
  },
  {
    source: 'Agent',
    freshSeconds: 90,
    deadlineMs: 5_000,
    wayRound: 'Ask supervisord on the instance: supervisorctl status.',
    by: 'collector',
    rows: [
      [
        'workers.stopped',
        'Instances with a stopped worker and no poller from it',
        'supervisor STOPPED, EXITED or FATAL',
        0,
        'instances',
      ],
      [
        'workers.crash-looping',
        'Instances with a worker that keeps restarting',
        'supervisor BACKOFF, or its start time rising',
        0,
        'instances',
      ],
      [
        'workers.wedged',
        'Instances whose worker runs and does not poll',
        'supervisor RUNNING, last poll ≥ 120 s ago',
        0,
        'instances',
      ],
      [
        'workers.astray',
        'Instances with a wrong control plane address',
        'TEMPORAL_ADDRESS, MINIO_ENDPOINT, MINIO_SECURE',
        0,
        'instances',
      ],
      ['models.missing', 'Instances whose model files are gone', 'model paths, runtime log', 0, 'instances'],
      ['gpus.driver-hung', 'Instances whose management interface hangs', 'nvidia-smi', 0, 'instances'],
    ],
  },
  {
    source: 'Temporal',
    freshSeconds: 60,
    deadlineMs: 5_000,
    wayRound: 'Ask the control plane’s own dashboard, or tctl from a bastion.',
    by: 'collector',
    rows: [
      [
        'workers.silent',
        'Instances that polled and stopped polling',
        'DescribeTaskQueue: last poll ≥ 120 s ago',
        0,
        'instances',
      ],
      [
        'workers.silent-share',
        'Share of polling instances that fell silent together',
        'DescribeTaskQueue: last polls',
        0,
        '%',
      ],
      ['temporal.fails', 'The frontend does not describe its queues', 'DescribeTaskQueue', 0, ''],
      [
        'queues.waiting',
        'Queues where work waits and nobody polls',
        'backlog > 0, no fresh poller',
        0,
        'queues',
      ],
      ['queues.backlog', 'Queues with work waiting', 'backlog > 0', 0, 'queues'],
      [
        'queues.behind',
        'Queues that fall behind though workers poll',
        'arrival > dispatch, or oldest task too old, fresh pollers',
        0,
        'queues',
      ],
      ['queues.limited', 'Queues held back by a rate limit', 'rate_limiting_active', 0, 'queues'],
      ['queues.never-seen', 'Configured queues without any trace', 'no poller and no task ever', 0, 'queues'],
      ['queues.dispatching', 'Queues that hand out work', 'dispatch rate > 0', 3, 'queues'],
    ],
  },
  {
    source: 'Service health',
    freshSeconds: 60,
    deadlineMs: 5_000,
    wayRound: 'Call the health endpoint from another network.',
    by: 'collector',
    rows: [
      ['own.unhealthy', 'Our service says that it is not well', 'GET /health of the integration', 0, ''],
      ['own.unreachable', 'Our service does not answer', 'GET /health of the integration', 0, ''],
      [
        'own.dependencies-down',
        'Dependencies that our service calls down',
        '/health: database, object store, Temporal',
        0,
        'parts',
      ],
      ['own.temporal-down', 'Our service calls Temporal down', '/health: temporal', 0],
      ['own.apps-down', 'App services that are down or not well', 'GET /health of each', 0, 'services'],
      [
        'models.unwell',
        'Model servers that do not answer well',
        'GET /health of each model server',
        0,
        'servers',
      ],
      ['models.loading', 'Model servers that are loading', '503 with a loading body', 0, 'servers'],
      [
        'models.loading-long',
        'Model servers loading longer than usual',
        '503 with a loading body > 3 min',
        0,
        'servers',
      ],
      ['models.busy', 'Model servers with every slot taken', '503 with a busy body', 0, 'servers'],
    ],
  },
  {
    source: 'GPU telemetry',
    freshSeconds: 120,
    deadlineMs: 10_000,
    wayRound: 'Read nvidia-smi and the kernel log on the instance.',
    by: 'collector',
    rows: [
      [
        'gpus.fell-off-bus',
        'Cards that fell off the bus',
        'XID 79, or the card gone from the inventory',
        0,
        'GPUs',
      ],
      [
        'gpus.ecc',
        'Cards with uncorrectable memory errors',
        'XID 48, 94, 95, 140, or the counter rising',
        0,
        'GPUs',
      ],
      [
        'gpus.row-remap',
        'Cards with a memory row to remap',
        'XID 63, 64, remap pending or failed',
        0,
        'GPUs',
      ],
      ['gpus.remap-failed', 'Cards whose row remap failed', 'XID 64 or remap failed', 0, 'GPUs'],
      ['gpus.nvlink', 'Cards with NVLink errors', 'XID 74, links inactive', 0, 'GPUs'],
      [
        'gpus.hot',
        'Cards beyond their thermal limit',
        'temperature or margin held, hardware slowdown',
        0,
        'GPUs',
      ],
      ['gpus.driver', 'Cards whose driver failed', 'XID 119, 120, 143', 0, 'GPUs'],
      [
        'gpus.application',
        'Cards with a fault of a program only',
        'XID 13, 31, 43, 45 and nothing else',
        0,
        'GPUs',
      ],
    ],
  },
  {
    source: 'Kubernetes',
    freshSeconds: 60,
    deadlineMs: 5_000,
    wayRound: 'Log in again, then: kubectl get pods -l app=vastai-integration.',
    by: 'cluster',
    rows: [
      [
        'pods.restarting',
        'Pods restarting or in CrashLoopBackOff',
        'kubectl get pods -l app=vastai-integration',
        0,
        'pods',
      ],
      [
        'pods.out-of-memory',
        'Pods ended for lack of memory',
        'lastState.terminated.reason = OOMKilled',
        0,
        'pods',
      ],
      [
        'pods.image-pull',
        'Pods that cannot pull their image',
        'waiting.reason = ImagePullBackOff',
        0,
        'pods',
      ],
      ['pods.not-ready', 'Pods that are not ready', 'status.readyReplicas against spec.replicas', 0, 'pods'],
      [
        'secret.missing',
        'Secret or key that is not set',
        'kubectl get secret vastai-secrets (presence only)',
        0,
        'keys',
      ],
      [
        'logs.own-errors',
        'Recent error lines of our own code path',
        'logs -l app=vastai-integration --since=5m',
        0,
        'lines',
      ],
    ],
  },
  {
    source: 'Change records',
    freshSeconds: 300,
    deadlineMs: 5_000,
    wayRound: 'Ask the deployment log, or the person who deployed last.',
    by: 'cluster',
    rows: [
      [
        'changes.recent',
        'Changes in the hour before the first symptom',
        'rollouts, promotions, rotations, policy edits',
        0,
        'changes',
      ],
      [
        'changes.rollout',
        'Rollouts or promotions in the hour before the first symptom',
        'ReplicaSets by creation time',
        0,
        'rollouts',
      ],
      [
        'changes.rotation',
        'Secrets rotated in the hour before the first symptom',
        'Secrets by change time',
        0,
        'secrets',
      ],
      [
        'changes.worse-since',
        'The new version is worse than the one before',
        'errors and latency by version',
        0,
        '',
      ],
    ],
  },
  {
    source: 'Drift records',
    freshSeconds: 300,
    deadlineMs: 2_000,
    wayRound: 'Ask who edited an instance by hand.',
    by: 'records',
    rows: [
      [
        'drift.lost',
        'Open hotfixes whose instance was recycled since',
        'hotfix records against instance starts',
        0,
        'hotfixes',
      ],
    ],
  },
  {
    source: 'Watchfloor',
    freshSeconds: 30,
    deadlineMs: 1_000,
    wayRound: 'See the sources page: each one can be tested there.',
    by: 'collector',
    rows: [
      [
        'sources.blind',
        'Sources that refuse, do not answer or cannot be read',
        'liveness of each connected source',
        0,
        'sources',
      ],
      ['planes.unwell', 'Planes that warn or are in breach', 'the attribution strip', 0, 'planes'],
      ['direct.unwell', 'Direct looks that are not fine', 'health, list call, queues', 0, 'looks'],
    ],
  },
]

/** PROBES is the catalogue of every look that a tree may ask for. */
export const PROBES: readonly Probe[] = GROUPS.flatMap(({ rows, ...group }) =>
  rows.map(([name, title, query, calm, unit = '']) => ({ ...group, name, title, query, calm, unit })),
)

const BY_NAME = new Map(PROBES.map((probe) => [probe.name, probe]))

/** findProbe gives a probe by name. */
export function findProbe(name: string): Probe | undefined {
  return BY_NAME.get(name)
}
