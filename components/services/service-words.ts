const KINDS: Readonly<Record<string, string>> = {
  integration: 'our integration',
  app: 'app',
  llama: 'llama.cpp server',
  whisper: 'Whisper server',
  vllm: 'vLLM server',
  minio: 'object store',
  http: 'endpoint',
}

/** kindWords names a kind of service; an unknown kind names itself. */
export function kindWords(kind: string): string {
  return KINDS[kind] ?? kind
}

/** serviceRunbook gives what to do, in order, for a service in this state; empty when nothing is owed. */
export function serviceRunbook(service: {
  readonly kind: string
  readonly state: string
  readonly action?: string
}): readonly string[] {
  const first = service.action === undefined ? [] : [service.action]
  switch (service.state) {
    case 'down':
    case 'unhealthy':
      return [...first, ...restartSteps(service.kind)]
    case 'refusing':
      return [
        ...first,
        'See that the key of this service is set where it runs, without printing it, and whether it was rotated.',
      ]
    case 'degraded':
      return [...first, 'Look at the named part that is not clear: the service itself answers.']
    case 'unknown':
    case 'missing':
      return [...first, 'Call the endpoint from another network before you restart anything.']
    default:
      return first
  }
}

function restartSteps(kind: string): readonly string[] {
  if (kind === 'integration' || kind === 'app') {
    return [
      'Read the last errors of its log, five minutes back.',
      'Compare with the last change: if it began within an hour of one, roll back first.',
      'Look at pods or machines, memory and network; then restart it.',
    ]
  }
  return [
    'On the instance, look at the services and restart what stands still: /workspace/start_remote.sh --status, then --restart.',
    'See that the model files are there and read the last lines of its log under /var/log.',
  ]
}
