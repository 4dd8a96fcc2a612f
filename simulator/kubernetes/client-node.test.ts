import * as k8s from '@kubernetes/client-node'
import { afterAll, expect, test } from 'vitest'
import { smallScenario } from '../testing'
import { kubeconfig } from './kubeconfig'
import { ADMIN, DEPLOYMENT, type RunningCluster, startCluster } from './testing'

const running: RunningCluster[] = []
afterAll(() => Promise.all(running.map((cluster) => cluster.close())))

const namespace = 'production'
const name = DEPLOYMENT
const strategic = k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.StrategicMergePatch)
const merge = k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.MergePatch)

async function cluster(timeline: readonly Record<string, unknown>[] = [], token = ADMIN) {
  const here = await startCluster(smallScenario({ timeline }))
  running.push(here)
  const config = new k8s.KubeConfig()
  config.loadFromString(kubeconfig({ address: here.address, certificate: here.certificate, token }))
  return {
    here,
    config,
    apps: config.makeApiClient(k8s.AppsV1Api),
    core: config.makeApiClient(k8s.CoreV1Api),
  }
}

async function untilRolledOut(apps: k8s.AppsV1Api): Promise<k8s.V1Deployment> {
  for (;;) {
    const found = await apps.readNamespacedDeployment({ name, namespace })
    const { status, metadata, spec } = found
    const isSeen = status?.observedGeneration === metadata?.generation
    if (
      isSeen &&
      status?.updatedReplicas === spec?.replicas &&
      status?.availableReplicas === status?.replicas
    )
      return found
  }
}

test('lists, selects and reads with their types', async () => {
  const { apps, core } = await cluster()
  const deployments = await apps.listNamespacedDeployment({ namespace })
  expect(deployments.items.map((one) => one.metadata?.name)).toContain(name)
  const pods = await core.listNamespacedPod({ namespace, labelSelector: `app=${name}` })
  expect(pods.items).toHaveLength(3)
  expect(pods.items[0]?.status?.containerStatuses?.[0]?.imageID).toMatch(/@sha256:[0-9a-f]{64}$/)
  expect(pods.items[0]?.metadata?.creationTimestamp).toBeInstanceOf(Date)
})

test('an environment variable set by a strategic patch rolls out, and the template of an old replica set undoes it', async () => {
  const { apps } = await cluster()
  const containers = [{ name: 'app', env: [{ name: 'RATE_LIMIT_MODE', value: 'queue' }] }]
  const body = { spec: { template: { spec: { containers } } } }
  await apps.patchNamespacedDeployment({ name, namespace, body, fieldManager: 'test' }, strategic)
  const rolled = await untilRolledOut(apps)
  const env = rolled.spec?.template.spec?.containers[0]?.env
  expect(env?.find((entry) => entry.name === 'RATE_LIMIT_MODE')?.value).toBe('queue')
  expect(env).toHaveLength(6)
  const sets = await apps.listNamespacedReplicaSet({ namespace, labelSelector: `app=${name}` })
  const third = sets.items.find(
    (one) => one.metadata?.annotations?.['deployment.kubernetes.io/revision'] === '3',
  )
  const undo = [{ op: 'replace', path: '/spec/template', value: third?.spec?.template }]
  await apps.patchNamespacedDeployment({ name, namespace, body: undo })
  const undone = await untilRolledOut(apps)
  expect(undone.metadata?.annotations?.['deployment.kubernetes.io/revision']).toBe('5')
  expect(undone.spec?.template.spec?.containers[0]?.image).toBe(
    third?.spec?.template?.spec?.containers[0]?.image,
  )
})

test('pause holds back, resume lets go', async () => {
  const { apps } = await cluster()
  await apps.patchNamespacedDeployment({ name, namespace, body: { spec: { paused: true } } }, strategic)
  const image = 'ghcr.io/example-team/vastai-integration:5.0.0'
  const body = { spec: { template: { spec: { containers: [{ name: 'app', image }] } } } }
  await apps.patchNamespacedDeployment({ name, namespace, body }, strategic)
  const sets = await apps.listNamespacedReplicaSet({ namespace, labelSelector: `app=${name}` })
  expect(sets.items).toHaveLength(3)
  await apps.patchNamespacedDeployment({ name, namespace, body: { spec: { paused: null } } }, merge)
  const rolled = await untilRolledOut(apps)
  expect(rolled.spec?.template.spec?.containers[0]?.image).toBe(image)
})

test('a log by tail and by age, and of a container that never started', async () => {
  const { core, apps } = await cluster()
  const pods = await core.listNamespacedPod({ namespace, labelSelector: `app=${name}` })
  const first = pods.items[0]?.metadata?.name ?? ''
  const log = await core.readNamespacedPodLog({ name: first, namespace, tailLines: 3, sinceSeconds: 300 })
  expect(log.trim().split('\n')).toHaveLength(3)
  const containers = [{ name: 'app', image: 'registry.example/nothing:1' }]
  await apps.patchNamespacedDeployment(
    { name, namespace, body: { spec: { template: { spec: { containers } } } } },
    strategic,
  )
  const pulling = async (): Promise<string> => {
    for (;;) {
      const { items } = await core.listNamespacedPod({ namespace, labelSelector: `app=${name}` })
      const found = items.find((one) =>
        /Pull/.test(one.status?.containerStatuses?.[0]?.state?.waiting?.reason ?? ''),
      )
      if (found?.metadata?.name) return found.metadata.name
    }
  }
  await expect(core.readNamespacedPodLog({ name: await pulling(), namespace })).rejects.toMatchObject({
    code: 400,
    body: expect.stringContaining('waiting to start'),
  })
})

test('a secret is patched, and a dry run is not kept', async () => {
  const { core } = await cluster()
  const secret = { name: 'vastai-credentials', namespace }
  const data = { VASTAI_API_KEY: Buffer.from('another').toString('base64') }
  const dry = await core.patchNamespacedSecret({ ...secret, body: { data }, dryRun: 'All' }, merge)
  expect(dry.data).toEqual(data)
  expect((await core.readNamespacedSecret(secret)).data).not.toEqual(data)
  await core.patchNamespacedSecret({ ...secret, body: { data } }, merge)
  expect((await core.readNamespacedSecret(secret)).data).toEqual(data)
})

test('a watch tells what is added and changed, as it happens', async () => {
  const { apps, config } = await cluster()
  const told: string[] = []
  const watch = new k8s.Watch(config)
  let stop: (() => void) | undefined
  const scaled = new Promise<void>((resolve, reject) => {
    watch
      .watch(
        `/apis/apps/v1/namespaces/${namespace}/deployments`,
        { fieldSelector: `metadata.name=${name}` },
        (type: string, object: k8s.V1Deployment) => {
          told.push(type)
          if (object.spec?.replicas === 4 && object.status?.readyReplicas === 4) resolve()
        },
        () => undefined,
      )
      .then((controller) => {
        stop = () => controller.abort()
        return apps.patchNamespacedDeployment({ name, namespace, body: { spec: { replicas: 4 } } }, strategic)
      })
      .catch(reject)
  })
  await scaled
  stop?.()
  expect(told[0]).toBe('ADDED')
  expect(told).toContain('MODIFIED')
})

test('errors are the server’s Status: conflict, missing, forbidden, unauthorized', async () => {
  const { apps } = await cluster()
  const stale = { metadata: { resourceVersion: '1' }, spec: { replicas: 2 } }
  await expect(
    apps.patchNamespacedDeployment({ name, namespace, body: stale }, strategic),
  ).rejects.toMatchObject({
    code: 409,
    body: expect.stringContaining('"reason":"Conflict"'),
  })
  await expect(apps.readNamespacedDeployment({ name: 'nobody', namespace })).rejects.toMatchObject({
    code: 404,
  })
  const reader = await cluster([], 'simulated-kubernetes-reader')
  await expect(
    reader.apps.patchNamespacedDeployment({ name, namespace, body: { spec: { replicas: 2 } } }, strategic),
  ).rejects.toMatchObject({ code: 403 })
  const stranger = await cluster([], 'nobody-knows-this')
  await expect(stranger.apps.listNamespacedDeployment({ namespace })).rejects.toMatchObject({ code: 401 })
})
