import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ended, freePort, readyLine } from '../../sources/testing/programs'

/** RealRegistry is a real docker-registry on loopback, empty at first. */
export type RealRegistry = {
  readonly url: string
  /** host is what stands before the repository in a reference. */
  readonly host: string
  /** push lays an image of one architecture under a tag and gives its digest. */
  readonly push: (repository: string, tag: string, content: string) => Promise<string>
  /** pushIndex lays an image of several architectures under a tag. */
  readonly pushIndex: (repository: string, tag: string, contents: readonly string[]) => Promise<string>
  readonly remove: (repository: string, digest: string) => Promise<void>
  readonly stop: () => Promise<void>
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const INDEX = 'application/vnd.oci.image.index.v1+json'

function digestOf(bytes: string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

async function put(url: string, type: string, body: string): Promise<Response> {
  const response = await fetch(url, { method: 'PUT', headers: { 'content-type': type }, body })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
  return response
}

async function blob(base: string, repository: string, bytes: string): Promise<object> {
  const digest = digestOf(bytes)
  const opened = await fetch(`${base}/v2/${repository}/blobs/uploads/`, { method: 'POST' })
  const place = new URL(opened.headers.get('location') ?? '', base)
  place.searchParams.set('digest', digest)
  await put(place.href, 'application/octet-stream', bytes)
  return { digest, size: Buffer.byteLength(bytes) }
}

/** startRegistry runs the real program over a folder of its own. */
export async function startRegistry(): Promise<RealRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-registry-'))
  const port = await freePort()
  const config = {
    version: 0.1,
    storage: { filesystem: { rootdirectory: join(folder, 'data') }, delete: { enabled: true } },
    http: { addr: `127.0.0.1:${port}` },
  }
  writeFileSync(join(folder, 'config.yml'), JSON.stringify(config))
  const child = spawn('docker-registry', ['serve', join(folder, 'config.yml')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  await readyLine(child, /listening on/)
  const base = `http://127.0.0.1:${port}`

  async function manifest(repository: string, tag: string | undefined, content: string): Promise<object> {
    const config = await blob(base, repository, JSON.stringify({ architecture: 'amd64', content }))
    const layer = await blob(base, repository, `layer of ${content}`)
    const text = JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...layer }],
    })
    await put(`${base}/v2/${repository}/manifests/${tag ?? digestOf(text)}`, MANIFEST, text)
    return { digest: digestOf(text), size: Buffer.byteLength(text), mediaType: MANIFEST }
  }

  return {
    url: base,
    host: `127.0.0.1:${port}`,
    push: async (repository, tag, content) => {
      const made = (await manifest(repository, tag, content)) as { readonly digest: string }
      return made.digest
    },
    pushIndex: async (repository, tag, contents) => {
      const manifests: object[] = []
      for (const [index, content] of contents.entries())
        manifests.push({
          ...(await manifest(repository, undefined, content)),
          platform: { os: 'linux', architecture: index === 0 ? 'amd64' : 'arm64' },
        })
      const text = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }, null, 3)
      await put(`${base}/v2/${repository}/manifests/${tag}`, INDEX, text)
      return digestOf(text)
    },
    remove: async (repository, digest) => {
      await fetch(`${base}/v2/${repository}/manifests/${digest}`, { method: 'DELETE' })
    },
    stop: async () => {
      await ended(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
