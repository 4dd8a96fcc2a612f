import type { EventOf } from '../scenario-events'
import { CHANGE_CAUSE, type Container, type Deployment, type EnvVar } from './model'

/** The deployment as a scenario's rollout leaves it. */
export function withRollout(deployment: Deployment, event: EventOf<'rollout'>, stamp: string): Deployment {
  const { template } = deployment.spec
  const [first, ...others] = template.spec.containers
  const changed: Container | undefined = first && {
    ...first,
    ...(event.image === undefined ? {} : { image: event.image }),
    ...(event.env === undefined ? {} : { env: envWith(first.env ?? [], event.env) }),
    ...(event.memoryMib === undefined
      ? {}
      : {
          resources: {
            ...first.resources,
            limits: { ...first.resources?.limits, memory: `${event.memoryMib}Mi` },
          },
        }),
  }
  const cause = event.cause ?? `rolled out by ${event.by ?? 'the pipeline'}`
  const generation = (deployment.metadata.generation ?? 1) + 1
  return {
    ...deployment,
    metadata: {
      ...deployment.metadata,
      generation,
      annotations: { ...deployment.metadata.annotations, [CHANGE_CAUSE]: cause },
    },
    spec: {
      ...deployment.spec,
      template: {
        metadata: {
          ...template.metadata,
          annotations: { ...template.metadata?.annotations, 'example.com/rolled-out-at': stamp },
        },
        spec: { ...template.spec, containers: changed === undefined ? others : [changed, ...others] },
      },
    },
  }
}

function envWith(env: readonly EnvVar[], change: Readonly<Record<string, string | null>>): readonly EnvVar[] {
  const kept = env.filter((entry) => change[entry.name] === undefined)
  const added = Object.entries(change).flatMap(([name, value]) => (value === null ? [] : [{ name, value }]))
  return [...kept, ...added]
}
