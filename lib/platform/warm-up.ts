import { get } from 'node:http'

const PATIENCE_MS = 5_000

/**
 * warmUp asks this process's own server for pages that people open first, so that their code is in memory before anybody
 * waits for it. It never throws: a page that does not answer in 5 s is left to its first visitor.
 */
export async function warmUp(port: number, paths: readonly string[]): Promise<void> {
  for (const path of paths) await visit(port, path)
}

function visit(port: number, path: string): Promise<void> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, timeout: PATIENCE_MS }, (answer) => {
      answer.resume()
      answer.once('close', resolve)
    })
    request.once('timeout', () => request.destroy())
    request.once('error', () => resolve())
  })
}
