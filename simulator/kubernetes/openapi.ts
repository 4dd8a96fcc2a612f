import { RESOURCES } from './resources'

type Document = { readonly type: string; readonly body: unknown }

const JSON_TYPE = 'application/json'
const PREFIX = '/openapi/v3'

/** What clients look up before they write: which kinds there are, and that every write can be tried with dryRun. */
export function openapi(path: string): Document | undefined {
  if (path === PREFIX) {
    const entries = versions().map((one) => [one, { serverRelativeURL: `${PREFIX}/${one}?hash=1` }])
    return { type: JSON_TYPE, body: { paths: Object.fromEntries(entries) } }
  }
  const version = versions().find((one) => path === `${PREFIX}/${one}`)
  if (version !== undefined) return { type: JSON_TYPE, body: documentOf(version) }
  return undefined
}

function versions(): string[] {
  return [...new Set(RESOURCES.map(prefixOf))]
}

function prefixOf({ group, version }: { readonly group: string; readonly version: string }): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`
}

function documentOf(prefix: string) {
  const members = RESOURCES.filter((one) => prefixOf(one) === prefix)
  const parameter = (name: string) => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } })
  const paths = members.map((one) => {
    const scope = one.namespaced ? 'namespaces/{namespace}/' : ''
    const kind = { group: one.group, version: one.version, kind: one.kind }
    const operation = (action: string) => ({
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': kind,
      parameters: ['dryRun', 'fieldManager', 'fieldValidation'].map(parameter),
      responses: { 200: { description: 'OK' } },
    })
    return [
      `/${prefix}/${scope}${one.name}/{name}`,
      { get: operation('get'), patch: operation('patch'), put: operation('put') },
    ]
  })
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.32.4' },
    paths: Object.fromEntries(paths),
    components: {
      schemas: Object.fromEntries(
        members.map((one) => [
          `${one.group === '' ? 'core' : one.group}.${one.version}.${one.kind}`,
          {
            type: 'object',
            'x-kubernetes-group-version-kind': [{ group: one.group, kind: one.kind, version: one.version }],
          },
        ]),
      ),
    },
  }
}
