import type { Scenario } from '../scenario'
import type { EventOf, TimelineEvent } from '../scenario-events'
import type { BadRevision } from './fates'
import { base64, plantSecret } from './initial'
import type { Deployment, KubeObject, ResourceName } from './model'
import { KEY_VARIABLE } from './pod-run'
import { withRollout } from './template-edit'

/** What a scenario may do to the cluster at one instant. */
export type Script = {
  readonly scenario: Scenario
  readonly main: string
  readonly startMs: number
  readonly stamp: string
  deployment(name: string): Deployment | undefined
  secret(name: string): KubeObject | undefined
  removeSecret(name: string): void
  write(resource: ResourceName, object: KubeObject, manager?: string): void
  markBad(deployment: Deployment, event: BadRevision): void
}

/** Does what an event does once, as it begins; what it does while it lasts is the fate of pods. */
export function carryOut(event: TimelineEvent, script: Script): void {
  const name = ('deployment' in event ? event.deployment : undefined) ?? script.main
  const found = script.deployment(name)
  switch (event.event) {
    case 'secret-rotated':
      touchSecret(event.name, script)
      return
    case 'change':
      rollChange(event, script)
      return
    case 'secret':
      spoilSecret(event.state, script)
      if (event.restart && found) restart(found, script)
      return
    case 'pods':
      if (found && event.replicas !== undefined)
        script.write('deployments', edited(found, { ...found.spec, replicas: event.replicas }))
      return
    case 'rollout':
      if (found) rollOut(found, event, script)
      return
  }
}

function rollOut(found: Deployment, event: EventOf<'rollout'>, script: Script): void {
  const next = withRollout(found, event, script.stamp)
  if (event.bad !== undefined) script.markBad(next, event)
  script.write('deployments', next)
}

/** A rotation that is only recorded still shows as a secret that somebody wrote. */
function touchSecret(name: string, script: Script): void {
  const found = script.secret(name)
  if (found === undefined) return
  const annotations = { ...found.metadata.annotations, 'example.com/rotated-at': script.stamp }
  script.write('secrets', { ...found, metadata: { ...found.metadata, annotations } }, 'rotation')
}

function rollChange({ kind, subject, version, by }: EventOf<'change'>, script: Script): void {
  const found = kind === 'deployment' || kind === 'promotion' ? script.deployment(subject) : undefined
  if (found === undefined) return
  const cause = `${kind}${version === undefined ? '' : ` of ${version}`}${by === undefined ? '' : ` by ${by}`}`
  rollOut(found, { event: 'rollout', at: 0, cause, status: 500, share: 0 }, script)
}

function restart(found: Deployment, { stamp, write }: Script): void {
  const { template } = found.spec
  const annotations = { ...template.metadata?.annotations, 'kubectl.kubernetes.io/restartedAt': stamp }
  const next = { ...template, metadata: { ...template.metadata, annotations } }
  write('deployments', edited(found, { ...found.spec, template: next }))
}

function spoilSecret(state: 'missing' | 'wrong', script: Script): void {
  const { secret } = script.scenario.world.kubernetes
  const found = script.secret(secret)
  if (state === 'missing') script.removeSecret(secret)
  else if (found !== undefined)
    script.write('secrets', { ...found, data: { [KEY_VARIABLE]: base64('simulated-key-of-last-month') } })
}

export function mendSecret({ scenario, startMs, write }: Script): void {
  write('secrets', plantSecret(scenario, startMs))
}

/** A deployment with another specification has another generation. */
export function edited(deployment: Deployment, spec: Deployment['spec']): Deployment {
  const generation = (deployment.metadata.generation ?? 1) + 1
  return { ...deployment, metadata: { ...deployment.metadata, generation }, spec }
}
