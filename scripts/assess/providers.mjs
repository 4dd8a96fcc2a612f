import { readFileSync } from 'node:fs'

/**
 * PROVIDERS is what gives each provider away: packages by registry, Python modules, hosts, the beginnings of the names of
 * environment variables, programs, images and files that belong to it alone.
 */
export const PROVIDERS = [
  {
    id: 'vast',
    name: 'Vast.ai',
    npm: ['vastai', 'vast-ai', '@vastai/sdk'],
    pypi: ['vastai', 'vastai-sdk'],
    modules: ['vastai', 'vastai_sdk'],
    hosts: ['console.vast.ai', 'cloud.vast.ai', 'api.vast.ai', 'run.vast.ai'],
    variables: ['VAST_', 'VASTAI_'],
    programs: ['vastai'],
    images: ['vastai/', 'docker.io/vastai/', 'ghcr.io/vast-ai/'],
    files: [],
  },
  {
    id: 'runpod',
    name: 'RunPod',
    npm: ['runpod-sdk', '@runpod/sdk'],
    pypi: ['runpod'],
    modules: ['runpod'],
    hosts: ['api.runpod.io', 'api.runpod.ai', 'rest.runpod.io'],
    variables: ['RUNPOD_'],
    programs: ['runpodctl'],
    images: ['runpod/', 'docker.io/runpod/'],
    files: [],
  },
  {
    id: 'lambda',
    name: 'Lambda Cloud',
    npm: [],
    pypi: ['lambda-cloud-client'],
    modules: ['lambda_cloud_client'],
    hosts: ['cloud.lambdalabs.com', 'cloud.lambda.ai'],
    variables: ['LAMBDA_CLOUD_', 'LAMBDA_LABS_'],
    programs: [],
    images: [],
    files: [],
  },
  {
    id: 'fly',
    name: 'Fly.io',
    npm: ['fly-machines', 'fly-admin'],
    pypi: [],
    modules: [],
    hosts: ['api.machines.dev', 'api.fly.io', '_api.internal:4280'],
    variables: ['FLY_'],
    programs: ['flyctl'],
    images: ['flyio/', 'registry.fly.io/'],
    files: ['fly.toml'],
  },
  {
    id: 'modal',
    name: 'Modal',
    npm: ['modal'],
    pypi: ['modal'],
    modules: ['modal'],
    hosts: ['api.modal.com'],
    variables: ['MODAL_TOKEN_', 'MODAL_'],
    programs: [],
    images: [],
    files: [],
  },
  {
    id: 'replicate',
    name: 'Replicate',
    npm: ['replicate'],
    pypi: ['replicate'],
    modules: ['replicate'],
    hosts: ['api.replicate.com'],
    variables: ['REPLICATE_'],
    programs: [],
    images: ['r8.im/'],
    files: ['cog.yaml'],
  },
]

const LISTS = ['npm', 'pypi', 'modules', 'hosts', 'variables', 'programs', 'images', 'files']

/** providerFrom reads a provider of one's own from a JSON file; throws with what is wrong in it. */
export function providerFrom(path) {
  const read = JSON.parse(readFileSync(path, 'utf8'))
  if (typeof read.id !== 'string' || !/^[a-z][a-z0-9-]{1,30}$/.test(read.id))
    throw new Error(`${path}: id must be small letters, digits and dashes`)
  for (const list of LISTS) {
    const value = read[list] ?? []
    if (!Array.isArray(value) || value.some((one) => typeof one !== 'string' || one === ''))
      throw new Error(`${path}: ${list} must be a list of texts`)
    read[list] = value
  }
  return { name: read.id, ...read }
}

/** chosenProviders gives those named (an id, or a path of a JSON file); all of them when none is named. */
export function chosenProviders(names) {
  if (names.length === 0) return PROVIDERS
  return names.map((name) => {
    if (name.endsWith('.json')) return providerFrom(name)
    const found = PROVIDERS.find(({ id }) => id === name)
    if (!found)
      throw new Error(
        `There is no provider ${name}. Known: ${PROVIDERS.map(({ id }) => id).join(', ')}, or a JSON file.`,
      )
    return found
  })
}
