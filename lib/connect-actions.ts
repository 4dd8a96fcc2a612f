import { type Actuators, type AnyExecutor, anyExecutor } from './actions/executor'
import { kubernetesExecutors } from './actions/executors/kubernetes'
import { kubernetesLooks } from './actions/executors/kubernetes-looks'
import { SHIPPED_ENV } from './actions/executors/kubernetes-params'
import { instancesWithOrders } from './actions/executors/order-book'
import { vastExecutors } from './actions/executors/vast'
import { allowedTargets } from './connect'
import { pemOf } from './connect-cluster'
import { agentHands, supervisorHands } from './connect-instances'
import type { Console } from './console'
import { createHttp } from './platform/http'
import type { Http } from './platform/http-types'
import { hotfixesErasedOn } from './rollouts/hotfix-queries'
import type { SourceConfigs } from './settings/sources'
import { readSourceConfigs } from './settings/store'

/** Hands are the actuators of one process, made anew when the settings of the sources change. */
export type Hands = {
  readonly current: () => Promise<Actuators>
  readonly close: () => Promise<void>
}

type Listed = ReturnType<Actuators['listed']>

/** Family is the executors of one target: what it offers and why it may be missing. Each kind of target is one of them. */
type Family = {
  readonly prefix: string
  readonly executors: readonly AnyExecutor[]
  readonly missing: { readonly why: string; readonly wayRound: string }
  readonly listed: (executor: string, param: string) => Listed
  readonly close?: () => Promise<void>
}

/** Around is what families are built with; an executor whose orders are rows takes them from the console. */
type Around = {
  readonly console: Console
  readonly http: Http
  /** ordered are the instances to whose agents orders are allowed. */
  readonly ordered: readonly string[]
}

const SETTINGS_EVERY_MS = 2_000

/** openHands builds the executors of the configured targets; settings that changed count two seconds later. */
export function openHands(console: Console): Hands {
  const { env, clock } = console
  let made: { readonly key: string; readonly families: readonly Family[]; readonly http: Http } | undefined
  let readAtMs = -Infinity
  let reading: Promise<Actuators> | undefined

  async function read(): Promise<Actuators> {
    if (made && clock.monotonicMs() - readAtMs < SETTINGS_EVERY_MS) return actuatorsOf(made.families)
    const { configs } = await readSourceConfigs(console)
    const ordered = await instancesWithOrders(console.hot)
    const key = JSON.stringify([configs, ordered])
    readAtMs = clock.monotonicMs()
    if (made?.key === key) return actuatorsOf(made.families)
    const before = made
    const http = createHttp({ allow: allowedTargets(configs, env), clock })
    made = { key, http, families: familiesOf(configs, { console, http, ordered }) }
    // What is under way with the old settings ends by its own deadline.
    if (before) setTimeout(() => void closeAll(before), 30_000).unref()
    return actuatorsOf(made.families)
  }

  return {
    current: () => {
      reading ??= read().finally(() => {
        reading = undefined
      })
      return reading
    },
    close: async () => {
      if (made) await closeAll(made)
    },
  }
}

async function closeAll(made: { readonly families: readonly Family[]; readonly http: Http }): Promise<void> {
  await Promise.allSettled([made.http.close(), ...made.families.map((family) => family.close?.())])
}

function actuatorsOf(families: readonly Family[]): Actuators {
  const byId = new Map(families.flatMap(({ executors }) => executors.map((it) => [it.id, it] as const)))
  const familyOf = (id: string): Family | undefined =>
    families.find((family) => id.startsWith(`${family.prefix}.`))
  return {
    find: (id) => byId.get(id),
    missing: (id) =>
      familyOf(id)?.missing ?? {
        why: `Nothing here can do ${id}.`,
        wayRound: 'Do it by hand and write it down.',
      },
    listed: (id, param) => familyOf(id)?.listed(id, param) ?? [],
  }
}

function familiesOf(configs: SourceConfigs, around: Around): readonly Family[] {
  return [
    kubernetesFamily(configs, around),
    vastFamily(configs, around),
    supervisorHands(around.console, around.http),
    agentHands(around.console, around.ordered),
  ]
}

function kubernetesFamily(
  { kubernetes: config }: SourceConfigs,
  { console: { env, clock }, http }: Around,
): Family {
  const missing = {
    why: 'Kubernetes is not connected.',
    wayRound: 'Run the command with kubectl from a machine that reaches the cluster, and write it down.',
  }
  if (!config) return { prefix: 'kubernetes', executors: [], missing, listed: () => [] }
  const own = config.caData
    ? createHttp({ allow: allowedTargets({ kubernetes: config }, env), clock, ca: pemOf(config.caData) })
    : undefined
  const target = {
    baseUrl: config.url,
    token: config.token ?? '',
    http: own ?? http,
    bounds: {
      namespace: config.namespace,
      deployments: config.deployments,
      secrets: config.secrets,
      env: SHIPPED_ENV,
    },
    clock,
  }
  const acts = kubernetesExecutors(target)
  const looks = kubernetesLooks(target)
  return {
    prefix: 'kubernetes',
    missing,
    executors: [
      anyExecutor(acts.env),
      anyExecutor(acts.restart),
      anyExecutor(acts.undo),
      anyExecutor(acts.secret),
      anyExecutor(looks.status),
      anyExecutor(looks.logs),
      anyExecutor(looks.presence),
    ],
    listed: (_executor, param) => {
      if (param === 'deployment') return config.deployments.map((name) => ({ value: name, label: name }))
      if (param !== 'secret') return []
      return config.secrets.map((entry) => {
        const [secret = '', key = ''] = entry.split('/')
        return { value: entry, label: `${key} in ${secret}`, params: { secret, key } }
      })
    },
    close: async () => own?.close(),
  }
}

function vastFamily({ vast: config }: SourceConfigs, { console: { clock, db }, http }: Around): Family {
  const missing = {
    why: 'Vast.ai is not connected.',
    wayRound: 'Do it in the provider’s console, and write it down.',
  }
  if (!config) return { prefix: 'vast', executors: [], missing, listed: () => [] }
  const acts = vastExecutors({
    baseUrl: config.apiUrl,
    apiKey: config.apiKey,
    http,
    clock,
    erased: (instance) => hotfixesErasedOn(db, instance),
  })
  return {
    prefix: 'vast',
    missing,
    executors: acts,
    listed: () => [],
  }
}
