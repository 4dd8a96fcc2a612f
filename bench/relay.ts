import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** RelayAnswer is one telemetry answer whose last byte has left for the worker (monotonic ms). */
export type RelayAnswer = {
  readonly kind: 'answer'
  readonly bytes: number
  readonly atMs: number
}

/** Relay stands before the simulated Prometheus and keeps when each telemetry answer was complete. */
export type Relay = {
  readonly url: string
  readonly answers: RelayAnswer[]
  readonly end: () => void
}

/** startRelay forks the relay in front of `target`. */
export async function startRelay(target: string): Promise<Relay> {
  const child = fork(fileURLToPath(new URL('./relay-child.ts', import.meta.url)), [target], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const answers: RelayAnswer[] = []
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the relay ended (${code})`)))
    child.on('message', (message: RelayAnswer | { readonly kind: 'port'; readonly port: number }) => {
      if (message.kind === 'port') resolve(message.port)
      else answers.push(message)
    })
  })
  return {
    url: `http://127.0.0.1:${port}`,
    answers,
    end: () => {
      child.disconnect()
      child.kill()
    },
  }
}
