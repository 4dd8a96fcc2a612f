import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { Scenario } from '../scenario'
import { createSimulator, type Simulator } from '../simulator'
import { T0_MS } from '../testing'
import { kubeconfig } from './kubeconfig'

export const DEPLOYMENT = 'vastai-integration'
export const ADMIN = 'simulated-kubernetes'

type Ran = { readonly code: number | null; readonly out: string; readonly errors: string }

export type RunningCluster = {
  readonly simulator: Simulator
  /** The API with TLS, at the root of its address. */
  readonly address: string
  readonly certificate: string
  /** Runs kubectl to its end; `token` stands for another user. */
  kubectl(args: readonly string[], token?: string): Promise<Ran>
  /** Starts kubectl and answers the process. */
  spawnKubectl(args: readonly string[]): ChildProcess
  close(): Promise<void>
}

/** A cluster in a world that goes `speed` times as fast as the wall, for clients that wait. */
export async function startCluster(scenario: Scenario, speed = 40): Promise<RunningCluster> {
  const simulator = createSimulator({ scenario, startMs: T0_MS, speed, wallMs: () => performance.now() })
  const ports = await simulator.listen({ http: 0, grpc: 0, kubernetes: 0 })
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-kubernetes-'))
  const address = `https://127.0.0.1:${ports.kubernetes}`
  const certificate = simulator.certificate()
  const start = (args: readonly string[], token: string): ChildProcess => {
    const file = join(folder, `${token}.json`)
    writeFileSync(file, kubeconfig({ address, certificate, token }))
    const own = ['--kubeconfig', file, '--cache-dir', join(folder, 'cache')]
    return spawn('kubectl', [...args, ...own])
  }
  return {
    simulator,
    address,
    certificate,
    kubectl: (args, token = ADMIN) => finished(start(args, token)),
    spawnKubectl: (args) => start(args, ADMIN),
    async close() {
      await simulator.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function finished(child: ChildProcess): Promise<Ran> {
  let out = ''
  let errors = ''
  child.stdout?.on('data', (chunk) => {
    out += chunk
  })
  child.stderr?.on('data', (chunk) => {
    errors += chunk
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, out, errors }))
  })
}
