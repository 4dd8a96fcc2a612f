import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { ENV_NAMES } from '@/lib/platform/env'

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const dockerfile = read('./Dockerfile')
const serviceSchema = z.object({
  build: z.object({ target: z.string(), dockerfile: z.string(), context: z.string() }).optional(),
  environment: z.record(z.string(), z.string()),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
  image: z.string().optional(),
})
const compose = z
  .object({ services: z.record(z.string(), serviceSchema) })
  .parse(parse(read('./compose.yaml'), { merge: true }))
const built = Object.entries(compose.services).filter(([, service]) => service.build)

function stages(): Map<string, string> {
  const parts = dockerfile.split(/^FROM /m).slice(1)
  return new Map(parts.map((part) => [/ AS (\S+)/.exec(part)?.[1] ?? '', part]))
}

test.each(['web', 'worker', 'migrate'])('the image %s runs as a numbered, unprivileged user', (name) => {
  const user = /^USER (\d+):(\d+)$/m.exec(stages().get(name) ?? '')
  expect(Number(user?.[1])).toBeGreaterThan(0)
  expect(Number(user?.[2])).toBeGreaterThan(0)
})

test.each(['web', 'worker'])('the image %s says how it is, asked with node', (name) => {
  expect(stages().get(name)).toMatch(/^HEALTHCHECK .*CMD \["node", "healthcheck\.mjs", "(web|worker)"\]$/m)
})

test('every image that is not one of our own stages is pinned to an exact version', () => {
  const own = new Set(stages().keys())
  const foreign = [...dockerfile.matchAll(/^FROM (\S+)/gm)]
    .map((match) => match[1] ?? '')
    .filter((name) => !own.has(name))
  const images = [...foreign, ...Object.values(compose.services).flatMap(({ image }) => image ?? [])]
  expect(images.length).toBeGreaterThan(0)
  for (const image of images) expect(image).toMatch(/^[\w./-]+:\d+\.\d+(\.\d+)?-[\w-]+$/)
})

test('no secret is written down: each comes from the outside and is required', () => {
  const text = read('./compose.yaml') + dockerfile
  for (const name of ['NEXTAUTH_SECRET', 'WATCHFLOOR_KEY', 'POSTGRES_PASSWORD'])
    for (const [value] of text.matchAll(new RegExp(`${name}: .*`, 'g')))
      expect(value).toContain(`\${${name}:?`)
  expect(dockerfile).not.toMatch(/^(ENV|ARG) .*(SECRET|KEY|PASSWORD|TOKEN)/m)
})

test('what git ignores and what holds secrets stays out of the images', () => {
  const ignored = read('./Dockerfile.dockerignore').split('\n')
  expect(ignored).toEqual(expect.arrayContaining(['.git', '.watchfloor', '**/.env*', 'node_modules']))
})

test.each(built)('the service %s is hardened and built from a stage that exists', (_name, service) => {
  expect(service).toMatchObject({
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    build: { dockerfile: 'deploy/Dockerfile', context: '..' },
  })
  expect([...stages().keys()]).toContain(service.build?.target)
})

test.each(built)(
  'every variable of the service %s is one that the product reads',
  (_name, { environment }) => {
    expect(Object.keys(environment).filter((name) => !ENV_NAMES.includes(name))).toEqual([])
  },
)

test('web and worker start only when the migrations are through', () => {
  for (const name of ['web', 'worker'])
    expect(compose.services[name]?.depends_on).toEqual({
      migrate: { condition: 'service_completed_successfully' },
    })
})

test('the variables that the Dockerfile sets are known to the product, to Next, to libc or to the scripts', () => {
  const known = [
    ...ENV_NAMES,
    'NEXT_TELEMETRY_DISABLED',
    'CHECKPOINT_DISABLE',
    'HOSTNAME',
    'PORT',
    'WATCHFLOOR_STATE',
    'MALLOC_ARENA_MAX',
    'MALLOC_MMAP_THRESHOLD_',
    'MALLOC_TRIM_THRESHOLD_',
  ]
  const names = [...dockerfile.matchAll(/^ENV (.*)$/gm)].flatMap((line) =>
    [...(line[1] ?? '').matchAll(/(\w+)=/g)].map((match) => match[1] ?? ''),
  )
  expect(names.filter((name) => !known.includes(name))).toEqual([])
})
