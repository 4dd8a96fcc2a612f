// Run by the container's HEALTHCHECK: exit code 0 when the program can do its work.
// web: its readiness address answers. worker: it can reach the database, and the process that it is runs.
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'

const TIMEOUT_MS = 4_000

async function webIsReady() {
  const url = `http://127.0.0.1:${process.env.PORT ?? 3000}/api/readyz`
  return (await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })).ok
}

async function workerIsReady() {
  const { hostname, port } = new URL(process.env.DATABASE_URL)
  const runs = readFileSync('/proc/1/cmdline', 'utf8').includes('worker.mjs')
  return runs && (await accepts(hostname, Number(port) || 5432))
}

function accepts(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: TIMEOUT_MS })
    const end = (answer) => {
      socket.destroy()
      resolve(answer)
    }
    socket
      .once('connect', () => end(true))
      .once('timeout', () => end(false))
      .once('error', () => end(false))
  })
}

const isReady = await (process.argv[2] === 'worker' ? workerIsReady() : webIsReady()).catch(() => false)
process.exit(isReady ? 0 : 1)
