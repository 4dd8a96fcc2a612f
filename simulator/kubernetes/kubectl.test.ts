import { spawnSync } from 'node:child_process'
import { afterAll, describe, expect, test } from 'vitest'
import { hasProgram } from '../../lib/sources/testing/programs'
import { smallScenario } from '../testing'
import { DEPLOYMENT, type RunningCluster, startCluster } from './testing'

const running: RunningCluster[] = []
afterAll(() => Promise.all(running.map((cluster) => cluster.close())))

type Options = {
  readonly timeline?: readonly Record<string, unknown>[]
  readonly speed?: number
  readonly weights?: 'none' | 'gateway' | 'ingress'
}

async function cluster({ timeline, speed, weights = 'none' }: Options = {}): Promise<RunningCluster> {
  const world = { kubernetes: { weights } }
  const started = await startCluster(smallScenario({ timeline: timeline ?? [], world }), speed)
  running.push(started)
  return started
}

const TARGET = `deployment/${DEPLOYMENT}`
const STATUS = ['rollout', 'status', TARGET, '--timeout=30s']

async function json(from: RunningCluster, args: readonly string[]): Promise<Record<string, never>> {
  const { out, errors } = await from.kubectl([...args, '-o', 'json'])
  expect(errors).toBe('')
  return JSON.parse(out)
}

async function field(from: RunningCluster, path: string): Promise<string> {
  const { out } = await from.kubectl(['get', TARGET, '-o', `jsonpath=${path}`])
  return out
}

function minorVersion(): number {
  const { stdout } = spawnSync('kubectl', ['version', '--client', '-o', 'json'], { encoding: 'utf8' })
  return Number(/"minor": "(\d+)/.exec(stdout ?? '')?.[1] ?? 0)
}

/** Every kubectl call takes its time on a loaded machine. */
const PATIENCE = { timeout: 90_000 }

describe.skipIf(!hasProgram('kubectl'))('the real kubectl (needs kubectl)', PATIENCE, () => {
  test('get prints the columns that the server makes, and the wide ones', async () => {
    const here = await cluster()
    const plain = await here.kubectl(['get', 'pods', '-l', `app=${DEPLOYMENT}`])
    expect(plain.out.split('\n')[0]?.trim()).toMatch(/^NAME\s+READY\s+STATUS\s+RESTARTS\s+AGE$/)
    expect(plain.out.match(/1\/1\s+Running\s+0\s+3d/g)).toHaveLength(3)
    const wide = await here.kubectl(['get', 'pods', '-o', 'wide', '--no-headers'])
    expect(wide.out).toMatch(/10\.42\.\d+\.\d+\s+worker-\d\s+<none>\s+<none>/)
    const all = await here.kubectl(['get', 'deployments,replicasets,secrets,namespaces,nodes', '-o', 'name'])
    expect(all.out).toContain(`deployment.apps/${DEPLOYMENT}`)
    expect(all.out).toContain('secret/vastai-credentials')
    expect(all.out).toContain('node/worker-3')
    const list = await json(here, ['get', 'deployments'])
    expect(list).toMatchObject({ kind: 'List', items: { length: 4 } })
  })

  test('set env rolls out new pods, and rollout status ends when the last of them is ready', async () => {
    const here = await cluster()
    const set = await here.kubectl(['set', 'env', TARGET, 'RATE_LIMIT_MODE=queue', 'LOG_LEVEL-'])
    expect(set.out).toContain('env updated')
    const status = await here.kubectl(STATUS)
    expect(status.code).toBe(0)
    expect(status.out).toContain('successfully rolled out')
    expect(await field(here, '{.status.updatedReplicas} {.status.availableReplicas}')).toBe('3 3')
    const env = await here.kubectl(['set', 'env', TARGET, '--list'])
    expect(env.out).toContain('RATE_LIMIT_MODE=queue')
    expect(env.out).not.toContain('LOG_LEVEL')
    expect(env.out.match(/VASTAI_API_URL/g)).toHaveLength(1)
    const pods = await json(here, [
      'get',
      'pods',
      '-l',
      `app=${DEPLOYMENT}`,
      '--field-selector=status.phase=Running',
    ])
    expect(pods).toMatchObject({ items: expect.anything() })
  })

  test('an HTTPRoute is read and its weights are patched; a weight that is none is refused', async () => {
    const here = await cluster({ weights: 'gateway' })
    const route = `httproutes/${DEPLOYMENT}`
    expect((await here.kubectl(['get', 'httproutes', '-o', 'name'])).out.trim()).toBe(
      `httproute.gateway.networking.k8s.io/${DEPLOYMENT}`,
    )
    const weigh = (weight: string) => {
      const operation = `[{"op":"add","path":"/spec/rules/0/backendRefs/1/weight","value":${weight}}]`
      return here.kubectl(['patch', route, '--type=json', '-p', operation])
    }
    expect((await weigh('10')).out).toContain('patched')
    const { out } = await here.kubectl(['get', route, '-o', 'jsonpath={..weight} {.metadata.generation}'])
    expect(out).toBe('1 10 2')
    expect(await weigh('-1')).toMatchObject({ code: 1, errors: expect.stringContaining('weight') })
  })

  test('a canary Ingress takes its weight as an annotation', async () => {
    const here = await cluster({ weights: 'ingress' })
    const ingress = `ingress/${DEPLOYMENT}-canary`
    const weigh = (weight: string) =>
      here.kubectl([
        'annotate',
        '--overwrite',
        ingress,
        `nginx.ingress.kubernetes.io/canary-weight=${weight}`,
      ])
    expect((await weigh('25')).out).toContain('annotated')
    const { out } = await here.kubectl(['get', ingress, '-o', 'jsonpath={.metadata.annotations}'])
    expect(JSON.parse(out)).toMatchObject({ 'nginx.ingress.kubernetes.io/canary-weight': '25' })
    expect(await weigh('much')).toMatchObject({ code: 1, errors: expect.stringContaining('canary-weight') })
  })

  test('rollout undo brings the template before last back under a new revision', async () => {
    const here = await cluster()
    const image = await field(here, '{.spec.template.spec.containers[0].image}')
    const set = ['set', 'image', TARGET, 'app=ghcr.io/example-team/vastai-integration:5.0.0']
    expect((await here.kubectl(set)).out).toContain('image updated')
    expect((await here.kubectl(STATUS)).code).toBe(0)
    expect(await field(here, '{.metadata.annotations.deployment\\.kubernetes\\.io/revision}')).toBe('4')
    expect((await here.kubectl(['rollout', 'undo', TARGET])).out).toContain('rolled back')
    expect((await here.kubectl(STATUS)).code).toBe(0)
    expect(await field(here, '{.spec.template.spec.containers[0].image}')).toBe(image)
    const history = await here.kubectl(['rollout', 'history', TARGET])
    expect(history.out).toMatch(/\n1\s+release 4\.10\.0\n2\s+release 4\.11\.0\n4\s.*\n5\s+release 4\.12\.0\n/)
  })

  test('rollout undo --to-revision takes the recorded one and refuses one that is not there', async () => {
    const here = await cluster()
    const undone = await here.kubectl(['rollout', 'undo', TARGET, '--to-revision=1'])
    expect(undone.out).toContain('rolled back')
    expect(await field(here, '{.spec.template.spec.containers[0].image}')).toMatch(/:4\.10\.0$/)
    const missing = await here.kubectl(['rollout', 'undo', TARGET, '--to-revision=77'])
    expect(missing).toMatchObject({ code: 1, errors: expect.stringContaining('unable to find') })
  })

  test('rollout pause holds a change back until resume, and undo is refused meanwhile', async () => {
    const here = await cluster()
    expect((await here.kubectl(['rollout', 'pause', TARGET])).out).toContain('paused')
    await here.kubectl(['set', 'env', TARGET, 'LOG_LEVEL=debug'])
    const undo = await here.kubectl(['rollout', 'undo', TARGET])
    expect(undo).toMatchObject({ code: 1, errors: expect.stringContaining('paused') })
    const sets = await json(here, ['get', 'replicasets', '-l', `app=${DEPLOYMENT}`])
    expect(sets).toMatchObject({ items: { length: 3 } })
    expect((await here.kubectl(['rollout', 'resume', TARGET])).out).toContain('resumed')
    expect((await here.kubectl(STATUS)).out).toContain('successfully rolled out')
  })

  test('rollout restart replaces every pod', async () => {
    const here = await cluster()
    const standing = async (): Promise<string[]> => {
      const { out } = await here.kubectl(['get', 'pods', '-l', `app=${DEPLOYMENT}`, '-o', 'json'])
      const { items } = JSON.parse(out) as {
        items: { metadata: { name: string; deletionTimestamp?: string } }[]
      }
      return items.filter((one) => !one.metadata.deletionTimestamp).map((one) => one.metadata.name)
    }
    const before = await standing()
    expect((await here.kubectl(['rollout', 'restart', TARGET])).out).toContain('restarted')
    expect((await here.kubectl(STATUS)).code).toBe(0)
    const after = await standing()
    expect(after).toHaveLength(before.length)
    expect(after.filter((name) => before.includes(name))).toEqual([])
  })

  test('an image that is not there never becomes ready, and the rollout fails at its deadline', async () => {
    const here = await cluster({ speed: 400 })
    await here.kubectl(['set', 'image', TARGET, 'app=registry.example/nothing:1'])
    const status = await here.kubectl(STATUS)
    expect(status).toMatchObject({
      code: 1,
      errors: expect.stringContaining('exceeded its progress deadline'),
    })
    const pods = await here.kubectl(['get', 'pods', '-l', `app=${DEPLOYMENT}`])
    expect(pods.out).toMatch(/ImagePullBackOff|ErrImagePull/)
    expect(pods.out.match(/1\/1\s+Running/g)).toHaveLength(3)
  })

  test('logs by label, by time, by tail, and of the run before', async () => {
    const here = await cluster({ speed: 1 })
    const selected = ['logs', '-l', `app=${DEPLOYMENT}`, '--since=5m']
    expect((await here.kubectl(selected)).out.trim().split('\n')).toHaveLength(30)
    const tail = await here.kubectl([...selected, '--tail=2', '--timestamps'])
    expect(tail.out.trim().split('\n')).toHaveLength(6)
    expect(tail.out).toMatch(/^2026-11-21T0\d:\d\d:\d\d\.\d+Z \{"level":/)
    const none = await here.kubectl(['logs', TARGET, '--previous'])
    expect(none).toMatchObject({ code: 1, errors: expect.stringContaining('not found') })
  })

  test('a followed log goes on until its container ends', async () => {
    const here = await cluster({
      timeline: [{ at: '60m', event: 'pods', state: 'CrashLoopBackOff' }],
      speed: 1,
    })
    const list = await here.kubectl(['get', 'pods', '-l', `app=${DEPLOYMENT}`, '-o', 'name'])
    const pod = list.out.trim().split('\n')[0] ?? ''
    const following = here.spawnKubectl(['logs', '-f', pod, '--tail=1'])
    let said = ''
    const heard = new Promise<void>((resolve) => {
      following.stdout?.on('data', (chunk) => {
        said += chunk
        resolve()
      })
    })
    const over = new Promise<number | null>((resolve) => following.once('close', resolve))
    await heard
    here.simulator.running().clock.jump(3_600_000 + 60_000)
    expect(await over).toBe(0)
    expect(said).toContain("reading 'offers'")
    expect((await here.kubectl(['get', pod])).out).toContain('CrashLoopBackOff')
    const previous = await here.kubectl(['logs', pod, '--previous', '--tail=1'])
    expect(previous.out).toContain('"level":"fatal"')
  })

  test.each([
    ['strategic', '{"stringData":{"VASTAI_API_KEY":"new-key-1"}}', 'new-key-1'],
    ['merge', '{"data":{"VASTAI_API_KEY":"bmV3LWtleS0y"}}', 'new-key-2'],
    ['json', '[{"op":"replace","path":"/data/VASTAI_API_KEY","value":"bmV3LWtleS0z"}]', 'new-key-3'],
  ])('patch secret, %s', async (type, patch, value) => {
    const here = await cluster()
    const args = ['patch', 'secret', 'vastai-credentials', `--type=${type}`, '-p', patch]
    const read = ['get', 'secret', 'vastai-credentials', '-o', 'jsonpath={.data.VASTAI_API_KEY}']
    const patched = await here.kubectl(args)
    expect(patched.out).toContain('patched')
    expect(Buffer.from((await here.kubectl(read)).out, 'base64').toString()).toBe(value)
  })

  // Older ones look the possibility up in a protobuf form of OpenAPI v2, which this server does not speak.
  if (minorVersion() >= 27)
    test('a dry run on the server changes nothing', async () => {
      const here = await cluster()
      const dry = await here.kubectl(['set', 'env', TARGET, 'A=1', '--dry-run=server'])
      expect(dry.out).toContain('(server dry run)')
      const patch = ['patch', 'secret', 'vastai-credentials', '--dry-run=server', '-p']
      expect((await here.kubectl([...patch, '{"stringData":{"B":"2"}}', '-o', 'json'])).out).toContain('"B"')
      expect((await here.kubectl([...patch, '{"data":{"B":"no base64"}}'])).errors).toContain(
        'illegal base64',
      )
      expect((await here.kubectl(['set', 'env', TARGET, '--list'])).out).not.toContain('A=1')
      expect((await here.kubectl(['get', 'secret', 'vastai-credentials', '-o', 'json'])).out).not.toContain(
        '"B"',
      )
    })

  test('a secret is created, read and deleted', async () => {
    const here = await cluster()
    const made = await here.kubectl(['create', 'secret', 'generic', 'other', '--from-literal=a=b'])
    expect(made).toMatchObject({ code: 0, errors: '' })
    expect((await here.kubectl(['get', 'secret', 'other', '-o', 'jsonpath={.data.a}'])).out).toBe('Yg==')
    expect((await here.kubectl(['delete', 'secret', 'other'])).out).toContain('deleted')
    expect((await here.kubectl(['get', 'secret', 'other'])).errors).toContain('(NotFound)')
  })

  test('errors come as the server’s own: by field, missing, forbidden, unauthorized', async () => {
    const here = await cluster()
    const bad = ['patch', TARGET, '-p', '{"spec":{"replicas":-1}}']
    expect(await here.kubectl(bad)).toMatchObject({
      code: 1,
      errors: expect.stringContaining('spec.replicas: Invalid value: -1'),
    })
    const absent = await here.kubectl(['get', 'deployment', 'nobody'])
    expect(absent.errors).toBe('Error from server (NotFound): deployments.apps "nobody" not found\n')
    const reader = await here.kubectl(['set', 'env', TARGET, 'A=1'], 'simulated-kubernetes-reader')
    expect(reader).toMatchObject({
      code: 1,
      errors: expect.stringContaining('cannot patch resource "deployments"'),
    })
    const secrets = await here.kubectl(['get', 'secrets'], 'simulated-kubernetes-reader')
    expect(secrets.errors).toContain('cannot list resource "secrets"')
    const may = await here.kubectl(['auth', 'can-i', 'patch', 'deployments'], 'simulated-kubernetes-actor')
    expect(may.out.trim()).toBe('yes')
    const stranger = await here.kubectl(['get', 'pods'], 'not-a-token')
    expect(stranger.errors).toMatch(/Unauthorized|must be logged in/)
  })

  test('scale, delete of a pod, top and describe', async () => {
    const here = await cluster()
    expect((await here.kubectl(['scale', TARGET, '--replicas=5'])).out).toContain('scaled')
    expect((await here.kubectl(STATUS)).code).toBe(0)
    expect(await field(here, '{.status.readyReplicas}')).toBe('5')
    const top = await here.kubectl(['top', 'pods', '-l', `app=${DEPLOYMENT}`])
    expect(top.out).toMatch(/\d+m\s+\d+Mi/)
    const told = await here.kubectl(['describe', TARGET])
    expect(told.out).toMatch(/Scaled up replica set .* from 3 to 5/)
  })
})
