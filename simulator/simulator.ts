import type http from 'node:http'
import type https from 'node:https'
import type { AddressInfo } from 'node:net'
import * as grpc from '@grpc/grpc-js'
import { createClock, type SimClock } from './clock'
import { Faults } from './faults'
import { KubernetesApi } from './kubernetes/api'
import { type Certificate, loopbackCertificate } from './kubernetes/certificate'
import { kubeconfig } from './kubernetes/kubeconfig'
import { outsideControl } from './outside/control'
import { Outside } from './outside/outside'
import { PagerDuty } from './outside/pagerduty'
import { Receiver } from './outside/receiver'
import { Slack } from './outside/slack'
import { StatuspageManage } from './outside/statuspage-manage'
import { BucketStore } from './protocols/bucket'
import { Control } from './protocols/control'
import { integrationReply, minioReply, modelReply, servicesReply } from './protocols/health'
import { MailServer } from './protocols/mail'
import { metricsReply } from './protocols/metrics'
import { Prometheus } from './protocols/prometheus'
import { RegistryStore } from './protocols/registry'
import { statusPageReply } from './protocols/statuspage'
import { supervisorReply } from './protocols/supervisor'
import { createTemporalServer } from './protocols/temporal'
import { Vast } from './protocols/vast'
import type { Instant, Reply, SimRequest } from './reply'
import type { Scenario } from './scenario'
import { Storage } from './series/storage'
import { createHttpServer, createTlsServer, type Source } from './server'
import { World } from './world/world'

export type SimulatorInput = {
  readonly scenario: Scenario
  readonly startMs: number
  readonly speed?: number
  /** Monotonic wall time in milliseconds; a constant freezes the world. */
  readonly wallMs: () => number
}

/** What changes as a whole when another scenario is loaded. */
export type Running = { readonly world: World; readonly clock: SimClock; readonly faults: Faults }

export type Simulator = {
  running(): Running
  /** What was said to Slack, status pages, pagers and receivers; it outlives every scenario. */
  readonly outside: Outside
  /** Kubernetes has an address of its own, with TLS, where a port is given. */
  listen(ports: {
    readonly http: number
    readonly grpc: number
    readonly kubernetes?: number
    /** Mail is taken where a port is given; 0 for any free one. */
    readonly mail?: number
  }): Promise<{
    readonly http: number
    readonly grpc: number
    readonly kubernetes?: number
    readonly mail?: number
  }>
  /** What a client must trust at the Kubernetes address; made at first use. */
  certificate(): string
  close(): Promise<void>
}

const HOST = '127.0.0.1'

export function createSimulator({ scenario, startMs, speed, wallMs }: SimulatorInput): Simulator {
  const isPresent = (world: World): boolean => now.world === world
  let made: Certificate | undefined
  const certificate = (): Certificate => {
    made ??= loopbackCertificate()
    return made
  }
  let kubernetesPort: number | undefined
  const kubeconfigOf = (namespace: string): string | undefined =>
    kubernetesPort === undefined
      ? undefined
      : kubeconfig({
          address: `https://${HOST}:${kubernetesPort}`,
          certificate: certificate().cert,
          token: 'simulated-kubernetes',
          namespace,
        })
  const mail = new MailServer()
  const told = tellable()
  const whole = { wallMs, load, restore, isPresent, kubeconfigOf, mail, told }
  let now = begin({ ...whole, scenario, startMs, speed: speed ?? scenario.speed })
  let kept: typeof now | undefined
  function load(next: Scenario, keepsPresent: boolean): Running {
    kept = keepsPresent ? (kept ?? now) : undefined
    const present = now.clock.startMs + now.clock.offsetMs()
    now = begin({ ...whole, scenario: next, startMs: present, speed: next.speed })
    return now
  }
  // The world that was kept has gone on by the clock, as if nothing had been played in between.
  function restore(): Running {
    now = kept ?? now
    kept = undefined
    return now
  }
  const httpServer = createHttpServer(() => now)
  const grpcServer = createTemporalServer(() => now)
  const servers: (http.Server | https.Server)[] = [httpServer]
  return {
    running: () => now,
    outside: told.outside,
    certificate: () => certificate().cert,
    async listen(ports) {
      const bound = {
        http: await listenHttp(httpServer, ports.http),
        grpc: await listenGrpc(grpcServer, ports.grpc),
        ...(ports.mail === undefined ? {} : { mail: await mail.listen(ports.mail) }),
      }
      if (ports.kubernetes === undefined) return bound
      const tls = createTlsServer(() => now, { ...certificate(), source: 'kubernetes' })
      servers.push(tls)
      kubernetesPort = await listenHttp(tls, ports.kubernetes)
      return { ...bound, kubernetes: kubernetesPort }
    },
    close: async () => {
      await Promise.all([close(servers, grpcServer), mail.close()])
    },
  }
}

type BeginInput = {
  readonly scenario: Scenario
  readonly startMs: number
  readonly speed: number
  readonly wallMs: () => number
  readonly load: (next: Scenario, keepsPresent: boolean) => Running
  readonly restore: () => Running
  /** False once another scenario has taken this world's place. */
  readonly isPresent: (world: World) => boolean
  readonly kubeconfigOf: (namespace: string) => string | undefined
  readonly mail: MailServer
  readonly told: Tellable
}

type Tellable = ReturnType<typeof tellable>

/** Everything outside that is told something, made once. */
function tellable() {
  const outside = new Outside()
  return {
    outside,
    slack: new Slack(outside),
    page: new StatuspageManage(outside),
    pagerDuty: new PagerDuty(outside),
    receiver: new Receiver(outside),
  }
}

function begin({
  scenario,
  startMs,
  speed,
  wallMs,
  load,
  restore,
  isPresent,
  kubeconfigOf,
  mail,
  told,
}: BeginInput): Running & { readonly sources: readonly Source[] } {
  const clock = createClock({ startMs, speed, wallMs })
  const world = new World(scenario, startMs)
  const control = new Control(world, clock, {
    load: (next, keepsPresent) => load(next, keepsPresent).world.scenario,
    restore: () => restore().world.scenario,
    kubeconfig: () => kubeconfigOf(world.cluster.namespace),
    mail,
  })
  const refresh = (): boolean => {
    world.cluster.advance(clock.offsetMs())
    return isPresent(world)
  }
  const kubernetes = new KubernetesApi(world, refresh)
  return {
    world,
    clock,
    faults: new Faults(world),
    sources: sourcesOf({ world, control, kubernetes, wallMs, told }),
  }
}

type Handler = (request: SimRequest, at: Instant) => Reply

type Parts = {
  readonly world: World
  readonly control: Control
  readonly kubernetes: KubernetesApi
  readonly wallMs: () => number
  readonly told: Tellable
}

function sourcesOf({ world, control, kubernetes, wallMs, told }: Parts): readonly Source[] {
  const storage = new Storage(world)
  const vast = new Vast(world, wallMs)
  const prometheus = new Prometheus(world, storage)
  const bucket = new BucketStore('/bucket')
  const registry = new RegistryStore(world)
  const source = (name: Source['name'], handler: Handler): Source => ({
    name,
    prefix: `/${name}`,
    handle: (request, offsetMs) => {
      world.cluster.advance(offsetMs)
      world.releases.sample(offsetMs)
      const reply = handler(request, { offsetMs, timeMs: world.startMs + offsetMs })
      if (name !== 'control') world.ledger.note(name, request, reply, offsetMs)
      return reply
    },
  })
  return [
    source('vast', (request, at) => vast.handle(request, at)),
    source('prometheus', (request, at) => prometheus.handle(request, at)),
    source('metrics', (request, at) => metricsReply(storage, request, at)),
    source('statuspage', (request, at) => statusPageReply(world, 'statuspage', request, at)),
    source('betterstack', (request, at) => statusPageReply(world, 'betterstack', request, at)),
    source('instatus', (request, at) => statusPageReply(world, 'instatus', request, at)),
    source('integration', (request, at) => integrationReply(world, request, at)),
    source('services', (request, at) => servicesReply(world, request, at)),
    source('llama', (request, at) => modelReply(world, 'llama', request, at)),
    source('whisper', (request, at) => modelReply(world, 'whisper', request, at)),
    source('minio', (request, at) => minioReply(world, request, at)),
    source('supervisor', (request, at) => supervisorReply(world, request, at)),
    source('kubernetes', (request, at) => kubernetes.handle(request, at)),
    { name: 'control', prefix: '/bucket', handle: (request) => bucket.reply(request) },
    source('registry', (request) => registry.handle(request)),
    source('slack', (request) => told.slack.handle(request)),
    source('statuspage-manage', (request) => told.page.handle(request)),
    source('pagerduty', (request) => told.pagerDuty.handle(request)),
    source('receiver', (request) => told.receiver.handle(request)),
    source('fly', (request, at) => world.releases.fly.handle(request, at.offsetMs)),
    source(
      'control',
      (request, at) =>
        world.releases.control(request) ??
        outsideControl(told.outside, request) ??
        control.handle(request, at),
    ),
  ]
}

function listenHttp(server: http.Server | https.Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, () => {
      server.off('error', reject)
      resolve(portOf(server.address(), port))
    })
  })
}

function portOf(address: string | AddressInfo | null, fallback: number): number {
  return typeof address === 'object' && address !== null ? address.port : fallback
}

function listenGrpc(server: grpc.Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`${HOST}:${port}`, grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    )
  })
}

async function close(
  servers: readonly (http.Server | https.Server)[],
  grpcServer: grpc.Server,
): Promise<void> {
  grpcServer.forceShutdown()
  await Promise.all(
    servers.map(
      (server) =>
        new Promise<void>((resolve) => {
          server.close(() => resolve())
          server.closeAllConnections()
        }),
    ),
  )
}
