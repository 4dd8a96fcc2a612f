import type { ResourceName } from './model'

export type Resource = {
  readonly name: string
  readonly singular: string
  readonly kind: string
  readonly group: string
  readonly version: string
  readonly namespaced: boolean
  readonly verbs: readonly string[]
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  /** Under which name its objects are stored; resources that are computed have none. */
  readonly stored?: ResourceName
  readonly subresources?: readonly Subresource[]
}

type Subresource = {
  readonly name: string
  readonly kind: string
  readonly group: string
  readonly version: string
  readonly verbs: readonly string[]
}

const READ = ['get', 'list', 'watch'] as const
const WRITE = ['create', 'delete', 'patch', 'update'] as const

export const RESOURCES: readonly Resource[] = [
  {
    name: 'namespaces',
    singular: 'namespace',
    kind: 'Namespace',
    group: '',
    version: 'v1',
    namespaced: false,
    verbs: READ,
    shortNames: ['ns'],
    stored: 'namespaces',
  },
  {
    name: 'nodes',
    singular: 'node',
    kind: 'Node',
    group: '',
    version: 'v1',
    namespaced: false,
    verbs: READ,
    shortNames: ['no'],
    stored: 'nodes',
  },
  {
    name: 'pods',
    singular: 'pod',
    kind: 'Pod',
    group: '',
    version: 'v1',
    namespaced: true,
    verbs: [...READ, 'delete'],
    shortNames: ['po'],
    categories: ['all'],
    stored: 'pods',
    subresources: [{ name: 'log', kind: 'Pod', group: '', version: 'v1', verbs: ['get'] }],
  },
  {
    name: 'events',
    singular: 'event',
    kind: 'Event',
    group: '',
    version: 'v1',
    namespaced: true,
    verbs: READ,
    shortNames: ['ev'],
    stored: 'events',
  },
  {
    name: 'secrets',
    singular: 'secret',
    kind: 'Secret',
    group: '',
    version: 'v1',
    namespaced: true,
    verbs: [...READ, ...WRITE],
    stored: 'secrets',
  },
  {
    name: 'deployments',
    singular: 'deployment',
    kind: 'Deployment',
    group: 'apps',
    version: 'v1',
    namespaced: true,
    verbs: [...READ, 'patch', 'update'],
    shortNames: ['deploy'],
    categories: ['all'],
    stored: 'deployments',
    subresources: [
      {
        name: 'scale',
        kind: 'Scale',
        group: 'autoscaling',
        version: 'v1',
        verbs: ['get', 'patch', 'update'],
      },
    ],
  },
  {
    name: 'replicasets',
    singular: 'replicaset',
    kind: 'ReplicaSet',
    group: 'apps',
    version: 'v1',
    namespaced: true,
    verbs: READ,
    shortNames: ['rs'],
    categories: ['all'],
    stored: 'replicasets',
  },
  {
    name: 'httproutes',
    singular: 'httproute',
    kind: 'HTTPRoute',
    group: 'gateway.networking.k8s.io',
    version: 'v1',
    namespaced: true,
    verbs: [...READ, 'patch', 'update'],
    stored: 'httproutes',
  },
  {
    name: 'ingresses',
    singular: 'ingress',
    kind: 'Ingress',
    group: 'networking.k8s.io',
    version: 'v1',
    namespaced: true,
    verbs: [...READ, 'patch', 'update'],
    shortNames: ['ing'],
    stored: 'ingresses',
  },
  {
    name: 'selfsubjectaccessreviews',
    singular: 'selfsubjectaccessreview',
    kind: 'SelfSubjectAccessReview',
    group: 'authorization.k8s.io',
    version: 'v1',
    namespaced: false,
    verbs: ['create'],
  },
  {
    name: 'pods',
    singular: 'pod',
    kind: 'PodMetrics',
    group: 'metrics.k8s.io',
    version: 'v1beta1',
    namespaced: true,
    verbs: ['get', 'list'],
  },
]

const GROUP_NAMES = [
  'apps',
  'authorization.k8s.io',
  'gateway.networking.k8s.io',
  'metrics.k8s.io',
  'networking.k8s.io',
] as const

export function resourceOf(group: string, version: string, name: string): Resource | undefined {
  return RESOURCES.find((one) => one.group === group && one.version === version && one.name === name)
}

export function groupVersion({ group, version }: Pick<Resource, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`
}

const VERSION = {
  major: '1',
  minor: '32',
  gitVersion: 'v1.32.4',
  gitCommit: '59526cd4867447956156ae3a602fcbac10a2c335',
  gitTreeState: 'clean',
  buildDate: '2025-04-22T15:51:32Z',
  goVersion: 'go1.23.6',
  compiler: 'gc',
  platform: 'linux/amd64',
}

type Document = { readonly type: string; readonly body: unknown }

/** The server's description of itself, in the old form or in the aggregated one that newer clients ask for. */
export function discovery(path: string, accept: string): Document | undefined {
  const plain = (body: unknown): Document => ({ type: 'application/json', body })
  const aggregated = /g=apidiscovery\.k8s\.io;v=(v2beta1|v2);as=APIGroupDiscoveryList/.exec(accept)?.[1]
  switch (path) {
    case '/version':
      return plain(VERSION)
    case '/api':
      if (aggregated !== undefined) return aggregate(aggregated, [''])
      return plain({
        kind: 'APIVersions',
        apiVersion: 'v1',
        versions: ['v1'],
        serverAddressByClientCIDRs: [],
      })
    case '/apis':
      if (aggregated !== undefined) return aggregate(aggregated, GROUP_NAMES)
      return plain({ kind: 'APIGroupList', apiVersion: 'v1', groups: GROUP_NAMES.map(apiGroup) })
    default:
      return resourceDocument(path)
  }
}

function versionOfGroup(group: string): string {
  return RESOURCES.find((one) => one.group === group)?.version ?? 'v1'
}

function apiGroup(name: string) {
  const version = versionOfGroup(name)
  const entry = { groupVersion: `${name}/${version}`, version }
  return { name, versions: [entry], preferredVersion: entry }
}

function resourceDocument(path: string): Document | undefined {
  const match = /^(?:\/api\/(v1)|\/apis\/([^/]+)(?:\/([^/]+))?)$/.exec(path)
  if (match === null) return undefined
  const group = match[2] ?? ''
  const version = match[1] ?? match[3]
  if (version === undefined)
    return GROUP_NAMES.some((name) => name === group)
      ? { type: 'application/json', body: { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group) } }
      : undefined
  const members = RESOURCES.filter((one) => one.group === group && one.version === version)
  if (members.length === 0) return undefined
  const body = {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: groupVersion({ group, version }),
    resources: members.flatMap((one) => [
      {
        name: one.name,
        singularName: one.singular,
        namespaced: one.namespaced,
        kind: one.kind,
        verbs: one.verbs,
        ...(one.shortNames ? { shortNames: one.shortNames } : {}),
        ...(one.categories ? { categories: one.categories } : {}),
      },
      ...(one.subresources ?? []).map((sub) => ({
        name: `${one.name}/${sub.name}`,
        singularName: '',
        namespaced: one.namespaced,
        kind: sub.kind,
        verbs: sub.verbs,
        ...(sub.group === group ? {} : { group: sub.group, version: sub.version }),
      })),
    ]),
  }
  return { type: 'application/json', body }
}

function aggregate(version: string, groups: readonly string[]): Document {
  const body = {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map((group) => ({
      metadata: { ...(group === '' ? {} : { name: group }), creationTimestamp: null },
      versions: [
        {
          version: versionOfGroup(group),
          freshness: 'Current',
          resources: RESOURCES.filter((one) => one.group === group).map(aggregatedResource),
        },
      ],
    })),
  }
  return { type: `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`, body }
}

function aggregatedResource(one: Resource) {
  return {
    resource: one.name,
    responseKind: { group: one.group, version: one.version, kind: one.kind },
    scope: one.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: one.singular,
    verbs: one.verbs,
    ...(one.shortNames ? { shortNames: one.shortNames } : {}),
    ...(one.categories ? { categories: one.categories } : {}),
    ...(one.subresources
      ? {
          subresources: one.subresources.map((sub) => ({
            subresource: sub.name,
            responseKind: { group: sub.group, version: sub.version, kind: sub.kind },
            verbs: sub.verbs,
          })),
        }
      : {}),
  }
}
