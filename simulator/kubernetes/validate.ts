import { asDeployment, type Deployment, isFields, type KubeObject } from './model'
import { matchesLabels } from './selectors'
import { badRequest, type Cause, invalid } from './status'

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const ENV_NAME = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/
const DATA_KEY = /^[-._a-zA-Z0-9]+$/
const QUANTITY = /^\d+(\.\d+)?(m|k|M|G|Ki|Mi|Gi)?$/

const required = (field: string): Cause => ({
  reason: 'FieldValueRequired',
  message: 'Required value',
  field,
})
const bad = (field: string, value: unknown, why: string): Cause => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
  field,
})

/** Refuses what the real server would refuse: first the wrong types (400), then the wrong values (422, by field). */
export function checkedDeployment(next: KubeObject, before: Deployment): Deployment {
  checkTypes(next)
  const { name } = before.metadata
  const causes = [...specCauses(next, before), ...templateCauses(next)]
  if (causes.length > 0) throw invalid('Deployment', { resource: 'deployments', group: 'apps', name }, causes)
  return asDeployment(next)
}

function checkTypes({ spec }: KubeObject): void {
  const wrong = (path: string, value: unknown, type: string): Error =>
    badRequest(
      `Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal ${typeName(value)} into Go struct field ${path} of type ${type}`,
    )
  if (!isFields(spec)) throw wrong('Deployment.spec', spec, 'v1.DeploymentSpec')
  if (typeof spec.replicas !== 'number' || !Number.isInteger(spec.replicas))
    throw wrong('DeploymentSpec.spec.replicas', spec.replicas, 'int32')
  if (spec.paused !== undefined && typeof spec.paused !== 'boolean')
    throw wrong('DeploymentSpec.spec.paused', spec.paused, 'bool')
  if (!isFields(spec.template) || !isFields(spec.template.spec))
    throw wrong('DeploymentSpec.spec.template', spec.template, 'v1.PodTemplateSpec')
  const { containers } = spec.template.spec
  if (containers !== undefined && !Array.isArray(containers))
    throw wrong('PodSpec.spec.template.spec.containers', containers, '[]v1.Container')
  for (const container of Array.isArray(containers) ? containers : []) {
    if (!isFields(container)) throw wrong('PodSpec.spec.template.spec.containers', container, 'v1.Container')
    checkEnvTypes(container.env, wrong)
  }
}

function checkEnvTypes(env: unknown, wrong: (path: string, value: unknown, type: string) => Error): void {
  if (env === undefined) return
  if (!Array.isArray(env)) throw wrong('Container.env', env, '[]v1.EnvVar')
  for (const entry of env) {
    if (!isFields(entry)) throw wrong('Container.env', entry, 'v1.EnvVar')
    if (entry.value !== undefined && typeof entry.value !== 'string')
      throw wrong('EnvVar.spec.template.spec.containers.env.value', entry.value, 'string')
  }
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return value === null ? 'null' : typeof value === 'boolean' ? 'bool' : typeof value
}

function specCauses(next: KubeObject, before: Deployment): Cause[] {
  const deployment = asDeployment(next)
  const { replicas, selector, template, revisionHistoryLimit } = deployment.spec
  const causes: Cause[] = []
  if (replicas < 0) causes.push(bad('spec.replicas', replicas, 'must be greater than or equal to 0'))
  if (revisionHistoryLimit < 0)
    causes.push(bad('spec.revisionHistoryLimit', revisionHistoryLimit, 'must be greater than or equal to 0'))
  if (!matchesLabels(selector?.matchLabels, template.metadata?.labels))
    causes.push(
      bad(
        'spec.template.metadata.labels',
        template.metadata?.labels,
        '`selector` does not match template `labels`',
      ),
    )
  if (JSON.stringify(selector) !== JSON.stringify(before.spec.selector))
    causes.push(bad('spec.selector', selector, 'field is immutable'))
  return causes
}

function templateCauses(next: KubeObject): Cause[] {
  const { containers } = asDeployment(next).spec.template.spec
  const path = 'spec.template.spec.containers'
  if (!Array.isArray(containers) || containers.length === 0) return [required(path)]
  return containers.filter(isFields).flatMap((container, index) => {
    const at = `${path}[${index}]`
    const causes: Cause[] = []
    if (typeof container.name !== 'string' || container.name === '') causes.push(required(`${at}.name`))
    else if (!NAME.test(container.name) || container.name.length > 63)
      causes.push(
        bad(
          `${at}.name`,
          container.name,
          "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-'",
        ),
      )
    if (typeof container.image !== 'string' || container.image === '') causes.push(required(`${at}.image`))
    else if (container.image !== container.image.trim())
      causes.push(bad(`${at}.image`, container.image, 'must not have leading or trailing whitespace'))
    return [...causes, ...envCauses(container.env, at), ...limitCauses(container.resources, at)]
  })
}

function envCauses(env: unknown, at: string): Cause[] {
  if (!Array.isArray(env)) return []
  return env.filter(isFields).flatMap(({ name, value, valueFrom }, index) => {
    const path = `${at}.env[${index}]`
    if (typeof name !== 'string' || name === '') return [required(`${path}.name`)]
    if (!ENV_NAME.test(name))
      return [
        bad(
          `${path}.name`,
          name,
          "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.'",
        ),
      ]
    if (value !== undefined && value !== '' && valueFrom !== undefined)
      return [bad(`${path}.valueFrom`, '', 'may not be specified when `value` is not empty')]
    return []
  })
}

function limitCauses(resources: unknown, at: string): Cause[] {
  const limits = isFields(resources) && isFields(resources.limits) ? resources.limits : {}
  return Object.entries(limits)
    .filter(([, value]) => typeof value !== 'string' || !QUANTITY.test(value))
    .map(([name, value]) => bad(`${at}.resources.limits[${name}]`, value, 'must be a quantity'))
}

/** Folds `stringData` into `data` and refuses keys and values that a secret can't hold. */
export function checkedSecret(next: KubeObject): KubeObject {
  const { stringData, ...secret } = next
  const data: Record<string, unknown> = { ...(isFields(secret.data) ? secret.data : {}) }
  for (const [key, value] of Object.entries(isFields(stringData) ? stringData : {}))
    data[key] = Buffer.from(String(value), 'utf8').toString('base64')
  const subject = { resource: 'secrets', group: '', name: next.metadata.name }
  const causes = Object.keys(data)
    .filter((key) => !DATA_KEY.test(key) || key.length > 253)
    .map((key) =>
      bad(`data[${key}]`, key, "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"),
    )
  if (causes.length > 0) throw invalid('Secret', subject, causes)
  for (const value of Object.values(data)) {
    if (
      typeof value !== 'string' ||
      !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)
    )
      throw badRequest(
        'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 0',
      )
  }
  return { ...secret, type: typeof secret.type === 'string' ? secret.type : 'Opaque', data }
}

export function checkedName(name: unknown, kind: string, resource: string): string {
  if (typeof name === 'string' && NAME.test(name) && name.length <= 253) return name
  const subject = { resource, group: '', name: String(name ?? '') }
  throw invalid(kind, subject, [
    bad(
      'metadata.name',
      name,
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'",
    ),
  ])
}
