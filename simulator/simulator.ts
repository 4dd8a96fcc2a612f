import type http from 'node:http'
import type { AddressInfo } from 'node:net'
import * as grpc from '@grpc/grpc-js'
import { createClock, type SimClock } from './clock'
import { Faults } from './faults'
import { Control } from './protocols/control'
import { integrationReply, minioReply, modelReply, servicesReply } from './protocols/health'
import { metricsReply } from './protocols/metrics'
import { Prometheus } from './protocols/prometheus'
import { statusPageReply } from './protocols/statuspage'
import { supervisorReply } from './protocols/supervisor'
import { createTemporalServer } from './protocols/temporal'
import { Vast } from './protocols/vast'
import type { Instant, Reply, SimRequest } from './reply'
import type { Scenario } from './scenario'
import { Storage } from './series/storage'
import { createHttpServer, type Source } from './server'
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
  listen(ports: {
    readonly http: number
    readonly grpc: number
  }): Promise<{ readonly http: number; readonly grpc: number }>
  close(): Promise<void>
}

const HOST = '127.0.0.1'

export function createSimulator({ scenario, startMs, speed, wallMs }: SimulatorInput): Simulator {
  let now = begin({ scenario, startMs, speed: speed ?? scenario.speed, wallMs, load })
  function load(next: Scenario): Running {
    const present = now.clock.startMs + now.clock.offsetMs()
    now = begin({ scenario: next, startMs: present, speed: next.speed, wallMs, load })
    return now
  }
  const httpServer = createHttpServer(() => now)
  const grpcServer = createTemporalServer(() => now)
  return {
    running: () => now,
    async listen(ports) {
      const httpPort = await listenHttp(httpServer, ports.http)
      return { http: httpPort, grpc: await listenGrpc(grpcServer, ports.grpc) }
    },
    close: () => close(httpServer, grpcServer),
  }
}

type BeginInput = {
  readonly scenario: Scenario
  readonly startMs: number
  readonly speed: number
  readonly wallMs: () => number
  readonly load: (next: Scenario) => Running
}

function begin({
  scenario,
  startMs,
  speed,
  wallMs,
  load,
}: BeginInput): Running & { readonly sources: readonly Source[] } {
  const clock = createClock({ startMs, speed, wallMs })
  const world = new World(scenario, startMs)
  const control = new Control(world, clock, (next) => load(next).world.scenario)
  return { world, clock, faults: new Faults(world), sources: sourcesOf(world, control, wallMs) }
}

type Handler = (request: SimRequest, at: Instant) => Reply

function sourcesOf(world: World, control: Control, wallMs: () => number): readonly Source[] {
  const storage = new Storage(world)
  const vast = new Vast(world, wallMs)
  const prometheus = new Prometheus(world, storage)
  const source = (name: Source['name'], handler: Handler): Source => ({
    name,
    prefix: `/${name}`,
    handle: (request, offsetMs) => handler(request, { offsetMs, timeMs: world.startMs + offsetMs }),
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
    source('control', (request, at) => control.handle(request, at)),
  ]
}

function listenHttp(server: http.Server, port: number): Promise<number> {
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

function close(httpServer: http.Server, grpcServer: grpc.Server): Promise<void> {
  grpcServer.forceShutdown()
  return new Promise((resolve) => {
    httpServer.close(() => resolve())
    httpServer.closeAllConnections()
  })
}
