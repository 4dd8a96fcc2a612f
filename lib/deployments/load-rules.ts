import type { Console } from '../console'
import { SERVICES_KIND, WINDOWS_POLICY_KIND } from '../runbooks/kinds'
import { contentHash, entriesOf, type Runbooks } from '../runbooks/load'
import { lookAtRunbooks } from '../runbooks/load-shelf'
import type { ServiceDefinition } from './model'
import { DEFAULT_WINDOWS_POLICY, type WindowsPolicy } from './policy-windows'

/** DeployRules are the definitions of services and the policy of windows of one good reading of the runbooks. */
export type DeployRules = {
  readonly services: ReadonlyMap<string, ServiceDefinition>
  readonly windows: WindowsPolicy
  readonly windowsHash: string
  /** versionOf is the hash of a service's definition with the windows that count: it is part of what people approve. */
  readonly versionOf: (service: string) => string
}

const rulesOf = new WeakMap<Runbooks, DeployRules>()

/** loadDeployRules gives the rules as they count now; while a runbook has a fault, those of the last good ones. */
export async function loadDeployRules(console: Console, now: Date): Promise<DeployRules> {
  const runbooks = (await lookAtRunbooks(console, now)).current()
  const known = rulesOf.get(runbooks)
  if (known) return known
  const services = new Map(entriesOf(runbooks, SERVICES_KIND).map(({ value }) => [value.id, value]))
  const windows = entriesOf(runbooks, WINDOWS_POLICY_KIND)[0]?.value ?? DEFAULT_WINDOWS_POLICY
  const versions = new Map([...services].map(([id, value]) => [id, contentHash({ value, windows })]))
  const rules: DeployRules = {
    services,
    windows,
    windowsHash: contentHash(windows),
    versionOf: (service) => versions.get(service) ?? contentHash(windows),
  }
  rulesOf.set(runbooks, rules)
  return rules
}
