import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { startAgents } from './agents'
import { loadScenario, type Scenario, ScenarioError } from './scenario'
import { createSimulator, type Simulator } from './simulator'

const USAGE =
  'usage: tsx simulator/main.ts --scenario FILE [--port 4170] [--grpc-port 4171] [--kubernetes-port N] [--mail-port N] [--seed N] [--speed N] [--start ISO]'

type Options = {
  readonly scenario: Scenario
  readonly startMs: number
  readonly httpPort: number
  readonly grpcPort: number
  readonly kubernetesPort?: number
  readonly mailPort?: number
}

async function main(): Promise<void> {
  const options = readOptions()
  const simulator = createSimulator({
    scenario: options.scenario,
    startMs: options.startMs,
    wallMs: () => performance.now(),
  })
  stopOnSignals(simulator)
  pushAgentReports(simulator)
  const { httpPort: http, grpcPort: grpc, kubernetesPort: kubernetes, mailPort: mail } = options
  const ports = await simulator.listen({
    http,
    grpc,
    ...(kubernetes === undefined ? {} : { kubernetes }),
    ...(mail === undefined ? {} : { mail }),
  })
  const { scenario } = options
  const { fleet } = simulator.running().world
  console.log(
    `simulated world ready on http://127.0.0.1:${ports.http} and grpc 127.0.0.1:${ports.grpc}${withTls(ports.kubernetes)}: ${scenario.id}, ` +
      `${fleet.gpus.length} GPUs on ${fleet.instances.length} instances, seed ${scenario.seed}, ` +
      `start ${new Date(options.startMs).toISOString()}, speed ${scenario.speed}`,
  )
}

function withTls(port: number | undefined): string {
  return port === undefined ? '' : ` and kubernetes https://127.0.0.1:${port}`
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      scenario: { type: 'string' },
      port: { type: 'string' },
      'grpc-port': { type: 'string' },
      'kubernetes-port': { type: 'string' },
      'mail-port': { type: 'string' },
      seed: { type: 'string' },
      speed: { type: 'string' },
      start: { type: 'string' },
    },
  })
  const file = values.scenario
  if (file === undefined) throw new Error(USAGE)
  const loaded = loadScenario(file)
  const seed = values.seed === undefined ? loaded.seed : wholeNumber('--seed', values.seed)
  const speed = values.speed === undefined ? loaded.speed : positive('--speed', values.speed)
  const startText = values.start ?? loaded.start
  const startMs = startText === undefined ? Math.floor(Date.now() / 1000) * 1000 : Date.parse(startText)
  if (Number.isNaN(startMs)) throw new Error(`--start: not an instant: ${startText}`)
  const kubernetes = values['kubernetes-port'] ?? process.env.WATCHFLOOR_SIM_KUBERNETES_PORT
  const mail = values['mail-port'] ?? process.env.WATCHFLOOR_SIM_MAIL_PORT
  return {
    ...(mail === undefined || mail === '' ? {} : { mailPort: wholeNumber('--mail-port', mail) }),
    ...(kubernetes === undefined || kubernetes === ''
      ? {}
      : { kubernetesPort: wholeNumber('--kubernetes-port', kubernetes) }),
    scenario: { ...loaded, seed, speed },
    startMs,
    httpPort: wholeNumber('--port', values.port ?? process.env.WATCHFLOOR_SIM_PORT ?? '4170'),
    grpcPort: wholeNumber(
      '--grpc-port',
      values['grpc-port'] ?? process.env.WATCHFLOOR_SIM_GRPC_PORT ?? '4171',
    ),
  }
}

function pushAgentReports({ running }: Simulator): void {
  const consoleUrl = process.env.WATCHFLOOR_SIM_AGENT_URL
  if (consoleUrl === undefined || consoleUrl === '') return
  const tokens = agentTokens(process.env.WATCHFLOOR_SIM_AGENT_TOKENS ?? '{}')
  const intervalSeconds = positive(
    'WATCHFLOOR_SIM_AGENT_INTERVAL_S',
    process.env.WATCHFLOOR_SIM_AGENT_INTERVAL_S ?? '12',
  )
  let last = ''
  const onProblem = (problem: string): void => {
    if (problem !== last) console.error(problem)
    last = problem
  }
  startAgents({ running, consoleUrl, tokens, intervalSeconds, onProblem })
}

function agentTokens(text: string): Record<string, string> {
  const problem = 'WATCHFLOOR_SIM_AGENT_TOKENS: not a JSON object of instance id and token'
  try {
    return z.record(z.string(), z.string(), problem).parse(JSON.parse(text))
  } catch {
    throw new Error(problem)
  }
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new Error(`${option}: not a whole number: ${text}`)
  return value
}

function positive(option: string, text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new Error(`${option}: not a number above 0: ${text}`)
  return value
}

function stopOnSignals(simulator: Simulator): void {
  const stop = (): void => {
    simulator.close().finally(() => process.exit(0))
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

main().catch((error: unknown) => {
  console.error(error instanceof ScenarioError || error instanceof Error ? error.message : String(error))
  process.exit(1)
})
