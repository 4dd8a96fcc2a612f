import { type Fields, isFields } from './model'

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

const DEPLOYMENT_SPEC = words(
  'replicas selector template strategy minReadySeconds revisionHistoryLimit paused progressDeadlineSeconds',
)
const POD_SPEC = words(
  'containers initContainers ephemeralContainers volumes restartPolicy terminationGracePeriodSeconds ' +
    'activeDeadlineSeconds dnsPolicy nodeSelector serviceAccountName serviceAccount automountServiceAccountToken ' +
    'nodeName hostNetwork hostPID hostIPC shareProcessNamespace securityContext imagePullSecrets hostname subdomain ' +
    'affinity schedulerName tolerations hostAliases priorityClassName priority dnsConfig readinessGates ' +
    'runtimeClassName enableServiceLinks preemptionPolicy overhead topologySpreadConstraints setHostnameAsFQDN os ' +
    'hostUsers schedulingGates resourceClaims resources',
)
const CONTAINER = words(
  'name image command args workingDir ports envFrom env resources resizePolicy restartPolicy volumeMounts ' +
    'volumeDevices livenessProbe readinessProbe startupProbe lifecycle terminationMessagePath ' +
    'terminationMessagePolicy imagePullPolicy securityContext stdin stdinOnce tty',
)
const ENV = words('name value valueFrom')
const TEMPLATE = words('metadata spec')

type Found = { readonly kept: Fields; readonly unknown: readonly string[] }

/** Drops the fields that a deployment does not have and tells which they were; other kinds are left as they are. */
export function droppedFields(object: Fields): Found {
  if (!isFields(object.spec) || !isFields(object.spec.template)) return { kept: object, unknown: [] }
  const unknown: string[] = []
  const spec = only(object.spec, DEPLOYMENT_SPEC, 'spec', unknown)
  const template = only(object.spec.template, TEMPLATE, 'spec.template', unknown)
  const podSpec = isFields(template.spec)
    ? only(template.spec, POD_SPEC, 'spec.template.spec', unknown)
    : template.spec
  const containers = isFields(podSpec) ? podSpec.containers : undefined
  const kept = Array.isArray(containers)
    ? containers.map((container, index) =>
        knownContainer(container, `spec.template.spec.containers[${index}]`, unknown),
      )
    : containers
  const cleaned = isFields(podSpec) && containers !== undefined ? { ...podSpec, containers: kept } : podSpec
  const whole = template.spec === undefined ? template : { ...template, spec: cleaned }
  return { kept: { ...object, spec: { ...spec, template: whole } }, unknown }
}

function knownContainer(container: unknown, path: string, unknown: string[]): unknown {
  if (!isFields(container)) return container
  const kept = only(container, CONTAINER, path, unknown)
  if (!Array.isArray(kept.env)) return kept
  const env = kept.env.map((entry, index) =>
    isFields(entry) ? only(entry, ENV, `${path}.env[${index}]`, unknown) : entry,
  )
  return { ...kept, env }
}

function only(fields: Fields, known: ReadonlySet<string>, path: string, unknown: string[]): Fields {
  for (const key of Object.keys(fields)) if (!known.has(key)) unknown.push(`${path}.${key}`)
  return Object.fromEntries(Object.entries(fields).filter(([key]) => known.has(key)))
}
